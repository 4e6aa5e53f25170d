import { and, eq, inArray, isNull, not, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found } from '../../platform/errors.ts'
import { customers } from './tables.ts'

export type CustomerRecord = typeof customers.$inferSelect

/** In lists and searches: neither merged away nor a visitor nobody knows. */
export const isKnown = and(isNull(customers.mergedIntoId), not(customers.anonymous))

export async function findCustomer(ctx: Ctx, id: string): Promise<CustomerRecord | undefined> {
  const [customer] = await ctx.db.select().from(customers).where(eq(customers.id, id))
  return customer
}

/** Holds a customer until the end of the transaction. Whoever was merged away is changed no more. */
export async function lockCustomer(ctx: Ctx, id: string): Promise<CustomerRecord> {
  const [row] = await ctx.db.select().from(customers).where(eq(customers.id, id)).for('no key update')
  const customer = found(row, 'customer')
  if (customer.mergedIntoId !== null) {
    const intoId = await rootOf(ctx, id)
    throw conflict('customer_merged', 'This customer was merged into another.', { intoId })
  }
  return customer
}

/**
 * Locked in one order whatever the order asked for, so that two who want the same wait for each other. `update`
 * also keeps out whoever is about to hang something new on one of them, such as a conversation.
 */
export async function lockCustomers(
  ctx: Ctx,
  ids: readonly string[],
  strength: 'no key update' | 'update' = 'no key update',
) {
  const rows = await ctx.db
    .select()
    .from(customers)
    .where(inArray(customers.id, [...ids]))
    .orderBy(customers.id)
    .for(strength)
  return new Map(rows.map(row => [row.id, row]))
}

/** The one a customer was finally merged into; himself, if into nobody. */
export async function rootOf(ctx: Ctx, id: string): Promise<string> {
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    with recursive chain as (
      select id, merged_into_id from customers where id = ${id}
      union all select c.id, c.merged_into_id from customers c join chain on c.id = chain.merged_into_id
    )
    select id from chain where merged_into_id is null`)
  return found(rows[0], 'customer').id
}

/** A customer and all who were merged into him, directly or by way of others. */
export async function familyOf(ctx: Ctx, id: string): Promise<string[]> {
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    with recursive family as (
      select ${id}::uuid as id
      union all select c.id from customers c join family on c.merged_into_id = family.id
    )
    select id from family`)
  return rows.map(row => row.id)
}
