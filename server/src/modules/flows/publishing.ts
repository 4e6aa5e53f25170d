import { and, eq, isNull, max, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict } from '../../platform/errors.ts'
import { getCompany } from '../settings/company.ts'
import { myself } from '../staff/me.ts'
import { assertReaches, getFlow, lockFlow, tell } from './flows.ts'
import { nextOccurrence } from './occurrences.ts'
import type { Flow } from './schemas.ts'
import { flowSpending, flows, flowVersions } from './tables.ts'
import { checkTerms, type Terms } from './terms.ts'

/**
 * Makes the draft what the flow is from now on; runs that have begun keep to the version they began with. Whoever
 * publishes must be allowed to do each of its actions himself, and it reaches the stores that he sees.
 */
export async function publishFlow(ctx: Ctx, id: string, expectedVersion?: number): Promise<Flow> {
  const publishedBy = myself(ctx)
  const flow = await lockFlow(ctx, id)
  if (expectedVersion !== undefined && expectedVersion !== flow.version)
    throw conflict('changed_meanwhile', 'Somebody changed this flow meanwhile.', { version: flow.version })
  await assertReaches(ctx, flow)
  const terms = checkTerms(ctx, flow.record, flow.draft)
  const [last] = await ctx.db
    .select({ number: max(flowVersions.number) })
    .from(flowVersions)
    .where(eq(flowVersions.flowId, id))
  const [version] = await ctx.db
    .insert(flowVersions)
    .values({
      flowId: id,
      number: (last!.number ?? 0) + 1,
      name: flow.name,
      terms,
      storeIds: ctx.actor.storeIds === 'all' ? null : [...ctx.actor.storeIds],
      publishedBy,
      publishedAt: ctx.now,
    })
    .returning({ id: flowVersions.id })
  await ctx.db
    .update(flows)
    .set({
      draft: terms,
      publishedId: version!.id,
      version: sql`${flows.version} + 1`,
      ...(flow.state === 'on' && (await startingAt(ctx, terms))),
    })
    .where(eq(flows.id, id))
  tell(ctx, id, 'published')
  return getFlow(ctx, id)
}

/** On again after it was suspended, it begins with full budgets: a person has looked. */
export async function switchFlow(ctx: Ctx, id: string, state: 'on' | 'off'): Promise<Flow> {
  const flow = await lockFlow(ctx, id)
  await assertReaches(ctx, flow)
  if (flow.state === state) return getFlow(ctx, id)
  const [version] = await ctx.db
    .select()
    .from(flowVersions)
    .where(eq(flowVersions.id, flow.publishedId ?? id))
  if (!version) throw conflict('not_published', 'Publish this flow before it is switched on.')
  if (state === 'on') await ctx.db.delete(flowSpending).where(eq(flowSpending.flowId, id))
  await ctx.db
    .update(flows)
    .set({
      ...{ state, suspendedWhy: null, suspendedAt: null },
      ...(state === 'on' ? await startingAt(ctx, version.terms) : { nextAt: null, walkAt: null }),
    })
    .where(and(eq(flows.id, id), isNull(flows.deletedAt)))
  tell(ctx, id, state === 'on' ? 'switched_on' : 'switched_off')
  return getFlow(ctx, id)
}

/** When the clock starts it, if it does, and that no walk through the records is under way. */
export async function startingAt(ctx: Ctx, { trigger }: Terms) {
  const fresh = { walkAt: null, walkedTo: null }
  if (trigger.code === 'elapsed') return { ...fresh, nextAt: ctx.now, walkAt: ctx.now }
  if (trigger.code !== 'schedule') return { ...fresh, nextAt: null }
  const { at, zone, days } = trigger.params as { at: string; zone: string | null; days: number[] }
  return {
    ...fresh,
    nextAt: nextOccurrence({ at, days, zone: zone ?? (await getCompany(ctx)).zone }, ctx.now),
  }
}
