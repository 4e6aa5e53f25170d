import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { granted, momentsOf, type Pause, type Step, stepsOf } from './arithmetic.ts'
import { hoursOf } from './hours.ts'
import { clockPauses, clockPolicies, clocks, never } from './tables.ts'

type ClockRow = typeof clocks.$inferSelect
type PolicyRow = typeof clockPolicies.$inferSelect
/** A clock that runs, with the version of the policy under which it started. */
export type Running = { clock: ClockRow; policy: PolicyRow | null }

/** What a promise goes by where the company has no policy for promises. */
const unwritten = { warnAt: [0.5, 0.75, 0.9], escalations: [], pauseCapHours: null }

export const stepsUnder = (policy: PolicyRow | null): Step[] => stepsOf(policy ?? unwritten)

/** All that runs for these subjects, paused or not, in one order for all who lock them. */
export const lockRunning = (ctx: Ctx, subjectIds: readonly string[]): Promise<Running[]> =>
  ctx.db
    .select({ clock: clocks, policy: clockPolicies })
    .from(clocks)
    .leftJoin(clockPolicies, eq(clockPolicies.id, clocks.policyId))
    .where(and(sql`${clocks.subjectId} = any(${planned(subjectIds, 'uuid')})`, isNull(clocks.stoppedAt)))
    .orderBy(clocks.subjectId, clocks.id)
    .for('update', { of: clocks })
    .prepare('lock-running-clocks')
    .execute()

/** When the nearest of these is due, by subject; a subject of which none has an hour is absent. */
export function nearestOf(running: readonly Running[]): Map<string, Date> {
  const latestFirst = running
    .map(({ clock }) => clock)
    .filter(({ dueAt }) => dueAt < never)
    .sort((a, b) => b.dueAt.getTime() - a.dueAt.getTime())
  return new Map(latestFirst.map(({ subjectId, dueAt }) => [subjectId, dueAt]))
}

/** When the nearest of what runs for a subject is due, read anew; `never` where nothing does. */
export async function findNearest(ctx: Ctx, subjectId: string): Promise<Date> {
  const [nearest] = await ctx.db
    .select({ dueAt: clocks.dueAt })
    .from(clocks)
    .where(and(eq(clocks.subjectId, subjectId), isNull(clocks.stoppedAt)))
    .orderBy(asc(clocks.dueAt))
    .limit(1)
  return nearest?.dueAt ?? never
}

/** The pauses of these clocks as their policies grant them. */
export async function pausesOf(ctx: Ctx, running: readonly Running[]): Promise<(id: string) => Pause[]> {
  const paused = running.filter(({ clock }) => clock.hasPaused)
  if (paused.length === 0) return () => []
  const rows = await ctx.db
    .select()
    .from(clockPauses)
    .where(sql`${clockPauses.clockId} = any(${sql.param(paused.map(({ clock }) => clock.id))}::uuid[])`)
    .orderBy(asc(clockPauses.beganAt), asc(clockPauses.id))
  const byClock = new Map(
    paused.map(({ clock: { id }, policy }) => {
      const own = rows.filter(row => row.clockId === id)
      const pauses = own.map(({ beganAt, endedAt }) => ({ from: beganAt, to: endedAt }))
      return [id, granted(pauses, policy?.pauseCapHours ?? null)]
    }),
  )
  return id => byClock.get(id) ?? []
}

/**
 * Reckons from the history when each of these warns and is due, and writes it. What was told stays told; what now
 * lies in the past is told by the next sweep.
 */
export async function reckonAgain(ctx: Ctx, running: readonly Running[]): Promise<Running[]> {
  if (running.length === 0) return []
  const hours = await hoursOf(
    ctx,
    running.map(({ clock }) => clock.calendarKey),
  )
  const pauses = await pausesOf(ctx, running)
  const reckoned = running.map(({ clock, policy }) => {
    const steps = stepsUnder(policy)
    const moments =
      momentsOf(steps, hours(clock.calendarKey), clock.startedAt, clock.windowMs, pauses(clock.id)) ??
      steps.map(() => never)
    const next = moments[clock.told]
    const dueAt = moments[breachIn(steps)]!
    return { policy, clock: { ...clock, dueAt, moments, nextAt: next && next < never ? next : null } }
  })
  const column = (pick: (clock: ClockRow) => unknown) => sql.param(reckoned.map(({ clock }) => pick(clock)))
  await executeNamed(
    ctx.db,
    'reckon-clocks',
    sql`
    update clocks set due_at = n.due_at, moments = n.moments::timestamptz[], next_at = n.next_at,
      window_ms = n.window_ms, calendar_key = n.calendar_key, paused_at = n.paused_at, pause_reason = n.pause_reason,
      has_paused = n.has_paused
    from unnest(${column(c => c.id)}::uuid[], ${column(c => c.dueAt)}::timestamptz[],
      ${column(c => momentsText(c.moments))}::text[], ${column(c => c.nextAt)}::timestamptz[],
      ${column(c => c.windowMs)}::bigint[], ${column(c => c.calendarKey)}::text[],
      ${column(c => c.pausedAt)}::timestamptz[], ${column(c => c.pauseReason)}::text[],
      ${column(c => c.hasPaused)}::boolean[])
      as n(id, due_at, moments, next_at, window_ms, calendar_key, paused_at, pause_reason, has_paused)
    where clocks.id = n.id`,
  )
  return reckoned
}

/**
 * An array whose length the planner does not see. Where it sees one, it takes a plan for so many to be cheaper than
 * the one it has, and makes it anew each time, which takes longer than the statement.
 */
export const planned = (values: readonly unknown[], type: 'uuid' | 'bigint') =>
  sql`(select ${sql.param([...values])}::${sql.raw(type)}[])::${sql.raw(type)}[]`

/** An array within an array of parameters. */
export const momentsText = (moments: readonly Date[]) => `{${moments.map(moment => moment.toISOString())}}`

export const breachIn = (steps: readonly Step[]) =>
  steps.findIndex(({ fraction, afterMs }) => fraction === 1 && afterMs === 0)
