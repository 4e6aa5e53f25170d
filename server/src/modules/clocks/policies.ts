import { and, asc, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found, invalid } from '../../platform/errors.ts'
import { getStore } from '../settings/stores.ts'
import { assertSeesStores } from '../staff/roles.ts'
import { assertPossible } from './possible-policies.ts'
import { presentPolicies } from './presenting.ts'
import type { NewPolicy, PolicyChange } from './schemas.ts'
import { clockPolicies, type StopOccasion } from './tables.ts'

type PolicyRow = typeof clockPolicies.$inferSelect

export async function listPolicies(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(clockPolicies)
    .where(visibleTo(ctx))
    .orderBy(asc(clockPolicies.code), desc(clockPolicies.version))
  return presentPolicies(ctx, rows)
}

export async function createPolicy(ctx: Ctx, input: NewPolicy) {
  if (input.storeId) await getStore(ctx, input.storeId)
  else assertSeesStores(ctx.actor, null)
  refuseFutureVerification(ctx, input.verifiedAt)
  const { window, ...rest } = { ...usual(input), ...input }
  const terms = { ...rest, ...toColumns(window) }
  await assertPossible(ctx, terms)
  // Two that overlap in some sites only would pass any unique index.
  await ctx.db.execute(sql`lock table ${clockPolicies} in share row exclusive mode`)
  const rivals = await ctx.db.select().from(clockPolicies).where(rivalOf(input))
  if (rivals.some(({ code }) => code === input.code))
    throw conflict('policy_exists', 'This policy is in force; change that one.')
  const [policy] = rivals.length > 0 ? [] : await insertVersion(ctx, { ...terms, effectiveFrom: ctx.now })
  if (!policy)
    throw conflict('policy_overlaps', 'Another policy times this already; change or end that one.', {
      policyId: rivals[0]?.id ?? null,
    })
  ctx.audit('clock_policy.created', `clock_policy:${policy.id}`)
  return presentOne(ctx, policy)
}

/** Ends the present version and begins the next one; clocks that run keep the one they started under. */
export async function changePolicy(ctx: Ctx, id: string, { effectiveFrom, ...change }: PolicyChange) {
  const changed = Object.keys(change)
  if (changed.length === 0) return presentOne(ctx, await getPolicy(ctx, id))
  if (change.verifiedAt) refuseFutureVerification(ctx, change.verifiedAt)
  if (effectiveFrom && effectiveFrom < ctx.now)
    throw invalid('effective_in_past', 'What has been timed cannot be timed otherwise.')
  const from = effectiveFrom ?? ctx.now
  const { id: _, version: __, createdAt: ___, ...ended } = await endVersion(ctx, id, from)
  const { window, ...rest } = change
  const terms = { ...ended, ...rest, ...(window !== undefined && toColumns(window)) }
  await assertPossible(ctx, terms)
  const [policy] = await insertVersion(ctx, { ...terms, effectiveFrom: from })
  ctx.audit('clock_policy.changed', `clock_policy:${policy!.id}`, changed)
  return presentOne(ctx, policy!)
}

/** From now on no clock starts under it; clocks that run keep it. */
export async function endPolicy(ctx: Ctx, id: string) {
  await endVersion(ctx, id, ctx.now)
  ctx.audit('clock_policy.ended', `clock_policy:${id}`)
}

const hour = 3_600_000

/** What nobody says because it nearly always is so. */
function usual({ kind }: NewPolicy): { trigger: PolicyRow['trigger']; stopsOn: StopOccasion[] } {
  if (kind === 'promise') return { trigger: 'promised', stopsOn: ['resolved'] }
  if (kind === 'resolution') return { trigger: 'opened', stopsOn: ['resolved'] }
  return {
    trigger: kind === 'update' ? 'opened' : 'oldest_unanswered_message',
    stopsOn: ['human_reply', 'mark_spam', 'resolved'],
  }
}

const toColumns = (window: NewPolicy['window']) => ({
  windowValue: window?.value ?? null,
  windowUnit: window?.unit ?? null,
  ringSeconds: window?.ringSeconds ?? null,
})

async function getPolicy(ctx: Ctx, id: string) {
  const [policy] = await ctx.db
    .select()
    .from(clockPolicies)
    .where(and(eq(clockPolicies.id, id), visibleTo(ctx)))
  return found(policy, 'clock_policy')
}

async function endVersion(ctx: Ctx, id: string, effectiveTo: Date) {
  const { storeId } = await getPolicy(ctx, id)
  if (storeId === null) assertSeesStores(ctx.actor, null)
  const [ended] = await ctx.db
    .update(clockPolicies)
    .set({ effectiveTo })
    .where(and(eq(clockPolicies.id, id), isNull(clockPolicies.effectiveTo)))
    .returning()
  if (!ended)
    throw conflict('changed_meanwhile', 'This version of the policy has ended; change the present one.')
  return ended
}

type NewVersion = Omit<typeof clockPolicies.$inferInsert, 'version'>

/** A code that was used before goes on counting its versions. Answers nothing where a rival got there first. */
const insertVersion = (ctx: Ctx, terms: NewVersion) =>
  ctx.db
    .insert(clockPolicies)
    .values({
      ...terms,
      version: sql`(select coalesce(max(version), 0) + 1 from clock_policies where code = ${terms.code})`,
      effectiveTo: null,
      createdAt: ctx.now,
    })
    .onConflictDoNothing()
    .returning()

/** What holds under the same code, or for the same answers: of two such policies nobody could say which counts. */
const rivalOf = ({ code, channel, kind, storeId, sites }: NewPolicy) =>
  and(
    isNull(clockPolicies.effectiveTo),
    or(
      eq(clockPolicies.code, code),
      and(
        eq(clockPolicies.channel, channel),
        eq(clockPolicies.kind, kind),
        storeId ? eq(clockPolicies.storeId, storeId) : isNull(clockPolicies.storeId),
        sites.length > 0
          ? sql`${clockPolicies.sites} && ${sql.param(sites)}::text[]`
          : sql`${clockPolicies.sites} = '{}'`,
      ),
    ),
  )

/** A day counts as soon as it has begun anywhere, at UTC+14. */
function refuseFutureVerification(ctx: Ctx, verifiedAt: string) {
  if (Date.parse(verifiedAt) > ctx.now.getTime() + 14 * hour)
    throw invalid('verified_in_future', 'Nobody can have verified this on a day to come.')
}

const visibleTo = ({ actor }: Ctx) =>
  actor.storeIds === 'all'
    ? undefined
    : or(isNull(clockPolicies.storeId), inArray(clockPolicies.storeId, [...actor.storeIds]))

const presentOne = async (ctx: Ctx, policy: PolicyRow) => (await presentPolicies(ctx, [policy]))[0]!
