import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { clockBreached, clockWarned } from './events.ts'
import { findOwed, newClocks, type Start } from './owed.ts'
import { type ClockKind, clockPolicies, clocks } from './tables.ts'

export type { Start }

/**
 * Starts the clock that is owed to each subject, unless it runs already, and answers when the nearest of those
 * asked for is due. Where no policy asks for one, or the store never opens again, the subject is absent from the
 * answer. A clock keeps the policy version it started under, whatever is decided later.
 */
export async function startClocks(ctx: Ctx, starts: readonly Start[]): Promise<Map<string, Date>> {
  if (starts.length === 0) return new Map()
  const owed = await findOwed(ctx, inLockOrder(starts))
  const running = owed.flatMap(({ subjectId, runningDueAt }) =>
    runningDueAt ? [{ subjectId, dueAt: runningDueAt }] : [],
  )
  const rows = await newClocks(
    ctx,
    owed.filter(({ runningDueAt }) => !runningDueAt),
  )
  if (rows.length > 0) running.push(...(await insertClocks(ctx, rows)))
  const latestFirst = running.sort((a, b) => b.dueAt.getTime() - a.dueAt.getTime())
  return new Map(latestFirst.map(({ subjectId, dueAt }) => [subjectId, dueAt]))
}

/**
 * Stops what runs for these subjects; no sweep fires it any more. What was due a moment ago and had not been
 * fired yet is a breach all the same: whether an answer was late must not hang on when a sweep came by.
 */
export async function stopClocks(
  ctx: Ctx,
  subjectIds: readonly string[],
  kinds: readonly ClockKind[] | 'all',
  reason: string,
) {
  if (subjectIds.length === 0) return
  const running = ctx.db
    .select({ id: clocks.id, wasBreachedAt: sql<Date | null>`${clocks.breachedAt}`.as('was_breached_at') })
    .from(clocks)
    .where(
      and(
        inArray(clocks.subjectId, [...subjectIds]),
        isNull(clocks.stoppedAt),
        kinds === 'all' ? undefined : inArray(clocks.kind, [...kinds]),
      ),
    )
    .orderBy(clocks.subjectId, clocks.kind)
    .for('update')
    .as('running')
  const stopped = await ctx.db
    .update(clocks)
    .set({ stoppedAt: ctx.now, stopReason: reason, nextAt: null, breachedAt: breachedBy(ctx.now) })
    .from(running)
    .where(eq(clocks.id, running.id))
    .returning({ clock: clocks, wasBreachedAt: running.wasBreachedAt })
  for (const { clock, wasBreachedAt } of stopped)
    if (clock.breachedAt && !wasBreachedAt) tellBreach(ctx, clock)
}

const mostAtOnce = 500

/**
 * Fires what is due: the breach once its instant has come, else a warning for the latest fraction that has
 * passed. A clock that slept through several warnings gives the last one only. Answers whether more may be due.
 */
export async function fireDueClocks(ctx: Ctx): Promise<boolean> {
  const due = await ctx.db
    .select({ clock: clocks, warnAt: clockPolicies.warnAt })
    .from(clocks)
    .innerJoin(clockPolicies, eq(clockPolicies.id, clocks.policyId))
    .where(and(isNull(clocks.stoppedAt), lte(clocks.nextAt, ctx.now)))
    .orderBy(clocks.nextAt, clocks.id)
    .limit(mostAtOnce)
    .for('update', { of: clocks, skipLocked: true })
  if (due.length === 0) return false
  const ids = due.map(({ clock }) => clock.id)
  await ctx.db
    .update(clocks)
    .set({
      nextAt: sql`(select min(moment) from unnest(${clocks.moments}) as moment where moment > ${ctx.now})`,
      breachedAt: breachedBy(ctx.now),
    })
    .where(inArray(clocks.id, ids))
  for (const { clock, warnAt } of due) {
    if (clock.dueAt <= ctx.now) tellBreach(ctx, clock)
    else tellWarning(ctx, clock, warnAt)
  }
  return due.length === mostAtOnce
}

type Clock = typeof clocks.$inferSelect

/** Each clock asked for once, from the earliest moment, and in one order for all, so that two batches cannot embrace. */
function inLockOrder(starts: readonly Start[]): Start[] {
  const latestFirst = starts.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  const once = new Map(latestFirst.map(start => [`${start.subjectId} ${start.kind}`, start]))
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, start]) => start)
}

const insertClocks = (ctx: Ctx, rows: (typeof clocks.$inferInsert)[]) =>
  ctx.db
    .insert(clocks)
    .values(rows)
    .onConflictDoUpdate({
      target: [clocks.subjectId, clocks.kind],
      targetWhere: isNull(clocks.stoppedAt),
      // Changes nothing: only so does a clock come back that another transaction has just started.
      set: { startedAt: sql`${clocks.startedAt}` },
    })
    .returning({ subjectId: clocks.subjectId, dueAt: clocks.dueAt })

const breachedBy = (now: Date) =>
  sql`coalesce(${clocks.breachedAt}, case when ${clocks.dueAt} <= ${now} then ${clocks.dueAt} end)`

const about = ({ id, subjectId, storeId, kind }: Clock) => ({
  clockId: id,
  conversationId: subjectId,
  storeId,
  kind,
})

function tellBreach(ctx: Ctx, clock: Clock) {
  const payload = { ...about(clock), dueAt: clock.dueAt.toISOString() }
  ctx.emit(clockBreached, payload, { conversationId: clock.subjectId })
}

function tellWarning(ctx: Ctx, clock: Clock, warnAt: readonly number[]) {
  const passed = clock.moments.filter(moment => moment <= ctx.now).length
  ctx.emit(
    clockWarned,
    { ...about(clock), fraction: warnAt[passed - 1]! },
    { conversationId: clock.subjectId },
  )
}
