import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { addBusinessTime, type BusinessCalendar } from '../settings/business-time.ts'
import { storeCalendars } from '../settings/calendars.ts'
import { clockBreached, clockWarned } from './events.ts'
import { type Policy, policiesInForce } from './policies.ts'
import { type ClockKind, clockPolicies, clocks } from './tables.ts'

export type Start = { subjectId: string; storeId: string; channelKind: string; kind: ClockKind; at: Date }

/**
 * Starts the clock that is owed to each subject, unless it runs already, and answers when the nearest of those
 * asked for is due. Where no policy asks for one, or the store never opens again, the subject is absent from the
 * answer. A clock keeps the policy version it started under, whatever is decided later.
 */
export async function startClocks(ctx: Ctx, starts: readonly Start[]): Promise<Map<string, Date>> {
  const policies = starts.length > 0 ? await policiesInForce(ctx) : []
  const owed = eachOnce(starts).flatMap(start => {
    const policy = policyFor(policies, start)
    return policy ? [{ ...start, policy }] : []
  })
  const byStore = owed.filter(({ policy }) => policy.calendar === 'store').map(({ storeId }) => storeId)
  const calendars = await storeCalendars(ctx, byStore)
  const rows = owed.flatMap(({ policy, ...start }) => {
    const calendar = policy.calendar === 'store' ? (calendars.get(start.storeId) ?? 'always') : 'always'
    const moments = momentsOf(policy, calendar, start.at)
    return moments ? [{ ...start, policyId: policy.id, moments }] : []
  })
  return rows.length > 0 ? insertClocks(ctx, rows) : new Map()
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

/** A clock asked for twice counts from the earlier moment; one statement cannot write the same row twice. */
function eachOnce(starts: readonly Start[]): Start[] {
  const latestFirst = starts.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  return [...new Map(latestFirst.map(start => [`${start.subjectId} ${start.kind}`, start])).values()]
}

const policyFor = (policies: readonly Policy[], { storeId, channelKind, kind }: Start) => {
  const suited = policies.filter(policy => policy.kind === kind && policy.channelKind === channelKind)
  return suited.find(policy => policy.storeId === storeId) ?? suited.find(policy => policy.storeId === null)
}

/** When a clock that starts at `from` warns and, last, is due; null where its calendar never opens again. */
function momentsOf({ windowSeconds, warnAt }: Policy, calendar: BusinessCalendar, from: Date): Date[] | null {
  const moments = [...warnAt, 1].map(fraction =>
    addBusinessTime(calendar, from, Math.round(windowSeconds * 1_000 * fraction)),
  )
  return moments.every(moment => moment !== null) ? moments : null
}

type NewClock = Start & { policyId: string; moments: Date[] }

/** Answers when the running clocks are due, the new ones and those that ran before. */
async function insertClocks(ctx: Ctx, rows: readonly NewClock[]): Promise<Map<string, Date>> {
  const column = (pick: (row: NewClock) => unknown) => sql.param(rows.map(pick))
  // The update changes nothing: only so does a clock come back that ran already.
  const running = await executeNamed<{ subjectId: string; dueMs: number }>(
    ctx.db,
    'insert-clocks',
    sql`
    insert into clocks (id, subject_id, store_id, kind, policy_id, started_at, due_at, moments, next_at)
    select id, subject_id, store_id, kind, policy_id, started_at, due_at, moments::timestamptz[], next_at
    from unnest(${column(() => uuidv7())}::uuid[], ${column(row => row.subjectId)}::uuid[],
      ${column(row => row.storeId)}::uuid[], ${column(row => row.kind)}::text[],
      ${column(row => row.policyId)}::uuid[], ${column(row => row.at)}::timestamptz[],
      ${column(row => row.moments.at(-1))}::timestamptz[],
      ${column(row => `{${row.moments.map(moment => moment.toISOString())}}`)}::text[],
      ${column(row => row.moments[0])}::timestamptz[])
      as fresh(id, subject_id, store_id, kind, policy_id, started_at, due_at, moments, next_at)
    on conflict (subject_id, kind) where stopped_at is null do update set started_at = clocks.started_at
    returning subject_id as "subjectId", (extract(epoch from due_at) * 1000)::float8 as "dueMs"`,
  )
  const latestFirst = running.rows.sort((a, b) => b.dueMs - a.dueMs)
  return new Map(latestFirst.map(({ subjectId, dueMs }) => [subjectId, new Date(dueMs)]))
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
