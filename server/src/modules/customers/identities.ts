import { and, desc, eq, inArray } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import { type Ctx, can } from '../../platform/context.ts'
import { conflict, forbidden, found, invalid, isUniqueViolation } from '../../platform/errors.ts'
import { customerChanged } from './events.ts'
import { type CustomerRecord, lockCustomer, lockCustomers } from './lookup.ts'
import { refreshNeedles } from './needles.ts'
import { normaliseIdentity } from './normalise.ts'
import { customers, type IdentityKind, identities } from './tables.ts'

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

export const notBlocked = { blockedAt: null, blockedBy: null }

type Said = {
  customerId: string
  email?: string | undefined
  phone?: string | undefined
  /** Where a number without + is from. */
  country?: string | null | undefined
  source: string
}

/**
 * Notes a further address, number or account of a customer. One that another customer of the same standing has
 * is refused with `identity_taken`, for a person to look at; nobody is merged by it.
 */
export async function addIdentity(ctx: Ctx, customerId: string, added: Added): Promise<IdentityRecord> {
  const customer = await lockCustomer(ctx, customerId)
  const row = newIdentity(ctx, customer, added)
  const had = await findOwn(ctx, row)
  if (had && (had.isVerified || !row.isVerified)) return had
  if (had) return verifyIdentity(ctx, customerId, had.id)
  const [identity] = await insertIdentities(ctx, [row])
  if (!identity) throw identityTaken(await findOwner(ctx, row))
  await noteChange(ctx, customerId)
  return identity
}

/** Somebody has seen proof that the address or number is the customer's: from now on it stands for him. */
export async function verifyIdentity(
  ctx: Ctx,
  customerId: string,
  identityId: string,
): Promise<IdentityRecord> {
  await lockCustomer(ctx, customerId)
  const claimed = await getIdentity(ctx, customerId, identityId)
  if (claimed.isVerified) return claimed
  const scope = isClaim(claimed) ? '' : claimed.scope
  const proven = { isVerified: true, scope, verifiedAt: ctx.now, verifiedBy: ctx.actor.id }
  const taken = await findOwner(ctx, { ...claimed, ...proven })
  if (taken) throw identityTaken(taken)
  const [verified] = await ctx.db
    .update(identities)
    .set(proven)
    .where(eq(identities.id, identityId))
    .returning()
    .catch(error => {
      // Somebody else verified it for another customer in the same moment.
      throw isUniqueViolation(error) ? identityTaken(null) : error
    })
  await noteChange(ctx, customerId)
  return verified!
}

