import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { found, invalid } from '../../platform/errors.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { customerChanged } from './events.ts'
import { findCustomer, lockCustomer } from './lookup.ts'
import type { FactFilter } from './schemas.ts'
import { facts, type legalBases } from './tables.ts'

export type Origin = { source: string; legalBasis?: (typeof legalBases)[number] | null; at?: Date }
export type Said = Origin & { customerId: string; field: string; value: unknown }

/** Notes what is true of a customer from now on (or since `at`), keeping what was noted before. */
export async function recordFact(ctx: Ctx, customerId: string, said: Omit<Said, 'customerId'>) {
  if (isKeptElsewhere(said.field))
    throw invalid('field_kept_elsewhere', 'This field is changed with the customer, or as an identity.')
  await lockCustomer(ctx, customerId)
  const [fact] = await writeFacts(ctx, [{ customerId, ...said }])
  ctx.emit(customerChanged, { customerId, fields: ['facts'] }, { customerId })
  ctx.audit('customer.changed', `customer:${customerId}`, ['facts', said.field])
  return fact!
}

export async function writeFacts(ctx: Ctx, said: readonly Said[]) {
  if (said.length === 0) return []
  const rows = said.map(one => factRow(ctx, one))
  return ctx.db
    .insert(facts)
    .values(rows.map(row => ({ ...row, value: row.value ?? sql`'null'::jsonb` })))
    .returning()
}

export const factRow = (
  ctx: Ctx,
  { customerId, field, value, source, legalBasis = null, at = ctx.now }: Said,
) => ({
  ...{ customerId, originalCustomerId: customerId, field, value, source, legalBasis, at },
  by: ctx.actor.kind === 'staff' || ctx.actor.kind === 'api_key' ? ctx.actor.id : null,
})

/** The value that holds for each field. */
export const currentFacts = (ctx: Ctx, customerId: string) =>
  ctx.db
    .selectDistinctOn([facts.field])
    .from(facts)
    .where(eq(facts.customerId, customerId))
    .orderBy(facts.field, desc(facts.at), desc(facts.id))

/** Every value there ever was, the last noted first. */
export async function listFacts(
  ctx: Ctx,
  customerId: string,
  { field, cursor, limit }: z.output<typeof FactFilter>,
) {
  found(await findCustomer(ctx, customerId), 'customer')
  const before = readCursor(cursor, 'uuid')
  const rows = await ctx.db
    .select()
    .from(facts)
    .where(
      and(
        eq(facts.customerId, customerId),
        field ? eq(facts.field, field) : undefined,
        before ? lt(facts.id, before) : undefined,
      ),
    )
    .orderBy(desc(facts.id))
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.id) : null }
}

const isKeptElsewhere = (field: string) =>
  ['name', 'language', 'zone', 'country', 'tags', 'email', 'phone'].includes(field) ||
  field.startsWith('custom.')
