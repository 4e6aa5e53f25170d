import { and, asc, desc, eq, inArray, isNotNull, lt, or } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { getConversation } from '../conversations/conversations.ts'
import { isInSight, namesOf } from './asking.ts'
import { getFlow } from './flows.ts'
import { stepAt } from './places.ts'
import type { FlowRun } from './schemas.ts'
import { flowRuns, flowSteps, flows, flowVersions } from './tables.ts'

type PageOf = { cursor?: string | undefined; limit: number }

/** What was to be done, is under way or has ended; what turned out to be none of its business is not kept. */
const isTold = or(isNotNull(flowRuns.startedAt), isNotNull(flowRuns.ending), isNotNull(flowRuns.reason))

/** The runs of one flow, newest first. */
export async function listRuns(
  ctx: Ctx,
  flowId: string,
  { cursor, limit, state }: PageOf & { state?: FlowRun['state'] | undefined },
) {
  const { record } = await getFlow(ctx, flowId)
  const rows = await select(ctx)
    .where(
      and(
        eq(flowRuns.flowId, flowId),
        isTold,
        state ? eq(flowRuns.state, state) : undefined,
        cursor ? lt(flowRuns.id, cursor) : undefined,
        isInSight(ctx, record, flowRuns.recordId),
      ),
    )
    .orderBy(desc(flowRuns.id))
    .limit(limit + 1)
  const items = await present(ctx, rows.slice(0, limit))
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

export async function getRun(ctx: Ctx, id: string): Promise<FlowRun> {
  const rows = await select(ctx).where(eq(flowRuns.id, id))
  const [seen] =
    rows.length > 0
      ? await ctx.db
          .select({ id: flowRuns.id })
          .from(flowRuns)
          .where(and(eq(flowRuns.id, id), isInSight(ctx, rows[0]!.record, flowRuns.recordId)))
      : []
  found(seen, 'flow_run')
  return (await present(ctx, rows))[0]!
}

/** What flows did to a conversation, newest first: everybody who sees it may know. */
export async function listRunsOf(ctx: Ctx, conversationId: string) {
  await getConversation(ctx, conversationId)
  const rows = await select(ctx)
    .where(and(eq(flowRuns.recordId, conversationId), isTold))
    .orderBy(desc(flowRuns.id))
    .limit(30)
  return { items: await present(ctx, rows) }
}

const select = (ctx: Ctx) =>
  ctx.db
    .select({ run: flowRuns, record: flows.record, version: flowVersions })
    .from(flowRuns)
    .innerJoin(flows, eq(flows.id, flowRuns.flowId))
    .innerJoin(flowVersions, eq(flowVersions.id, flowRuns.versionId))
    .$dynamic()

async function present(ctx: Ctx, rows: Awaited<ReturnType<typeof select>>): Promise<FlowRun[]> {
  const steps = await ctx.db
    .select()
    .from(flowSteps)
    .where(
      inArray(
        flowSteps.runId,
        rows.map(({ run }) => run.id),
      ),
    )
    .orderBy(asc(flowSteps.runId), asc(flowSteps.n))
  const byRun = Map.groupBy(steps, ({ runId }) => runId)
  const names = new Map<string, string>()
  for (const [record, runs] of Map.groupBy(rows, ({ record }) => record)) {
    const ids = runs.map(({ run }) => run.recordId)
    for (const [id, name] of await namesOf(ctx, record, ids)) names.set(id, name)
  }
  return rows.map(({ run, version }) => ({
    id: run.id,
    flow: { id: run.flowId, name: version.name, version: version.number },
    recordId: run.recordId,
    recordName: names.get(run.recordId) ?? null,
    state: run.state,
    ending: run.ending,
    reason: run.reason,
    wakeAt: run.wakeAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    steps: (byRun.get(run.id) ?? []).map(({ place, outcome, code, words, at }) => ({
      ...{ place, outcome, code, words, at },
      step: stepAt(version.terms.steps, place),
    })),
  }))
}
