import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq } from 'drizzle-orm'
import { type Actor, type Ctx, system } from '../../../platform/context.ts'
import { isDatabaseAway, Refusal } from '../../../platform/errors.ts'
import type { Worker } from '../../../platform/module.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { findActor } from '../../staff/staff.ts'
import { actOn } from '../acting.ts'
import { bulkJobChanged } from '../events.ts'
import { endBulkJob } from './bulk-jobs.ts'
import { bulkItems, bulkJobs } from './tables.ts'

type JobRow = typeof bulkJobs.$inferSelect
type ItemRow = typeof bulkItems.$inferSelect

/** Jobs take turns of so many items, and whoever started one is looked up again for each turn. */
const itemsPerTurn = 25
const looksEveryMs = 250
const tellsEveryMs = 500

/**
 * Does what waits, each item in a transaction of its own together with the mark that it is done: whoever is killed
 * in between leaves what can be taken up where it stands, by any process. No job of the queue, since one whose
 * process was killed is kept from the others for hours.
 */
export function startBulkWork(place: Workplace): Worker {
  let running: Promise<void> | null = null
  let isAsked = false
  let isEnding = false
  const ending = new AbortController()
  const toldAt = new Map<string, number>()

  async function look() {
    while (isAsked && !isEnding) {
      isAsked = false
      const jobs = await lookingContext(place, system)
        .db.select()
        .from(bulkJobs)
        .where(eq(bulkJobs.state, 'running'))
        .orderBy(asc(bulkJobs.id))
      for (const job of jobs) if (await takeTurn(job)) isAsked = true
    }
  }

  async function takeTurn(job: JobRow): Promise<boolean> {
    const starter = await findActor(lookingContext(place, system), job.startedBy)
    for (let n = 0; n < itemsPerTurn && !isEnding; n++) {
      if (await takeNext(place, job, starter)) continue
      await transact(place, system, ctx => endWhenDone(ctx, job))
      toldAt.delete(job.id)
      return false
    }
    if ((toldAt.get(job.id) ?? 0) + tellsEveryMs <= Date.now()) {
      toldAt.set(job.id, Date.now())
      await transact(place, system, async ctx =>
        ctx.emit(bulkJobChanged, { jobId: job.id, staffId: job.startedBy }),
      )
    }
    return true
  }

  return {
    wake() {
      isAsked = true
      running ??= look()
        .catch(error => place.log.warn({ err: error }, 'bulk work paused'))
        .then(() => sleep(looksEveryMs, undefined, { signal: ending.signal }).catch(() => {}))
        .finally(() => {
          running = null
        })
    },
    async stop() {
      isEnding = true
      ending.abort()
      await running
    },
  }
}

/** Does the next item that nobody else is at; false where there is none. */
async function takeNext(place: Workplace, job: JobRow, starter: Actor | null): Promise<boolean> {
  let at: number | null = null
  try {
    return await transact(place, starter ?? system, async ctx => {
      const item = await claimNext(ctx, job.id)
      if (!item) return false
      at = item.place
      if (!starter) await finish(ctx, item, { state: 'refused', code: 'actor_gone' })
      else await actOnItem(ctx, job, item)
      return true
    })
  } catch (error) {
    if (at === null || isDatabaseAway(error)) throw error
    // One that fails must not keep the others waiting for ever.
    if (!(error instanceof Refusal))
      place.log.error({ err: error, job: job.id }, 'an item of bulk work failed')
    const code = error instanceof Refusal ? error.code : 'internal_error'
    const isLeftToPeople = job.undoesId !== null && code === 'changed_meanwhile'
    await transact(place, system, ctx =>
      refuse(ctx, { jobId: job.id, place: at! }, { state: isLeftToPeople ? 'skipped' : 'refused', code }),
    )
    return true
  }
}

async function actOnItem(ctx: Ctx, job: JobRow, item: ItemRow) {
  const isUndoing = job.undoesId !== null
  const actions = isUndoing ? item.undo! : job.actions
  const { changed, undo, left } = await actOn(
    ctx,
    item.conversationId,
    { actions, ...(isUndoing && { left: item.left! }) },
    'many',
  )
  await finish(ctx, item, {
    state: changed ? 'done' : 'unchanged',
    ...(!isUndoing && { undo: undo && [...undo], left }),
  })
}

async function claimNext(ctx: Ctx, jobId: string): Promise<ItemRow | undefined> {
  const [item] = await ctx.db
    .select()
    .from(bulkItems)
    .where(and(eq(bulkItems.jobId, jobId), eq(bulkItems.state, 'waiting')))
    .orderBy(asc(bulkItems.place))
    .limit(1)
    .for('update', { skipLocked: true })
  return item
}

type Outcome = Partial<Pick<ItemRow, 'state' | 'code' | 'undo' | 'left'>>

const isItem = ({ jobId, place }: Pick<ItemRow, 'jobId' | 'place'>) =>
  and(eq(bulkItems.jobId, jobId), eq(bulkItems.place, place))

const finish = (ctx: Ctx, item: ItemRow, outcome: Outcome) =>
  ctx.db.update(bulkItems).set(outcome).where(isItem(item))

/** Its own transaction was undone, so somebody may have taken it up, or called it off, in between. */
const refuse = (ctx: Ctx, item: Pick<ItemRow, 'jobId' | 'place'>, outcome: Outcome) =>
  ctx.db
    .update(bulkItems)
    .set(outcome)
    .where(and(isItem(item), eq(bulkItems.state, 'waiting')))

async function endWhenDone(ctx: Ctx, { id }: JobRow) {
  const [job] = await ctx.db
    .select()
    .from(bulkJobs)
    .where(and(eq(bulkJobs.id, id), eq(bulkJobs.state, 'running')))
    .for('update', { skipLocked: true })
  const [left] = job
    ? await ctx.db
        .select({ place: bulkItems.place })
        .from(bulkItems)
        .where(and(eq(bulkItems.jobId, id), eq(bulkItems.state, 'waiting')))
        .limit(1)
    : []
  if (job && !left) await endBulkJob(ctx, job, 'done')
}
