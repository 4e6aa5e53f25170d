import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { checkCalls } from '../../../platform/actions.ts'
import { uuidv7 } from '../../../platform/columns.ts'
import { type Ctx, can } from '../../../platform/context.ts'
import { conflict, found, invalid } from '../../../platform/errors.ts'
import { customers } from '../../customers/tables.ts'
import { myself } from '../../staff/me.ts'
import { staff } from '../../staff/tables.ts'
import { inVisibleStores } from '../conversations.ts'
import { bulkJobChanged } from '../events.ts'
import { conversations } from '../tables.ts'
import { chosenBy } from '../views.ts'
import type { BulkItemFilter, BulkJob, NewBulkJob } from './schemas.ts'
import { bulkItemStates, bulkItems, bulkJobs } from './tables.ts'

/** More at once is a matter for an import. */
const mostAtOnce = 10_000

type JobRow = typeof bulkJobs.$inferSelect

/** Writes down what is to be done to which conversations; who comes into the view later is not among them. */
export async function startBulkJob(
  ctx: Ctx,
  { actions, conversationIds, filter }: NewBulkJob,
): Promise<BulkJob> {
  const startedBy = myself(ctx)
  checkCalls(ctx, 'conversation', actions, 'actions', 'many')
  const chosen = filter
    ? await chosenBy(ctx, filter)
    : and(inArray(conversations.id, conversationIds!), inVisibleStores(ctx))
  const id = uuidv7()
  await ctx.db.insert(bulkJobs).values({ id, startedBy, actions, createdAt: ctx.now })
  const { rowCount } = await ctx.db.execute(sql`
    insert into bulk_items (job_id, place, conversation_id)
    select ${id}::uuid, row_number() over (order by id), id
    from (select id from conversations where ${chosen} limit ${mostAtOnce + 1}) as chosen`)
  if (rowCount === 0) throw invalid('nothing_chosen', 'None of these conversations is there for you.')
  if (rowCount! > mostAtOnce)
    throw invalid('too_many_chosen', `At most ${mostAtOnce} conversations at once.`, { most: mostAtOnce })
  return begin(ctx, id, 'bulk_job.started')
}

