import { and, asc, desc, eq, inArray, isNull, max, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found, invalid } from '../../platform/errors.ts'
import { assertSeesStores, readerLocale } from '../staff/roles.ts'
import { staff } from '../staff/tables.ts'
import { flowChanged } from './events.ts'
import type { Flow, FlowChange, NewFlow } from './schemas.ts'
import { seededName } from './seeded-flows.ts'
import { flows, flowVersions } from './tables.ts'
import { readDraft } from './terms.ts'
import { warningsOf } from './warnings.ts'

const mostFlows = 200

export type FlowRow = typeof flows.$inferSelect

/** In the order in which they come for one event. */
export async function listFlows(ctx: Ctx): Promise<Flow[]> {
  const rows = await select(ctx).where(isNull(flows.deletedAt)).orderBy(asc(flows.position), asc(flows.id))
  return present(ctx, rows)
}

export async function getFlow(ctx: Ctx, id: string): Promise<Flow> {
  const rows = await select(ctx).where(and(eq(flows.id, id), isNull(flows.deletedAt)))
  return found((await present(ctx, rows))[0], 'flow')
}

export async function listVersions(ctx: Ctx, flowId: string) {
  await getFlow(ctx, flowId)
  const rows = await ctx.db
    .select({ version: flowVersions, by: staff.name })
    .from(flowVersions)
    .leftJoin(staff, eq(staff.id, flowVersions.publishedBy))
    .where(eq(flowVersions.flowId, flowId))
    .orderBy(desc(flowVersions.number))
    .limit(100)
  return { items: rows.map(presentVersion) }
}

/** Draws a flow up; it does nothing until it is published and switched on. */
export async function createFlow(ctx: Ctx, { name, record, draft }: NewFlow): Promise<Flow> {
  if (!ctx.records.get(record)?.rows)
    throw invalid('unknown_record', 'Flows know no such record.', { path: 'record' })
  const [last] = await ctx.db
    .select({ position: max(flows.position), count: sql<number>`count(*)::int` })
    .from(flows)
    .where(isNull(flows.deletedAt))
  if (last!.count >= mostFlows) throw conflict('too_many_flows', `There are ${mostFlows} flows at most.`)
  const [flow] = await ctx.db
    .insert(flows)
    .values({
      ...{ name, record, draft: readDraft(draft), position: (last!.position ?? 0) + 1 },
      createdAt: ctx.now,
    })
    .returning({ id: flows.id })
  tell(ctx, flow!.id, 'created')
  return getFlow(ctx, flow!.id)
}

export async function changeFlow(
  ctx: Ctx,
  id: string,
  { name, draft, expectedVersion }: FlowChange,
): Promise<Flow> {
  const before = await lockFlow(ctx, id)
  if (expectedVersion !== undefined && expectedVersion !== before.version)
    throw conflict('changed_meanwhile', 'Somebody changed this flow meanwhile.', { version: before.version })
  await ctx.db
    .update(flows)
    .set({
      ...(name !== undefined && { name }),
      ...(draft !== undefined && { draft: readDraft(draft) }),
      version: sql`${flows.version} + 1`,
    })
    .where(eq(flows.id, id))
  tell(ctx, id, 'changed')
  return getFlow(ctx, id)
}

/** Its journal stays; what waits in it ends when its time comes. */
export async function deleteFlow(ctx: Ctx, id: string) {
  await assertReaches(ctx, await lockFlow(ctx, id))
  await ctx.db
    .update(flows)
    .set({ deletedAt: ctx.now, state: 'off', nextAt: null, walkAt: null })
    .where(eq(flows.id, id))
  tell(ctx, id, 'deleted')
}

