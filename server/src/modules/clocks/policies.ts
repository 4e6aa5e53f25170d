import { and, asc, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { conflict, found, invalid } from '../../platform/errors.ts'
import { getStore } from '../settings/stores.ts'
import { assertSeesStores } from '../staff/roles.ts'
import type { NewPolicy, PolicyChange } from './schemas.ts'
import { clockPolicies } from './tables.ts'

type PolicyRow = typeof clockPolicies.$inferSelect

/** What a clock needs of the policy it runs under. */
export type Policy = Pick<
  PolicyRow,
  'id' | 'kind' | 'channelKind' | 'storeId' | 'windowSeconds' | 'calendar' | 'warnAt'
>

/** The versions that hold at this moment. Asked with every message, so written by hand: building it took longer. */
export async function policiesInForce({ db, now }: Ctx) {
  const { rows } = await executeNamed<Policy>(
    db,
    'policies-in-force',
    sql`
    select id, kind, channel_kind as "channelKind", store_id as "storeId", window_seconds as "windowSeconds",
      calendar, warn_at as "warnAt"
    from clock_policies where effective_from <= ${now} and (effective_to is null or effective_to > ${now})`,
  )
  return rows
}

export async function listPolicies(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(clockPolicies)
    .where(visibleTo(ctx))
    .orderBy(asc(clockPolicies.code), desc(clockPolicies.version))
  return rows.map(row => present(ctx, row))
}

export async function createPolicy(ctx: Ctx, input: NewPolicy) {
  if (input.storeId) await getStore(ctx, input.storeId)
  else assertSeesStores(ctx.actor, null)
  refuseFutureVerification(ctx, input.verifiedAt)
  const rivals = await ctx.db.select().from(clockPolicies).where(rivalOf(input))
  if (rivals.some(({ code }) => code === input.code))
    throw conflict('policy_exists', 'This policy is in force; change that one.')
  const [policy] = rivals.length > 0 ? [] : await insertVersion(ctx, input)
  if (!policy)
    throw conflict('policy_overlaps', 'Another policy times this already; change or end that one.', {
      policyId: rivals[0]?.id ?? null,
    })
  ctx.audit('clock_policy.created', `clock_policy:${policy.id}`)
  return present(ctx, policy)
}

/** Ends the present version and begins the next one; clocks that run keep the one they started under. */
export async function changePolicy(ctx: Ctx, id: string, change: PolicyChange) {
  const changed = Object.keys(change)
  if (changed.length === 0) return present(ctx, await getPolicy(ctx, id))
  if (change.verifiedAt) refuseFutureVerification(ctx, change.verifiedAt)
  const { id: _, ...ended } = await endVersion(ctx, id)
  const [policy] = await insertVersion(ctx, { ...ended, ...change })
  ctx.audit('clock_policy.changed', `clock_policy:${policy!.id}`, changed)
  return present(ctx, policy!)
}

/** From now on no clock starts under it; clocks that run keep it. */
export async function endPolicy(ctx: Ctx, id: string) {
  await endVersion(ctx, id)
  ctx.audit('clock_policy.ended', `clock_policy:${id}`)
}

/** Afar domain rules §3.2 and §5.7. */
const seeded = [
  {
    code: 'chat-first-response',
    name: 'Chat: first response in 30 s',
    channelKind: 'web_chat',
    windowSeconds: 30,
    source: 'Afar domain rules §5.7: answer a chat within 30 seconds',
    verifiedAt: '2026-11-21',
  },
  {
    code: 'mail-first-response',
    name: 'Mail: first response in 4 h',
    channelKind: 'mail',
    windowSeconds: 4 * 3_600,
    source: 'Afar domain rules §3.2: answer a mail within 4 hours',
    verifiedAt: '2026-11-22',
  },
] as const

/** What a new house starts with; repeated at every start without effect, also once it was changed or ended. */
export async function seedPolicies(ctx: Ctx) {
  await ctx.db
    .insert(clockPolicies)
    .values(
      seeded.map(policy => ({
        ...policy,
        version: 1,
        kind: 'first_response' as const,
        calendar: 'store' as const,
        warnAt: [0.5, 0.75, 0.9],
        effectiveFrom: new Date(0),
      })),
    )
    .onConflictDoNothing()
}

const hour = 3_600_000
const staleAfter = 180 * 24 * hour

async function getPolicy(ctx: Ctx, id: string) {
  const [policy] = await ctx.db
    .select()
    .from(clockPolicies)
    .where(and(eq(clockPolicies.id, id), visibleTo(ctx)))
  return found(policy, 'clock_policy')
}

async function endVersion(ctx: Ctx, id: string) {
  const { storeId } = await getPolicy(ctx, id)
  if (storeId === null) assertSeesStores(ctx.actor, null)
  const [ended] = await ctx.db
    .update(clockPolicies)
    .set({ effectiveTo: ctx.now })
    .where(and(eq(clockPolicies.id, id), isNull(clockPolicies.effectiveTo)))
    .returning()
  if (!ended)
    throw conflict('changed_meanwhile', 'This version of the policy has ended; change the present one.')
  return ended
}

/** A code that was used before goes on counting its versions. Answers nothing where a rival got there first. */
const insertVersion = (ctx: Ctx, terms: NewPolicy) =>
  ctx.db
    .insert(clockPolicies)
    .values({
      ...terms,
      warnAt: [...new Set(terms.warnAt)].sort((a, b) => a - b),
      version: sql`(select coalesce(max(version), 0) + 1 from clock_policies where code = ${terms.code})`,
      effectiveFrom: ctx.now,
      effectiveTo: null,
      createdAt: ctx.now,
    })
    .onConflictDoNothing()
    .returning()

/** What holds under the same code, or for the same answers: of two such policies nobody could say which counts. */
const rivalOf = ({ code, channelKind, kind, storeId }: NewPolicy) =>
  and(
    isNull(clockPolicies.effectiveTo),
    or(
      eq(clockPolicies.code, code),
      and(
        eq(clockPolicies.channelKind, channelKind),
        eq(clockPolicies.kind, kind),
        storeId ? eq(clockPolicies.storeId, storeId) : isNull(clockPolicies.storeId),
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

const present = (ctx: Ctx, { createdAt: _, ...policy }: PolicyRow) => ({
  ...policy,
  isStale: ctx.now.getTime() - Date.parse(policy.verifiedAt) > staleAfter,
})
