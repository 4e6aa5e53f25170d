import { Worker } from 'node:worker_threads'
import { and, desc, getTableColumns, isNotNull, ne, sql } from 'drizzle-orm'
import { type Ctx, system } from '../../../platform/context.ts'
import { enqueue, type Job } from '../../../platform/queue.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { reasonModelTrained } from '../events.ts'
import { conversations } from '../tables.ts'
import type { Example, Tried } from './classifier.ts'
import type { Learnt } from './learning.ts'
import type { ReasonModelFacts } from './schemas.ts'
import { reasonModels } from './tables.ts'

const mostOfOwn = 5_000
const firstMessages = 3
const learnAfter = 50

export const askForTraining = (ctx: Ctx) => enqueue(ctx, trainReasons.name, {}, { key: trainReasons.name })

export const trainReasons: Job = {
  name: 'conversations.train-reasons',
  run: place => trainReasonModel(place),
}

/** Learns anew from all that was labelled, and keeps what came of it. */
export async function trainReasonModel(place: Workplace) {
  const own = await ownExamples(lookingContext(place, system))
  const { model, examples, triedOn, tried } = await learnInThread(own)
  await transact(place, system, async ctx => {
    const [row] = await ctx.db
      .insert(reasonModels)
      .values({
        trainedAt: ctx.now,
        examples,
        ownExamples: own.length,
        triedOn,
        tried: tried.length,
        correct: tried.filter(({ actual, predicted }) => actual === predicted).length,
        confusion: confusionOf(tried),
        model,
      })
      .returning({ id: reasonModels.id })
    await ctx.db.delete(reasonModels).where(ne(reasonModels.id, row!.id))
    ctx.emit(reasonModelTrained, { examples })
  })
}

/** A thread of its own: it takes seconds of a processor and sixty megabytes, and leaves nothing behind. */
function learnInThread(own: Example[]): Promise<Learnt> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./learning-thread.ts', import.meta.url), {
      workerData: own,
      execArgv: [],
    })
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('The training ended without a model.')))
  })
}

/** A new house learns at once, from the seeds. */
export async function trainFirst(ctx: Ctx) {
  const { rows } = await ctx.db.execute(sql`select 1 from reason_models limit 1`)
  if (rows.length === 0) await askForTraining(ctx)
}

/** Somebody said why a customer wrote; enough of that, and it is learnt from. */
export async function countLabel(ctx: Ctx) {
  const [model] = await ctx.db
    .update(reasonModels)
    .set({ labelsSince: sql`${reasonModels.labelsSince} + 1` })
    .returning({ labelsSince: reasonModels.labelsSince })
  if (model && model.labelsSince % learnAfter === 0) await askForTraining(ctx)
}

export async function findReasonModel(ctx: Ctx): Promise<ReasonModelFacts | null> {
  const { id: _, model: __, ...facts } = getTableColumns(reasonModels)
  const [row] = await ctx.db.select(facts).from(reasonModels).orderBy(newest).limit(1)
  if (!row) return null
  const { triedOn, tried, correct, ...rest } = row
  return { ...rest, accuracy: { triedOn, tried, correct, ...wilson(correct, tried) } }
}

export const newest = desc(reasonModels.trainedAt)

/** The subject and what the customer wrote first, in his own words. */
export const firstWords = sql<string>`concat_ws(' ', conversations.subject, (
  select string_agg(left(said.text, 4000), ' ' order by said.seq) from (
    select text, seq from messages where messages.conversation_id = conversations.id and kind = 'customer'
    order by seq limit ${sql.raw(String(firstMessages))}) as said))`

async function ownExamples(ctx: Ctx): Promise<Example[]> {
  const rows = await ctx.db
    .select({ text: firstWords, reason: conversations.reason })
    .from(conversations)
    .where(and(isNotNull(conversations.reason), ne(conversations.customerCount, 0)))
    .orderBy(desc(conversations.id))
    .limit(mostOfOwn)
  return rows.flatMap(({ text, reason }) => (text.trim() && reason ? [{ text, reason }] : []))
}

function confusionOf(tried: readonly Tried[]) {
  const counts = new Map<string, Tried & { count: number }>()
  for (const pair of tried) {
    const key = `${pair.actual} ${pair.predicted}`
    counts.set(key, { ...pair, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.actual < b.actual ? -1 : 1))
}

/** Wilson’s interval of 95 % for a share. */
function wilson(correct: number, tried: number) {
  if (tried === 0) return { share: 0, low: 0, high: 1 }
  const z2 = 1.96 ** 2
  const share = correct / tried
  const middle = (share + z2 / (2 * tried)) / (1 + z2 / tried)
  const half = (Math.sqrt((share * (1 - share)) / tried + z2 / (4 * tried ** 2)) * 1.96) / (1 + z2 / tried)
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
