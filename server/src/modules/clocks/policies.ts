import { and, asc, desc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found } from '../../platform/errors.ts'
import { getStore } from '../settings/stores.ts'
import type { NewPolicy, PolicyChange } from './schemas.ts'
import { clockPolicies } from './tables.ts'

export type Policy = typeof clockPolicies.$inferSelect

/** The versions that hold at this moment. */
export const policiesInForce = (ctx: Ctx): Promise<Policy[]> =>
  ctx.db
    .select()
    .from(clockPolicies)
    .where(and(lte(clockPolicies.effectiveFrom, ctx.now), or(isNull(clockPolicies.effectiveTo), gt(clockPolicies.effectiveTo, ctx.now))))
    .orderBy(desc(clockPolicies.version))

export const listPolicies = async (ctx: Ctx) => ({ items: await ctx.db.select().from(clockPolicies).orderBy(asc(clockPolicies.code), desc(clockPolicies.version)) })

export async function createPolicy(ctx: Ctx, input: NewPolicy) {
  if (input.storeId) await getStore(ctx, input.storeId)
  const [policy] = await ctx.db
    .insert(clockPolicies)
    .values({ ...input, warnAt: input.warnAt, version: 1, effectiveFrom: ctx.now, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning()
  if (!policy) throw conflict('policy_exists', 'There is a policy of this code; change that one.')
  ctx.audit('clock_policy.created', `clock_policy:${policy.id}`)
  return policy
}

/** Ends the present version and begins the next one; clocks that run keep the one they started under. */
export async function changePolicy(ctx: Ctx, id: string, change: PolicyChange) {
  const [ended] = await ctx.db
    .update(clockPolicies)
    .set({ effectiveTo: ctx.now })
    .where(and(eq(clockPolicies.id, id), isNull(clockPolicies.effectiveTo)))
    .returning()
  if (!ended) {
    const [any] = await ctx.db.select().from(clockPolicies).where(eq(clockPolicies.id, id))
    found(any, 'clock_policy')
    throw conflict('changed_meanwhile', 'This version of the policy has ended; change the present one.')
  }
  const { id: _, ...kept } = ended
  const [policy] = await ctx.db
    .insert(clockPolicies)
    .values({ ...kept, ...change, version: ended.version + 1, effectiveFrom: ctx.now, effectiveTo: null, createdAt: ctx.now })
    .returning()
  ctx.audit('clock_policy.changed', `clock_policy:${id}`, Object.keys(change))
  return policy!
}

const domain = 'Afar domain rules §5.7: answer a chat within 30 seconds'

/** What a new house starts with; repeated at every start without effect. */
export async function seedPolicies(ctx: Ctx) {
  await ctx.db
    .insert(clockPolicies)
    .values({
      code: 'chat-first-response',
      version: 1,
      name: 'Chat: first response in 30 s',
      kind: 'first_response',
      channelKind: 'web_chat',
      windowSeconds: 30,
      calendar: 'store',
      warnAt: [0.5, 0.75, 0.9],
      source: domain,
      verifiedAt: '2026-11-21',
      effectiveFrom: new Date(0),
    })
    .onConflictDoNothing()
}
