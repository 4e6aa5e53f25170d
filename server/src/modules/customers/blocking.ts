import { and, asc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found } from '../../platform/errors.ts'
import { customerChanged } from './events.ts'
import { identities } from './tables.ts'

/**
 * Whether what comes from an identity reaches nobody: it is blocked, or it only claims to be an address that is.
 * The other way round who blocks an address that anybody can claim shuts out nobody it belongs to.
 */
export const isBlockedSql: SQL = sql`(identities.blocked_at is not null or not identities.is_verified and exists (
  select from identities vouched where vouched.value = identities.value and vouched.kind = identities.kind
    and vouched.scope = identities.scope and vouched.is_verified and vouched.blocked_at is not null))`

/** Answers whether it was not blocked before. */
export async function blockIdentity(ctx: Ctx, identityId: string): Promise<boolean> {
  await lockAlike(ctx, identityId)
  const [blocked] = await ctx.db
    .update(identities)
    .set({ blockedAt: ctx.now, blockedBy: ctx.actor.kind === 'staff' ? ctx.actor.id : null })
    .where(and(eq(identities.id, identityId), isNull(identities.blockedAt)))
    .returning({ customerId: identities.customerId })
  if (blocked) tell(ctx, blocked, 'identity.blocked')
  return blocked !== undefined
}

/** Answers whether it was blocked before. */
export async function unblockIdentity(ctx: Ctx, identityId: string): Promise<boolean> {
  await lockAlike(ctx, identityId)
  const [unblocked] = await ctx.db
    .update(identities)
    .set({ blockedAt: null, blockedBy: null })
    .where(and(eq(identities.id, identityId), isNotNull(identities.blockedAt)))
    .returning({ customerId: identities.customerId })
  if (unblocked) tell(ctx, unblocked, 'identity.unblocked')
  return unblocked !== undefined
}

/** Which of these are blocked. Asked with their rows locked it stays so until the end of the transaction. */
export async function findBlocked(ctx: Ctx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await ctx.db
    .select({ id: identities.id })
    .from(identities)
    .where(sql`${identities.id} = any(${sql.param(ids)}::uuid[]) and ${isBlockedSql}`)
    .prepare('find-blocked')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** An answer would invite one that nobody reads. */
export async function refuseBlocked(ctx: Ctx, identityId: string) {
  if ((await findBlocked(ctx, [identityId])).size > 0)
    throw conflict('sender_blocked', 'This sender is blocked; unblock him first.')
}

/**
 * Locks an identity with those of the same value, in the order of everybody: what only claims to be it is placed
 * or left out by whether it is blocked.
 */
export async function lockAlike(ctx: Ctx, identityId: string) {
  const locked = await ctx.db
    .select({ id: identities.id })
    .from(identities)
    .innerJoin(
      asked,
      and(
        eq(asked.value, identities.value),
        eq(asked.kind, identities.kind),
        eq(asked.scope, identities.scope),
      ),
    )
    .where(eq(asked.id, identityId))
    .orderBy(asc(identities.id))
    .for('no key update', { of: identities })
  found(locked[0], 'identity')
}

const asked = alias(identities, 'asked')

/** Within a query over identities: whose messages reach nobody, should the one in the row be blocked alone. */
export const shutOutSql: SQL = sql`(select identities.id union all select claiming.id from identities claiming
  where identities.is_verified and claiming.value = identities.value and claiming.kind = identities.kind
    and claiming.scope = identities.scope and not claiming.is_verified and claiming.blocked_at is null)`

export async function findShutOut(ctx: Ctx, identityId: string): Promise<string[]> {
  const rows = await ctx.db
    .select({ ids: sql<string[]>`array${shutOutSql}` })
    .from(identities)
    .where(eq(identities.id, identityId))
  return found(rows[0], 'identity').ids
}

function tell(ctx: Ctx, { customerId }: { customerId: string }, what: string) {
  ctx.emit(customerChanged, { customerId, fields: ['identities'] }, { customerId })
  ctx.audit(what, `customer:${customerId}`, ['blockedAt'])
}
