import { inArray, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { momentsOf, ownTime, stepsOf, windowOf } from './arithmetic.ts'
import { clockBreached } from './events.ts'
import { hoursOf } from './hours.ts'
import { type Policy, policiesFor } from './policies-in-force.ts'
import { breachIn, lockRunning, momentsText, nearestOf, pausesOf, planned, type Running } from './running.ts'
import { type ClockKind, clockPauses, never, type StopOccasion } from './tables.ts'

/**
 * `channelId` tells a marketplace behind an API channel apart. With `episode` it is the message that opened the
 * conversation, or opened it again: then what counts from the opening starts as well.
 */
export type Start = {
  subjectId: string
  storeId: string
  channelKind: string
  channelId?: string
  kind: ClockKind
  at: Date
  episode?: 'opened' | 'reopened'
}

/**
 * Starts the clocks that are owed to each subject, unless they run already, and answers when the nearest of all
 * that run for it is due. Where no policy asks for one, or the store never opens again, the subject is absent from
 * the answer. A clock keeps the policy version it started under, whatever is decided later.
 */
export async function startClocks(ctx: Ctx, starts: readonly Start[]): Promise<Map<string, Date>> {
  if (starts.length === 0) return new Map()
  const policyFor = await policiesFor(ctx, starts)
  const owed = eachOnce(starts.flatMap(withOpening)).flatMap(start => {
    const policy = policyFor(start)
    return policy ? [{ ...start, policy }] : []
  })
  const hours = await hoursOf(
    ctx,
    owed.map(({ policy }) => policy.calendarKey),
  )
  const rows = owed.flatMap(start => {
    const clock = wind(start.policy, hours(start.policy.calendarKey), start.at)
    return clock ? [{ ...start, ...clock }] : []
  })
  return rows.length > 0 ? insertClocks(ctx, rows) : new Map()
}

/**
 * Stops what runs for these subjects and by its policy ends with this reason; no sweep fires it any more. What was
 * due a moment ago and had not been fired yet is a breach all the same: whether an answer was late must not hang on
 * when a sweep came by. Answers when the nearest of what runs on is due.
 */
export async function stopClocks(
  ctx: Ctx,
  subjectIds: readonly string[],
  kinds: readonly ClockKind[] | 'all',
  reason: string,
): Promise<Map<string, Date>> {
  if (subjectIds.length === 0) return new Map()
  const running = await lockRunning(ctx, subjectIds)
  const ends = ({ clock, policy }: Running) =>
    (kinds === 'all' || kinds.includes(clock.kind)) && isEndedBy(reason, policy?.stopsOn ?? ['resolved'])
  await endClocks(ctx, running.filter(ends), reason)
  return nearestOf(running.filter(one => !ends(one)))
}

/** Ends clocks whose rows the caller has locked, and keeps how long they took. */
export async function endClocks(ctx: Ctx, ending: readonly Running[], reason: string) {
  if (ending.length === 0) return
  const hours = await hoursOf(
    ctx,
    ending.map(({ clock }) => clock.calendarKey),
  )
  const pauses = await pausesOf(ctx, ending)
  const until = ({ startedAt }: Running['clock']) => (startedAt < ctx.now ? ctx.now : startedAt)
  const column = (type: 'uuid' | 'bigint', pick: (clock: Running['clock']) => unknown) =>
    planned(
      ending.map(({ clock }) => pick(clock)),
      type,
    )
  const own = (clock: Running['clock']) =>
    ownTime(hours(clock.calendarKey), clock.startedAt, until(clock), pauses(clock.id))
  await executeNamed(
    ctx.db,
    'stop-clocks',
    sql`
    update clocks set stopped_at = ${ctx.now}::timestamptz, stop_reason = ${reason}, next_at = null, paused_at = null, pause_reason = null,
      breached_at = coalesce(breached_at, case when due_at <= ${ctx.now}::timestamptz then due_at end), own_ms = n.own_ms, felt_ms = n.felt_ms
    from unnest(${column('uuid', c => c.id)}, ${column('bigint', own)},
      ${column('bigint', c => until(c).getTime() - c.startedAt.getTime())}) as n(id, own_ms, felt_ms)
    where clocks.id = n.id`,
  )
  const paused = ending.flatMap(({ clock }) => (clock.pausedAt ? clock.id : []))
  if (paused.length > 0)
    await ctx.db
      .update(clockPauses)
      .set({ endedAt: ctx.now })
      .where(sql`${inArray(clockPauses.clockId, paused)} and ended_at is null`)
  for (const { clock } of ending) if (!clock.breachedAt && clock.dueAt <= ctx.now) tellBreach(ctx, clock)
}

export const aboutClock = ({
  id,
  subjectId,
  storeId,
  kind,
}: Pick<Running['clock'], 'id' | 'subjectId' | 'storeId' | 'kind'>) => ({
  clockId: id,
  conversationId: subjectId,
  storeId,
  kind,
})

export function tellBreach(ctx: Ctx, clock: Running['clock']) {
  const payload = { ...aboutClock(clock), dueAt: clock.dueAt.toISOString() }
  ctx.emit(clockBreached, payload, { conversationId: clock.subjectId })
}

/** What a policy may say of a reason to stop. Any other, such as `resolved`, ends whatever runs. */
const occasionsOf: Record<string, readonly StopOccasion[] | undefined> = {
  answered: ['human_reply', 'any_reply'],
  answered_by_robot: ['any_reply'],
  spam: ['mark_spam'],
}

const isEndedBy = (reason: string, stopsOn: readonly StopOccasion[]) =>
  occasionsOf[reason]?.some(occasion => stopsOn.includes(occasion)) ?? true

const withOpening = (start: Start): Start[] =>
  start.episode ? [start, { ...start, kind: 'resolution' }, { ...start, kind: 'update' }] : [start]

/** A clock asked for twice counts from the earlier moment; one statement cannot write the same row twice. */
function eachOnce(starts: readonly Start[]): Start[] {
  const latestFirst = starts.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  return [...new Map(latestFirst.map(start => [`${start.subjectId} ${start.kind}`, start])).values()]
}

/** What a clock under this policy is due, warns and escalates at; null where its calendar never opens again. */
function wind(policy: Policy, hours: Parameters<typeof windowOf>[1], from: Date) {
  const window = windowOf(policy, hours, from)
  if (!window) return null
  const steps = stepsOf(policy)
  const moments = momentsOf(steps, window.calendar, from, window.ms)
  const byWall = window.calendar === 'always' && hours !== 'always'
  return (
    moments && {
      moments,
      dueAt: moments[breachIn(steps)]!,
      windowMs: window.ms,
      calendarKey: byWall ? 'always' : policy.calendarKey,
      followsStore: policy.calendar === 'store' && !byWall,
    }
  )
}

type NewClock = Start & NonNullable<ReturnType<typeof wind>> & { policy: Policy }

/** Answers when the nearest of what runs is due: the new clocks, and those that ran before. */
async function insertClocks(ctx: Ctx, rows: readonly NewClock[]): Promise<Map<string, Date>> {
  const column = (pick: (row: NewClock) => unknown) => sql.param(rows.map(pick))
  // The update changes nothing: only so does a clock come back that another transaction has just started.
  const running = await executeNamed<{ subjectId: string; dueMs: number }>(
    ctx.db,
    'insert-clocks',
    sql`
    with started as (
      insert into clocks (id, subject_id, store_id, kind, policy_id, started_at, window_ms, calendar_key, follows_store, due_at, moments, next_at)
      select id, subject_id, store_id, kind, policy_id, started_at, window_ms, calendar_key, follows_store, due_at, moments::timestamptz[], next_at
      from unnest(${column(() => uuidv7())}::uuid[], ${column(row => row.subjectId)}::uuid[],
        ${column(row => row.storeId)}::uuid[], ${column(row => row.kind)}::text[],
        ${column(row => row.policy.id)}::uuid[], ${column(row => row.at)}::timestamptz[],
        ${column(row => row.windowMs)}::bigint[], ${column(row => row.calendarKey)}::text[],
        ${column(row => row.followsStore)}::boolean[], ${column(row => row.dueAt)}::timestamptz[],
        ${column(row => momentsText(row.moments))}::text[], ${column(row => row.moments[0])}::timestamptz[])
        as fresh(id, subject_id, store_id, kind, policy_id, started_at, window_ms, calendar_key, follows_store, due_at, moments, next_at)
      on conflict (subject_id, kind) where stopped_at is null and kind <> 'promise' do update set started_at = clocks.started_at
      returning subject_id, due_at)
    select subject_id as "subjectId", (extract(epoch from min(due_at)) * 1000)::float8 as "dueMs"
    from (select * from started union all
      select subject_id, due_at from clocks where subject_id = any(${column(row => row.subjectId)}::uuid[]) and stopped_at is null) as running
    group by subject_id`,
  )
  return new Map(
    running.rows
      .filter(({ dueMs }) => dueMs < never.getTime())
      .map(({ subjectId, dueMs }) => [subjectId, new Date(dueMs)]),
  )
}
