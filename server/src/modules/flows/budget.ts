import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { roles, staff } from '../staff/tables.ts'
import { flowSuspended } from './events.ts'
import type { LiveFlow } from './live.ts'
import { flowRuns, flowSpending, flows, type suspensions } from './tables.ts'

const hour = 3_600_000

/**
 * Takes one out of what a flow may do in this hour; false where nothing is left. The condition stands in the write, so
 * two workers cannot both take the last one.
 */
export async function spend(
  ctx: Ctx,
  { flowId, terms }: LiveFlow['version'],
  what: 'runs' | 'sends',
): Promise<boolean> {
  const most = what === 'runs' ? terms.limits.perHour : terms.limits.sendsPerHour
  const column = flowSpending[what]
  const taken = await ctx.db
    .insert(flowSpending)
    .values({ flowId, hour: new Date(Math.floor(ctx.now.getTime() / hour) * hour), [what]: 1 })
    .onConflictDoUpdate({
      target: [flowSpending.flowId, flowSpending.hour],
      set: { [what]: sql`${column} + 1` },
      setWhere: sql`${column} < ${most}`,
    })
    .returning({ flowId: flowSpending.flowId })
  return taken.length > 0
}

/** Runs that changed nothing do not count. Only one worker at a time is at a record, so looking first is enough. */
export async function isOverForRecord(
  ctx: Ctx,
  { flowId, terms }: LiveFlow['version'],
  recordId: string,
): Promise<boolean> {
  const { rows } = await ctx.db.execute<{ count: number }>(sql`
    select count(*)::int as count from ${flowRuns} where ${flowRuns.flowId} = ${flowId}
      and ${flowRuns.recordId} = ${recordId} and ${flowRuns.hasActed} and ${flowRuns.startedAt} > ${new Date(ctx.now.getTime() - hour)}`)
  return rows[0]!.count >= terms.limits.perRecordHour
}

/** Stops a flow until a person has looked at it, and calls those who manage flows. Once is enough. */
export async function suspend(ctx: Ctx, flowId: string, why: (typeof suspensions)[number]) {
  const [suspended] = await ctx.db
    .update(flows)
    .set({ state: 'suspended', suspendedWhy: why, suspendedAt: ctx.now, nextAt: null, walkAt: null })
    .where(and(eq(flows.id, flowId), eq(flows.state, 'on')))
    .returning({ id: flows.id })
  if (!suspended) return
  const managers = await ctx.db
    .select({ id: staff.id })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .where(
      and(
        isNull(staff.deactivatedAt),
        sql`${roles.permissions} && ${sql.param(['*', 'flows:manage'])}::text[]`,
      ),
    )
    .orderBy(staff.id)
  ctx.emit(flowSuspended, { flowId, why, staffIds: managers.map(({ id }) => id) })
  ctx.audit('flow.suspended', `flow:${flowId}`)
}
