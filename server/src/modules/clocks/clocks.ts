import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { addBusinessTime, type BusinessCalendar } from '../settings/business-time.ts'
import { storeCalendars } from '../settings/calendars.ts'
import { clockBreached, clockWarned } from './events.ts'
import { inForce } from './policies.ts'
import { type ClockKind, clockPolicies, clocks } from './tables.ts'

export type Start = { subjectId: string; storeId: string; channelKind: string; kind: ClockKind; at: Date }

/**
 * Starts the clock that is owed to each subject, unless it runs already, and answers when the nearest of those
 * asked for is due. Where no policy asks for one, or the store never opens again, the subject is absent from the
 * answer. A clock keeps the policy version it started under, whatever is decided later.
 */
export async function startClocks(ctx: Ctx, starts: readonly Start[]): Promise<Map<string, Date>> {
  const dueAt = new Map<string, Date>()
  const note = (clock: { subjectId: string; dueAt: Date }) => {
    const nearest = dueAt.get(clock.subjectId)
    if (!nearest || clock.dueAt < nearest) dueAt.set(clock.subjectId, clock.dueAt)
  }
  const found = await findOwed(ctx, inLockOrder(starts))
  const fresh: (Start & { policy: Policy })[] = []
  for (const { start, runningDueAt, policy } of found) {
    if (runningDueAt) note({ subjectId: start.subjectId, dueAt: runningDueAt })
    else if (policy) fresh.push({ ...start, policy })
  }
  for (const clock of await insertClocks(ctx, fresh)) note(clock)
  return dueAt
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
type Policy = Pick<typeof clockPolicies.$inferSelect, 'id' | 'windowSeconds' | 'calendar' | 'warnAt'>

/** Each clock asked for once, from the earliest moment, and in one order for all, so that two batches cannot embrace. */
function inLockOrder(starts: readonly Start[]): Start[] {
  const latestFirst = starts.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  const once = new Map(latestFirst.map(start => [`${start.subjectId} ${start.kind}`, start]))
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, start]) => start)
}

/** For each start the clock that runs already, and the policy it would fall under: the store's before the company's. */
async function findOwed(ctx: Ctx, starts: readonly Start[]) {
  if (starts.length === 0) return []
  const column = (pick: (start: Start) => string) => sql.param(starts.map(pick))
  const policy = ctx.db
    .select()
    .from(clockPolicies)
    .where(
      and(
        inForce(ctx),
        eq(clockPolicies.channelKind, sql`wanted.channel_kind`),
        eq(clockPolicies.kind, sql`wanted.kind`),
        or(eq(clockPolicies.storeId, sql`wanted.store_id`), isNull(clockPolicies.storeId)),
      ),
    )
    .orderBy(sql`${clockPolicies.storeId} nulls last`)
    .limit(1)
    .as('policy')
  const rows = await ctx.db
    .select({
      n: sql<number>`wanted.n`.mapWith(Number),
      runningDueAt: clocks.dueAt,
      id: policy.id,
      windowSeconds: policy.windowSeconds,
      calendar: policy.calendar,
      warnAt: policy.warnAt,
    })
    .from(
      sql`unnest(${column(start => start.subjectId)}::uuid[], ${column(start => start.storeId)}::uuid[],
        ${column(start => start.channelKind)}::text[], ${column(start => start.kind)}::text[])
        with ordinality as wanted(subject_id, store_id, channel_kind, kind, n)`,
    )
    .leftJoin(
      clocks,
      and(
        eq(clocks.subjectId, sql`wanted.subject_id`),
        eq(clocks.kind, sql`wanted.kind`),
        isNull(clocks.stoppedAt),
      ),
    )
    .leftJoinLateral(policy, sql`true`)
    .orderBy(sql`wanted.n`)
  return rows.map(({ n, runningDueAt, ...policy }) => ({
    start: starts[n - 1]!,
    runningDueAt: runningDueAt as Date | null,
    policy: policy.id ? (policy as Policy) : null,
  }))
}

async function insertClocks(ctx: Ctx, starts: readonly (Start & { policy: Policy })[]) {
  const byStore = starts.filter(({ policy }) => policy.calendar === 'store').map(({ storeId }) => storeId)
  const calendars = byStore.length > 0 ? await storeCalendars(ctx, byStore) : new Map()
  const rows = starts.flatMap(({ subjectId, storeId, kind, at, policy }) => {
    const calendar = policy.calendar === 'store' ? (calendars.get(storeId) ?? 'always') : 'always'
    const moments = momentsOf(policy, calendar, at)
    if (!moments) return []
    const [nextAt, dueAt] = [moments[0]!, moments.at(-1)!]
    return [{ subjectId, storeId, kind, policyId: policy.id, startedAt: at, dueAt, moments, nextAt }]
  })
  if (rows.length === 0) return []
  return ctx.db
    .insert(clocks)
    .values(rows)
    .onConflictDoUpdate({
      target: [clocks.subjectId, clocks.kind],
      targetWhere: isNull(clocks.stoppedAt),
      // Changes nothing: only so does the one that another transaction has just started come back.
      set: { startedAt: sql`${clocks.startedAt}` },
    })
    .returning({ subjectId: clocks.subjectId, dueAt: clocks.dueAt })
}

/** When a clock that starts at `from` warns and is due, or null where its calendar never opens again. */
function momentsOf({ windowSeconds, warnAt }: Policy, calendar: BusinessCalendar, from: Date): Date[] | null {
  const moments = [...warnAt, 1].map(fraction =>
    addBusinessTime(calendar, from, Math.round(windowSeconds * 1_000 * fraction)),
  )
  return moments.every(moment => moment !== null) ? moments : null
}

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
