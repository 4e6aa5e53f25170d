import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { aboutClock, tellBreach } from './clocks.ts'
import { clockEscalated, clockWarned } from './events.ts'
import { breachIn, type Running, stepsUnder } from './running.ts'
import { clockPolicies, clocks } from './tables.ts'

const mostAtOnce = 500

/**
 * Fires what is due: the breach once its instant has come, else a warning for the latest fraction that has passed,
 * and each escalation. A clock that slept through several warnings gives the last one only. Answers whether more
 * may be due.
 */
export async function fireDueClocks(ctx: Ctx): Promise<boolean> {
  const due = await ctx.db
    .select({ clock: clocks, policy: clockPolicies })
    .from(clocks)
    .leftJoin(clockPolicies, eq(clockPolicies.id, clocks.policyId))
    .where(and(isNull(clocks.stoppedAt), lte(clocks.nextAt, ctx.now)))
    .orderBy(clocks.nextAt, clocks.id)
    .limit(mostAtOnce)
    .for('update', { of: clocks, skipLocked: true })
  if (due.length === 0) return false
  const passed = sql`(select count(*) from unnest(${clocks.moments}) as moment where moment <= ${ctx.now})`
  await ctx.db
    .update(clocks)
    .set({
      told: sql`greatest(${clocks.told}, ${passed})`,
      nextAt: sql`(select min(moment) from unnest(${clocks.moments}) as moment where moment > ${ctx.now})`,
      breachedAt: sql`coalesce(${clocks.breachedAt}, case when ${clocks.dueAt} <= ${ctx.now} then ${clocks.dueAt} end)`,
    })
    .where(
      inArray(
        clocks.id,
        due.map(({ clock }) => clock.id),
      ),
    )
  for (const one of due) tell(ctx, one)
  return due.length === mostAtOnce
}

function tell(ctx: Ctx, { clock, policy }: Running) {
  const steps = stepsUnder(policy)
  const passed = clock.moments.filter(moment => moment <= ctx.now).length
  const breach = breachIn(steps)
  const about = { conversationId: clock.subjectId }
  if (clock.told <= breach && passed > breach) {
    if (!clock.breachedAt) tellBreach(ctx, clock)
  } else {
    const warning = steps.slice(clock.told, passed).findLast(({ warns }) => warns)
    if (warning) ctx.emit(clockWarned, { ...aboutClock(clock), fraction: warning.fraction }, about)
  }
  for (let step = clock.told; step < passed; step++)
    if (steps[step]!.escalations.length > 0) ctx.emit(clockEscalated, { ...aboutClock(clock), step }, about)
}
