import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Ctx, can } from '../../platform/context.ts'
import { conflict, forbidden, found, invalid } from '../../platform/errors.ts'
import { customerChanged } from './events.ts'
import { type CustomerRecord, findCustomer, lockCustomer } from './lookup.ts'
import { refreshNeedles } from './needles.ts'
import { normaliseIdentity } from './normalise.ts'
import { customers, identities, type IdentityKind } from './tables.ts'

export type IdentityRecord = typeof identities.$inferSelect

type Added = {
  kind: IdentityKind
  scope?: string
  value: string
  display?: string
  country?: string
  isVerified?: boolean
  source?: string
}

/**
 * Notes a further address, number or account of a customer. One that another customer of the same standing has
 * is refused with `identity_taken`, for a person to look at; nobody is merged by it.
 */
export async function addIdentity(ctx: Ctx, customerId: string, added: Added): Promise<IdentityRecord> {
  const customer = await lockCustomer(ctx, customerId)
  const row = newIdentity(ctx, customer, added)
  const had = await findOwn(ctx, customerId, row)
  if (had && (had.isVerified || !row.isVerified)) return had
  if (had) return verifyIdentity(ctx, customerId, had.id)
  const [identity] = await insertIdentities(ctx, [row])
  if (!identity) throw await identityTaken(ctx, row)
  await noteChange(ctx, customerId)
  return identity
}

/** Somebody has seen proof that the address or number is the customer's: from now on it stands for him. */
export async function verifyIdentity(ctx: Ctx, customerId: string, identityId: string): Promise<IdentityRecord> {
  await lockCustomer(ctx, customerId)
  const claimed = await getIdentity(ctx, customerId, identityId)
  if (claimed.isVerified) return claimed
  const scope = isClaim(claimed) ? '' : claimed.scope
  const taken = alias(identities, 'taken')
  const isFree = sql`not exists (${ctx.db
    .select({ id: taken.id })
    .from(taken)
    .where(and(eq(taken.value, claimed.value), eq(taken.kind, claimed.kind), eq(taken.scope, scope), taken.isVerified))})`
  const [verified] = await ctx.db
    .update(identities)
    .set({ isVerified: true, scope, verifiedAt: ctx.now, verifiedBy: ctx.actor.id })
    .where(and(eq(identities.id, identityId), isFree))
    .returning()
  if (!verified) throw await identityTaken(ctx, { ...claimed, scope, isVerified: true })
  await noteChange(ctx, customerId)
  return verified
}

export async function removeIdentity(ctx: Ctx, customerId: string, identityId: string) {
  await lockCustomer(ctx, customerId)
  await getIdentity(ctx, customerId, identityId)
  try {
    await ctx.db.delete(identities).where(eq(identities.id, identityId))
  } catch (error) {
    if (isReferenced(error))
      throw conflict('identity_in_use', 'There are conversations by this identity; it cannot be taken away.')
    throw error
  }
  await noteChange(ctx, customerId)
}

/**
 * Notes how customers say they can be reached, which identifies nobody. What cannot be an address or number is
 * left out; a second time changes nothing. Costs one statement when nothing is new.
 */
export async function noteContacts(
  ctx: Ctx,
  said: readonly { customerId: string; email?: string; phone?: string; country?: string; source: string }[],
) {
  const claims = said.flatMap(({ customerId, email, phone, country, source }) =>
    [
      { kind: 'email' as const, value: email },
      { kind: 'phone' as const, value: phone },
    ].flatMap(({ kind, value }) => (value ? [{ customerId, kind, source, ...normaliseIdentity(kind, value, country) }] : [])),
  )
  const sound = claims.filter(claim => claim.isWellFormed)
  if (sound.length === 0) return
  const keyOf = ({ customerId, kind, value }: { customerId: string; kind: string; value: string }) => `${customerId} ${kind} ${value}`
  const ids = [...new Set(sound.map(claim => claim.customerId))]
  const had = new Set((await ctx.db.select().from(identities).where(inArray(identities.customerId, ids))).map(keyOf))
  const fresh = [...new Map(sound.filter(claim => !had.has(keyOf(claim))).map(claim => [keyOf(claim), claim])).values()]
  if (fresh.length === 0) return
  const rows = fresh.map(({ customerId, kind, value, display, source }) => ({
    ...{ customerId, originalCustomerId: customerId, kind, value, display, source },
    ...{ scope: customerId, isVerified: false, createdAt: ctx.now },
  }))
  const changed = [...new Set(fresh.map(claim => claim.customerId))].toSorted()
  await ctx.db.select({ id: customers.id }).from(customers).where(inArray(customers.id, changed)).orderBy(customers.id).for('update')
  await insertIdentities(ctx, rows)
  await refreshNeedles(ctx, changed)
  for (const customerId of changed) tell(ctx, customerId)
}

