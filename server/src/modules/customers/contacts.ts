import { and, eq, inArray, ne } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { listIdentities } from './identities.ts'
import { findCustomer } from './lookup.ts'
import { customers, identities } from './tables.ts'

/** Whole addresses and numbers; the route asks for customers:contact-details, and the look is on record. */
export async function revealContact(ctx: Ctx, customerId: string) {
  found(await findCustomer(ctx, customerId), 'customer')
  ctx.audit('customer.viewed', `customer:${customerId}`, ['identities'])
  const items = await listIdentities(ctx, customerId)
  return { items: items.filter(({ kind }) => kind !== 'visitor') }
}

/** Other customers with the same address or number, for a person to compare. */
export function listLookAlikes(ctx: Ctx, customerId: string) {
  const his = alias(identities, 'his')
  // An address that thousands give to be left alone would otherwise be sorted whole.
  const same = ctx.db
    .select({ id: identities.customerId })
    .from(his)
    .innerJoin(identities, and(eq(identities.value, his.value), eq(identities.kind, his.kind)))
    .where(
      and(
        eq(his.customerId, customerId),
        inArray(his.kind, ['email', 'phone']),
        ne(identities.customerId, customerId),
      ),
    )
    .limit(50)
  return ctx.db
    .select({ id: customers.id, name: customers.name })
    .from(customers)
    .where(inArray(customers.id, same))
    .orderBy(customers.id)
    .limit(10)
}
