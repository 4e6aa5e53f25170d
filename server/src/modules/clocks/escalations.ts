import { eq, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { stepsUnder } from './running.ts'
import { clockEscalations, clockPolicies, clocks, type Escalation } from './tables.ts'

/**
 * What is to be done at this step, once: nothing if somebody took it already, or if the clock has stopped since.
 * The mark stands and falls with the transaction of whoever does it.
 */
export async function takeEscalations(
  ctx: Ctx,
  clockId: string,
  step: number,
): Promise<readonly Escalation[]> {
  const { rows } = await ctx.db.execute(sql`
    insert into ${clockEscalations} (clock_id, step, at)
    select id, ${step}, ${ctx.now} from ${clocks} where id = ${clockId} and stopped_at is null
    on conflict do nothing returning step`)
  if (rows.length === 0) return []
  const [policy] = await ctx.db
    .select({ policy: clockPolicies })
    .from(clocks)
    .innerJoin(clockPolicies, eq(clockPolicies.id, clocks.policyId))
    .where(eq(clocks.id, clockId))
  return (policy && stepsUnder(policy.policy)[step]?.escalations) ?? []
}
