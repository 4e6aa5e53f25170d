import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found, invalid } from '../../platform/errors.ts'
import { customerMerged, customerUnmerged } from './events.ts'
import { type CustomerRecord, familyOf, lockCustomers, rootOf } from './lookup.ts'
import { refreshNeedles } from './needles.ts'
import { ownOf, profileOf } from './profiles.ts'
import { customerMerges, customers, facts, identities } from './tables.ts'

/**
 * Makes two customers one: what is known of `fromId` goes to `intoId`, whose own values stand and whose blanks
 * are filled. `fromId` stays as a record that points to him. Where `intoId` was merged himself, it goes to the
 * one he was merged into. Only a person or a rule of his merges; nothing here does it by itself.
 */
export async function mergeCustomers(ctx: Ctx, fromId: string, intoId: string) {
  const target = await rootOf(ctx, intoId)
  if (target === fromId) throw invalid('same_customer', 'These are one customer already.')
  const { from, into } = await lockPair(ctx, fromId, target)
  if (from.mergedIntoId !== null)
    throw conflict('customer_merged', 'This customer was merged into another.', {
      intoId: await rootOf(ctx, fromId),
    })
  // He was merged between the look and the lock.
  if (into.mergedIntoId !== null)
    throw conflict('customer_changed', 'The other customer was just merged; look again.')

  await ctx.db.insert(customerMerges).values({ fromId, intoId: target, at: ctx.now, by: ctx.actor.id })
  await setParent(ctx, fromId, target)
  await ctx.db.update(identities).set({ customerId: target }).where(eq(identities.customerId, fromId))
  await ctx.db.update(facts).set({ customerId: target }).where(eq(facts.customerId, fromId))
  if (into.own === null)
    await ctx.db
      .update(customers)
      .set({ own: ownOf(into) })
      .where(eq(customers.id, target))
  await refreshProfile(ctx, target)
  await refreshNeedles(ctx, [target])

  ctx.emit(customerMerged, { fromId, intoId: target }, { customerId: target })
  ctx.audit('customer.merged', `customer:${fromId}`)
  ctx.audit('customer.merged', `customer:${target}`)
}

/**
 * Takes a merge back, in whatever order merges were made: everything returns to where it was at home, and what
 * was changed or added since stays with the one it was changed on.
 */
export async function undoMerge(ctx: Ctx, fromId: string) {
  const intoId = await rootOf(ctx, fromId)
  await lockPair(ctx, fromId, intoId)
  const [merge] = await ctx.db
    .update(customerMerges)
    .set({ undoneAt: ctx.now, undoneBy: ctx.actor.id })
    .where(and(eq(customerMerges.fromId, fromId), isNull(customerMerges.undoneAt)))
    .returning()
  if (!merge) throw conflict('not_merged', 'This customer is not merged.')
  // Between the look and the lock the one he belonged to was merged on or set free.
  if ((await rootOf(ctx, fromId)) !== intoId)
    throw conflict('customer_changed', 'Another merge was just made; look again.')

  const customerIds = await familyOf(ctx, fromId)
  await setParent(ctx, fromId, null)
  for (const table of [identities, facts])
    await ctx.db
      .update(table)
      .set({ customerId: fromId })
      .where(and(eq(table.customerId, intoId), inArray(table.originalCustomerId, customerIds)))
  await refreshUpwards(ctx, merge.intoId)
  await refreshNeedles(ctx, [fromId, intoId])

  ctx.emit(customerUnmerged, { fromId, intoId, customerIds }, { customerId: intoId })
  ctx.audit('customer.unmerged', `customer:${fromId}`)
  ctx.audit('customer.unmerged', `customer:${intoId}`)
}

/** Those merged directly into a customer, the earliest first. */
export const listMerged = (ctx: Ctx, id: string) =>
  ctx.db
    .select({ id: customers.id, name: customers.name, at: customerMerges.at, by: customerMerges.by })
    .from(customerMerges)
    .innerJoin(customers, eq(customers.id, customerMerges.fromId))
    .where(and(eq(customerMerges.intoId, id), isNull(customerMerges.undoneAt)))
    .orderBy(asc(customerMerges.id))

async function lockPair(ctx: Ctx, fromId: string, intoId: string) {
  const locked = await lockCustomers(ctx, [fromId, intoId], 'update')
  return { from: found(locked.get(fromId), 'customer'), into: found(locked.get(intoId), 'customer') }
}

const setParent = (ctx: Ctx, id: string, mergedIntoId: string | null) =>
  ctx.db
    .update(customers)
    .set({ mergedIntoId, updatedAt: ctx.now, version: sql`${customers.version} + 1` })
    .where(eq(customers.id, id))

async function refreshUpwards(ctx: Ctx, id: string) {
  for (let next: string | null = id; next !== null; ) next = (await refreshProfile(ctx, next)).mergedIntoId
}

/** Makes him again from his own values and those of whoever is merged into him now. */
async function refreshProfile(ctx: Ctx, id: string): Promise<CustomerRecord> {
  const [customer] = await ctx.db.select().from(customers).where(eq(customers.id, id)).for('update')
  const merged = await ctx.db
    .select({ customer: customers })
    .from(customerMerges)
    .innerJoin(customers, eq(customers.id, customerMerges.fromId))
    .where(and(eq(customerMerges.intoId, id), isNull(customerMerges.undoneAt)))
    .orderBy(asc(customerMerges.id))
  const profile = profileOf(
    customer!.own ?? ownOf(customer!),
    merged.map(row => row.customer),
  )
  const own = merged.length > 0 ? customer!.own : null
  const [refreshed] = await ctx.db
    .update(customers)
    .set({ ...profile, own, updatedAt: ctx.now, version: sql`${customers.version} + 1` })
    .where(eq(customers.id, id))
    .returning()
  return refreshed!
}