/** Undoes what a job did, where nobody has changed it since; each job is undone once, within a day. */
export async function undoBulkJob(ctx: Ctx, id: string): Promise<BulkJob> {
  const job = await lockJob(ctx, id)
  const startedBy = myself(ctx)
  if (job.state === 'running') throw conflict('bulk_job_runs', 'It is still running; stop it first.')
  if (job.undoesId || !job.undoableUntil || job.undoableUntil <= ctx.now)
    throw conflict('undo_is_over', 'This can no longer be undone.')
  const undoingId = uuidv7()
  const [begun] = await ctx.db
    .insert(bulkJobs)
    .values({ id: undoingId, startedBy, actions: [], undoesId: id, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning({ id: bulkJobs.id })
  if (!begun) throw conflict('undone_already', 'This was undone already.')
  await ctx.db.execute(sql`
    insert into bulk_items (job_id, place, conversation_id, state, code, undo, "left")
    select ${undoingId}::uuid, place, conversation_id, case when undo is null then 'skipped' else 'waiting' end,
      case when undo is null then 'cannot_be_undone' end, undo, "left"
    from bulk_items where job_id = ${id} and state = 'done'`)
  return begin(ctx, undoingId, 'bulk_job.undone')
}

/** What is done stays done; the rest is left alone. */
export async function cancelBulkJob(ctx: Ctx, id: string): Promise<BulkJob> {
  const job = await lockJob(ctx, id)
  if (job.state !== 'running') throw conflict('bulk_job_ended', 'It has ended already.')
  await ctx.db
    .update(bulkItems)
    .set({ state: 'cancelled' })
    .where(and(eq(bulkItems.jobId, id), eq(bulkItems.state, 'waiting')))
  await endBulkJob(ctx, job, 'cancelled')
  ctx.audit('bulk_job.cancelled', `bulk_job:${id}`)
  return getBulkJob(ctx, id)
}

const day = 86_400_000

export async function endBulkJob(ctx: Ctx, { id, startedBy }: JobRow, state: 'done' | 'cancelled') {
  const undoableUntil = sql`case when undoes_id is null then ${new Date(ctx.now.getTime() + day)}::timestamptz end`
  await ctx.db.update(bulkJobs).set({ state, endedAt: ctx.now, undoableUntil }).where(eq(bulkJobs.id, id))
  ctx.emit(bulkJobChanged, { jobId: id, staffId: startedBy })
}

/** One's own, and for who manages the inbox everybody's; the newest first. */
export async function listBulkJobs(ctx: Ctx): Promise<BulkJob[]> {
  const rows = await select(ctx).where(visibleTo(ctx)).orderBy(desc(bulkJobs.id)).limit(20)
  return present(ctx, rows)
}

export async function getBulkJob(ctx: Ctx, id: string): Promise<BulkJob> {
  const rows = await select(ctx).where(and(eq(bulkJobs.id, id), visibleTo(ctx)))
  const [job] = await present(ctx, rows)
  return found(job, 'bulk_job')
}

/** What became of each; of conversations that are no longer his to see only that they were among them. */
/** What a column of places holds. */
const largestPlace = 2 ** 31 - 1

export async function listBulkItems(ctx: Ctx, id: string, { state, cursor, limit }: BulkItemFilter) {
  await getBulkJob(ctx, id)
  const after = cursor === undefined ? 0 : Number(cursor)
  if (!Number.isInteger(after) || Math.abs(after) > largestPlace)
    throw invalid('invalid_cursor', 'This cursor was not made here.')
  const rows = await ctx.db
    .select({
      ...{ place: bulkItems.place, state: bulkItems.state, code: bulkItems.code },
      ...{ id: conversations.id, number: conversations.number, customerName: customers.name },
    })
    .from(bulkItems)
    .innerJoin(conversations, eq(conversations.id, bulkItems.conversationId))
    .innerJoin(customers, eq(customers.id, conversations.customerId))
    .where(
      and(
        eq(bulkItems.jobId, id),
        gt(bulkItems.place, after),
        state && eq(bulkItems.state, state),
        inVisibleStores(ctx),
      ),
    )
    .orderBy(bulkItems.place)
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  return {
    items: items.map(({ place: _, state, code, ...conversation }) => ({ conversation, state, code })),
    next: rows.length > limit ? String(items.at(-1)!.place) : null,
  }
}

async function begin(ctx: Ctx, id: string, what: string) {
  const job = await getBulkJob(ctx, id)
  ctx.emit(bulkJobChanged, { jobId: id, staffId: job.startedBy.id })
  ctx.audit(what, `bulk_job:${id}`)
  return job
}

async function lockJob(ctx: Ctx, id: string): Promise<JobRow> {
  const [job] = await ctx.db
    .select()
    .from(bulkJobs)
    .where(and(eq(bulkJobs.id, id), visibleTo(ctx)))
    .for('update')
  return found(job, 'bulk_job')
}

const visibleTo = (ctx: Ctx) =>
  can(ctx.actor, 'conversations:manage') ? undefined : eq(bulkJobs.startedBy, ctx.actor.id ?? sql`null`)

const undoing = alias(bulkJobs, 'undoing')

const select = (ctx: Ctx) =>
  ctx.db
    .select({ job: bulkJobs, starterName: staff.name, undoneById: undoing.id })
    .from(bulkJobs)
    .innerJoin(staff, eq(staff.id, bulkJobs.startedBy))
    .leftJoin(undoing, eq(undoing.undoesId, bulkJobs.id))
    .$dynamic()

async function present(ctx: Ctx, rows: Awaited<ReturnType<typeof select>>): Promise<BulkJob[]> {
  const counted = await ctx.db
    .select({ jobId: bulkItems.jobId, state: bulkItems.state, n: sql<number>`count(*)::int` })
    .from(bulkItems)
    .where(sql`${bulkItems.jobId} = any(${sql.param(rows.map(({ job }) => job.id))}::uuid[])`)
    .groupBy(bulkItems.jobId, bulkItems.state)
  return rows.map(({ job: { startedBy, ...job }, starterName, undoneById }) => {
    const own = counted.filter(({ jobId }) => jobId === job.id)
    const countOf = (state: string) => own.find(one => one.state === state)?.n ?? 0
    return {
      ...job,
      startedBy: { id: startedBy, name: starterName },
      undoneById,
      total: own.reduce((sum, { n }) => sum + n, 0),
      counts: Object.fromEntries(bulkItemStates.map(state => [state, countOf(state)])) as BulkJob['counts'],
    }
  })
}
