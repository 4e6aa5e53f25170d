import { and, asc, eq, isNull, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { momentsOf } from './arithmetic.ts'
import { hoursOf } from './hours.ts'
import { fateOf } from './promises.ts'
import { pausesOf, stepsUnder } from './running.ts'
import { clockPauses, clockPolicies, clocks, never } from './tables.ts'

/** Half of a platform's window is what we ask of ourselves: a line on its clock, no clock of its own. */
const internalShare = [{ fraction: 0.5, afterMs: 0, warns: false, escalations: [] }]

/** All that runs for a subject, the nearest first, and its promises, whatever became of them. */
export async function listClocks(ctx: Ctx, subjectId: string) {
  const rows = await ctx.db
    .select({ clock: clocks, policy: clockPolicies })
    .from(clocks)
    .leftJoin(clockPolicies, eq(clockPolicies.id, clocks.policyId))
    .where(and(eq(clocks.subjectId, subjectId), or(isNull(clocks.stoppedAt), eq(clocks.kind, 'promise'))))
    .orderBy(sql`${clocks.stoppedAt} is not null`, asc(clocks.dueAt), asc(clocks.id))
    .limit(100)
  const hours = await hoursOf(
    ctx,
    rows.map(({ clock }) => clock.calendarKey),
  )
  const granted = await pausesOf(ctx, rows)
  const pauses = await pauseRows(ctx, subjectId)
  return rows.map(({ clock, policy }) => {
    const half = momentsOf(
      internalShare,
      hours(clock.calendarKey),
      clock.startedAt,
      clock.windowMs,
      granted(clock.id),
    )
    return {
      ...clock,
      dueAt: clock.dueAt < never ? clock.dueAt : null,
      internalDueAt: clock.kind !== 'promise' && half?.[0] && half[0] < never ? half[0] : null,
      warnings: stepsUnder(policy).flatMap(({ warns }, step) => (warns ? clock.moments[step]! : [])),
      pauses: pauses.filter(({ clockId }) => clockId === clock.id),
      fate: clock.kind === 'promise' ? fateOf(clock) : null,
      policy,
    }
  })
}

const pauseRows = (ctx: Ctx, subjectId: string) =>
  ctx.db
    .select({
      clockId: clockPauses.clockId,
      reason: clockPauses.reason,
      beganAt: clockPauses.beganAt,
      endedAt: clockPauses.endedAt,
    })
    .from(clockPauses)
    .innerJoin(clocks, eq(clocks.id, clockPauses.clockId))
    .where(eq(clocks.subjectId, subjectId))
    .orderBy(asc(clockPauses.beganAt), asc(clockPauses.id))