export async function removeIdentity(ctx: Ctx, customerId: string, identityId: string) {
  await lockCustomer(ctx, customerId)
  const { blockedAt } = await getIdentity(ctx, customerId, identityId)
  if (blockedAt) throw conflict('identity_blocked', 'This sender is blocked; unblock him first.')
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
export async function noteContacts(ctx: Ctx, said: readonly Said[]) {
  const claims = new Map(said.flatMap(claimsOf).map(claim => [keyOf(claim), claim]))
  if (claims.size === 0) return
  const ids = [...new Set([...claims.values()].map(claim => claim.customerId))]
  for (const had of await ctx.db.select().from(identities).where(inArray(identities.customerId, ids)))
    claims.delete(keyOf(had))
  const fresh = [...claims.values()].map(claim => ({ ...claim, createdAt: ctx.now }))
  if (fresh.length === 0) return
  const changed = [...new Set(fresh.map(claim => claim.customerId))].toSorted()
  await lockCustomers(ctx, changed)
  await insertIdentities(ctx, fresh)
  await refreshNeedles(ctx, changed)
  for (const customerId of changed) tellIdentities(ctx, customerId)
}

export const listIdentities = (ctx: Ctx, customerId: string) =>
  ctx.db
    .select()
    .from(identities)
    .where(eq(identities.customerId, customerId))
    .orderBy(desc(identities.isVerified), identities.createdAt, identities.id)

export const isClaim = ({
  scope,
  originalCustomerId,
}: Pick<IdentityRecord, 'scope' | 'originalCustomerId'>) => scope === originalCustomerId

/** Leaves out what is there already, whoever put it there a moment ago. */
export const insertIdentities = (ctx: Ctx, rows: readonly (typeof identities.$inferInsert)[]) =>
  ctx.db
    .insert(identities)
    .values([...rows])
    .onConflictDoNothing()
    .returning()

export function newIdentity(
  ctx: Ctx,
  customer: Pick<CustomerRecord, 'id' | 'country'>,
  added: Added,
): IdentityRecord {
  const { kind, isVerified = false, source = ctx.actor.kind } = added
  if (isVerified && !can(ctx.actor, 'customers:merge'))
    throw forbidden('permission_denied', 'To vouch for an identity needs the permission customers:merge.')
  const { value, display, isWellFormed } = normaliseIdentity(
    kind,
    added.value,
    added.country ?? customer.country,
  )
  if (!isWellFormed) throw invalid(`invalid_${kind}`, `This can be no ${kind}.`)
  // What a visitor says of himself must neither stand for him nor tell him whether we know it already.
  const isHisWord = !isVerified && (ctx.actor.kind === 'visitor' || ctx.actor.kind === 'system')
  return {
    ...{ id: uuidv7(), customerId: customer.id, originalCustomerId: customer.id },
    ...{ kind, value, isVerified, source, scope: isHisWord ? customer.id : (added.scope ?? '') },
    display: added.display ?? display,
    ...{ verifiedAt: isVerified ? ctx.now : null, verifiedBy: isVerified ? ctx.actor.id : null },
    ...notBlocked,
    createdAt: ctx.now,
  }
}

export const identityTaken = (customerId: string | null) =>
  conflict('identity_taken', 'Another customer has this already.', { customerId })

/** Whom an identity stands for. */
export async function findOwner(
  ctx: Ctx,
  { kind, scope, value, isVerified }: Pick<IdentityRecord, 'kind' | 'scope' | 'value' | 'isVerified'>,
): Promise<string | null> {
  const [owner] = await ctx.db
    .select({ customerId: identities.customerId })
    .from(identities)
    .where(
      and(
        eq(identities.value, value),
        eq(identities.kind, kind),
        eq(identities.scope, scope),
        eq(identities.isVerified, isVerified),
      ),
    )
  return owner?.customerId ?? null
}

function tellIdentities(ctx: Ctx, customerId: string) {
  ctx.emit(customerChanged, { customerId, fields: ['identities'] }, { customerId })
  ctx.audit('customer.changed', `customer:${customerId}`, ['identities'])
}

async function getIdentity(ctx: Ctx, customerId: string, identityId: string) {
  const [identity] = await ctx.db
    .select()
    .from(identities)
    .where(and(eq(identities.id, identityId), eq(identities.customerId, customerId)))
  return found(identity, 'identity')
}

/** What he has of this value: the very one, else the one it would become when verified. */
async function findOwn(
  ctx: Ctx,
  { customerId, kind, value, scope, isVerified }: ReturnType<typeof newIdentity>,
) {
  const own = await ctx.db
    .select()
    .from(identities)
    .where(and(eq(identities.customerId, customerId), eq(identities.kind, kind), eq(identities.value, value)))
    .orderBy(desc(identities.isVerified))
  const same = own.find(one => one.scope === scope && one.isVerified === isVerified)
  return same ?? own.find(one => one.scope === scope || isClaim(one))
}

async function noteChange(ctx: Ctx, customerId: string) {
  await ctx.db.update(customers).set({ updatedAt: ctx.now }).where(eq(customers.id, customerId))
  await refreshNeedles(ctx, [customerId])
  tellIdentities(ctx, customerId)
}

const isReferenced = (error: unknown): boolean =>
  error instanceof Error && ((error as { code?: string }).code === '23503' || isReferenced(error.cause))

const keyOf = ({ customerId, kind, value }: { customerId: string; kind: string; value: string }) =>
  `${customerId} ${kind} ${value}`

function claimsOf({ customerId, email, phone, country, source }: Said) {
  const claim = (kind: 'email' | 'phone', raw: string) => {
    const { value, display, isWellFormed } = normaliseIdentity(kind, raw, country)
    const home = { customerId, originalCustomerId: customerId, scope: customerId }
    return isWellFormed ? [{ ...home, kind, value, display, source, isVerified: false }] : []
  }
  return [...(email ? claim('email', email) : []), ...(phone ? claim('phone', phone) : [])]
}