export async function orderFlows(ctx: Ctx, ids: readonly string[]): Promise<Flow[]> {
  assertSeesStores(ctx.actor, null)
  const known = await ctx.db
    .select({ id: flows.id })
    .from(flows)
    .where(isNull(flows.deletedAt))
    .orderBy(asc(flows.id))
    .for('update')
  if (known.length !== new Set(ids).size || !known.every(({ id }) => ids.includes(id)))
    throw conflict('changed_meanwhile', 'The order names other flows than there are.')
  await ctx.db
    .update(flows)
    .set({ position: sql`array_position(${sql.param([...ids])}::uuid[], ${flows.id})` })
    .where(inArray(flows.id, [...ids]))
  for (const id of ids) ctx.emit(flowChanged, { flowId: id })
  ctx.audit('flow.ordered', 'flows')
  return listFlows(ctx)
}

export async function lockFlow(ctx: Ctx, id: string): Promise<FlowRow> {
  const [row] = await ctx.db
    .select()
    .from(flows)
    .where(and(eq(flows.id, id), isNull(flows.deletedAt)))
    .for('update')
  return found(row, 'flow')
}

/** Who does not see all the stores it works in must not change what it does there. */
export async function assertReaches(ctx: Ctx, { publishedId }: FlowRow) {
  if (!publishedId) return
  const [version] = await ctx.db
    .select({ storeIds: flowVersions.storeIds })
    .from(flowVersions)
    .where(eq(flowVersions.id, publishedId))
  assertSeesStores(ctx.actor, version!.storeIds)
}

export function tell(ctx: Ctx, flowId: string, what: string) {
  ctx.emit(flowChanged, { flowId })
  ctx.audit(`flow.${what}`, `flow:${flowId}`)
}

const select = (ctx: Ctx) =>
  ctx.db
    .select({ flow: flows, version: flowVersions, by: staff.name })
    .from(flows)
    .leftJoin(flowVersions, eq(flowVersions.id, flows.publishedId))
    .leftJoin(staff, eq(staff.id, flowVersions.publishedBy))
    .$dynamic()

type Counts = Flow['counts'] & { id: string; lastRunAt: Date | null }

async function present(ctx: Ctx, rows: Awaited<ReturnType<typeof select>>): Promise<Flow[]> {
  const ids = sql.param(rows.map(({ flow }) => flow.id))
  const { rows: counted } = await ctx.db.execute<Counts>(sql`
    select f.id, (select max(started_at) from flow_runs where flow_id = f.id) as "lastRunAt",
      (select count(*)::int from flow_runs where flow_id = f.id and state = 'waiting') as waiting,
      day.runs, day.refused, day.failed
    from unnest(${ids}::uuid[]) as f(id), lateral (
      select count(*)::int as runs, count(*) filter (where state = 'failed')::int as failed,
        count(*) filter (where ending = 'refused' or exists
          (select from flow_steps where run_id = flow_runs.id and outcome = 'refused'))::int as refused
      from flow_runs where flow_id = f.id and started_at > ${new Date(ctx.now.getTime() - 86_400_000)}) as day`)
  const warnings = await warningsOf(
    ctx,
    rows.flatMap(({ flow, version }) => (version ? [{ ...version, record: flow.record }] : [])),
  )
  const locale = await readerLocale(ctx)
  return rows.map(({ flow, version, by }) => {
    const name = seededName(flow, locale)
    const { id, record, position, state, suspendedWhy, suspendedAt, nextAt } = flow
    const { lastRunAt, id: _, ...counts } = counted.find(one => one.id === id)!
    return {
      ...{ id, name, record, position, state, suspendedWhy, suspendedAt, nextAt, counts },
      lastRunAt: lastRunAt && new Date(lastRunAt),
      draft: flow.draft as Flow['draft'],
      version: flow.version,
      published: version && presentVersion({ version, by }),
      isChanged:
        !version ||
        version.name !== flow.name ||
        JSON.stringify(version.terms) !== JSON.stringify(flow.draft),
      warnings: (version && warnings.get(version.id)) ?? [],
    }
  })
}

const presentVersion = ({
  version,
  by,
}: {
  version: typeof flowVersions.$inferSelect
  by: string | null
}) => ({
  id: version.id,
  number: version.number,
  name: version.name,
  terms: version.terms as Flow['draft'],
  publishedBy: { id: version.publishedBy, name: by ?? '' },
  publishedAt: version.publishedAt,
})