/** Whole addresses and numbers; the route asks for customers:contact-details, and the look is on record. */
export async function revealContact(ctx: Ctx, customerId: string) {
  found(await findCustomer(ctx, customerId), 'customer')
  ctx.audit('customer.viewed', `customer:${customerId}`, ['identities'])
  const items = await listIdentities(ctx, customerId)
  return { items: items.filter(({ kind }) => kind !== 'visitor') }
}

export const listIdentities = (ctx: Ctx, customerId: string) =>
  ctx.db
    .select()
    .from(identities)
    .where(eq(identities.customerId, customerId))
    .orderBy(desc(identities.isVerified), identities.createdAt, identities.id)

export const isClaim = ({ scope, originalCustomerId }: Pick<IdentityRecord, 'scope' | 'originalCustomerId'>) =>
  scope === originalCustomerId

/** Leaves out what is there already, whoever put it there a moment ago. */
export const insertIdentities = (ctx: Ctx, rows: readonly (typeof identities.$inferInsert)[]) =>
  ctx.db.insert(identities).values([...rows]).onConflictDoNothing().returning()

export function newIdentity(ctx: Ctx, customer: Pick<CustomerRecord, 'id' | 'country'>, added: Added) {
  const { kind, isVerified = false, source = ctx.actor.kind } = added
  if (isVerified && !can(ctx.actor, 'customers:merge'))
    throw forbidden('permission_denied', 'To vouch for an identity needs the permission customers:merge.')
  const { value, display, isWellFormed } = normaliseIdentity(kind, added.value, added.country ?? customer.country)
  if (!isWellFormed) throw invalid(`invalid_${kind}`, `This can be no ${kind}.`)
  // What a visitor says of himself must neither stand for him nor tell him whether we know it already.
  const isHisWord = !isVerified && (ctx.actor.kind === 'visitor' || ctx.actor.kind === 'system')
  return {
    ...{ customerId: customer.id, originalCustomerId: customer.id, kind, value, isVerified, source },
    scope: isHisWord ? customer.id : (added.scope ?? ''),
    display: added.display ?? display,
    ...(isVerified && { verifiedAt: ctx.now, verifiedBy: ctx.actor.id }),
    createdAt: ctx.now,
  }
}

export async function identityTaken(ctx: Ctx, { kind, scope, value, isVerified }: Pick<IdentityRecord, 'kind' | 'scope' | 'value' | 'isVerified'>) {
  const [owner] = await ctx.db
    .select({ customerId: identities.customerId })
    .from(identities)
    .where(and(eq(identities.value, value), eq(identities.kind, kind), eq(identities.scope, scope), eq(identities.isVerified, isVerified)))
  return conflict('identity_taken', 'Another customer has this already.', { customerId: owner?.customerId ?? null })
}

/** Other customers with the same address or number, for a person to compare. */
export function lookAlikes(ctx: Ctx, customerId: string) {
  const his = alias(identities, 'his')
  return ctx.db
    .selectDistinct({ id: customers.id, name: customers.name })
    .from(his)
    .innerJoin(identities, and(eq(identities.value, his.value), eq(identities.kind, his.kind), ne(identities.customerId, customerId)))
    .innerJoin(customers, eq(customers.id, identities.customerId))
    .where(and(eq(his.customerId, customerId), inArray(his.kind, ['email', 'phone'])))
    .orderBy(customers.id)
    .limit(10)
}

async function getIdentity(ctx: Ctx, customerId: string, identityId: string) {
  const [identity] = await ctx.db
    .select()
    .from(identities)
    .where(and(eq(identities.id, identityId), eq(identities.customerId, customerId)))
  return found(identity, 'identity')
}

async function findOwn(ctx: Ctx, customerId: string, { kind, value, scope, isVerified }: { kind: IdentityKind; value: string; scope: string; isVerified: boolean }) {
  const own = await ctx.db
    .select()
    .from(identities)
    .where(and(eq(identities.customerId, customerId), eq(identities.kind, kind), eq(identities.value, value)))
    .orderBy(desc(identities.isVerified))
  return own.find(one => one.scope === scope && one.isVerified === isVerified) ?? own.find(one => one.scope === scope || isClaim(one))
}

async function noteChange(ctx: Ctx, customerId: string) {
  await ctx.db.update(customers).set({ updatedAt: ctx.now }).where(eq(customers.id, customerId))
  await refreshNeedles(ctx, [customerId])
  tell(ctx, customerId)
}

function tell(ctx: Ctx, customerId: string) {
  ctx.emit(customerChanged, { customerId, fields: ['identities'] }, { customerId })
  ctx.audit('customer.changed', `customer:${customerId}`, ['identities'])
}

const isReferenced = (error: unknown): boolean =>
  error instanceof Error && ((error as { code?: string }).code === '23503' || isReferenced(error.cause))
