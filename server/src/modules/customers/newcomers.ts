import { sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { customerCreated } from './events.ts'
import { factRow, type Said } from './facts.ts'
import type { IdentityRecord } from './identities.ts'
import type { CustomerRecord } from './lookup.ts'
import { needlesFor } from './needles.ts'
import type { Profile } from './tables.ts'

export type Newcomer = {
  customer: CustomerRecord
  identities: readonly IdentityRecord[]
  facts: readonly Said[]
}

export function newCustomer(
  ctx: Ctx,
  id: string,
  profile: Profile,
  known: readonly IdentityRecord[],
): CustomerRecord {
  return {
    ...{ id, ...profile, ...needlesFor(profile.name, known), mergedIntoId: null, own: null },
    ...{ createdAt: ctx.now, updatedAt: ctx.now, version: 1 },
  }
}

/**
 * Writes new customers with all that is known of them, in one statement. An identity that somebody else has is
 * left out, and with `onlyWinners` so is the customer. Answers the ids of what was written.
 */
export async function insertNewcomers(
  ctx: Ctx,
  newcomers: readonly Newcomer[],
  { onlyWinners = false } = {},
) {
  const identities = newcomers.flatMap(newcomer => newcomer.identities)
  const facts = newcomers.flatMap(newcomer =>
    newcomer.facts.map(said => ({ id: uuidv7(), ...factRow(ctx, said) })),
  )
  const rows = newcomers.map(newcomer => newcomer.customer)
  const { rows: written } = await executeNamed<{ id: string }>(
    ctx.db,
    'insert-newcomers',
    sql`
    with won as (
      insert into identities (id, customer_id, original_customer_id, kind, scope, value, is_verified, display, verified_at, verified_by, source, created_at)
      select id, "customerId", "originalCustomerId", kind, scope, value, "isVerified", display, "verifiedAt", "verifiedBy", source, "createdAt"
      from json_to_recordset(${JSON.stringify(identities)}::json) as r(id uuid, "customerId" uuid, "originalCustomerId" uuid, kind text, scope text,
        value text, "isVerified" boolean, display text, "verifiedAt" timestamptz, "verifiedBy" uuid, source text, "createdAt" timestamptz)
      on conflict do nothing
      returning id, customer_id
    ), made as (
      insert into customers (id, name, language, zone, country, tags, custom_fields, name_needle, needle, bigrams, anonymous, created_at, updated_at)
      select id, name, language, zone, country, tags, "customFields", "nameNeedle", needle, bigrams::tsvector, anonymous, "createdAt", "updatedAt"
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, name text, language text, zone text, country text, tags text[],
        "customFields" jsonb, "nameNeedle" text, needle text, bigrams text, anonymous boolean, "createdAt" timestamptz, "updatedAt" timestamptz)
      where not ${onlyWinners} or id in (select customer_id from won)
      returning id
    ), noted as (
      insert into facts (id, customer_id, original_customer_id, field, value, source, legal_basis, at, by)
      select id, "customerId", "originalCustomerId", field, coalesce(value, 'null'), source, "legalBasis", at, by
      from json_to_recordset(${JSON.stringify(facts)}::json) as r(id uuid, "customerId" uuid, "originalCustomerId" uuid, field text,
        value jsonb, source text, "legalBasis" text, at timestamptz, by uuid)
      where "customerId" in (select id from made)
    )
    select id from made union all select id from won`,
  )
  const ids = new Set(written.map(row => row.id))
  for (const { id } of rows) {
    if (!ids.has(id)) continue
    ctx.emit(customerCreated, { customerId: id }, { customerId: id })
    ctx.audit('customer.created', `customer:${id}`)
  }
  return { ids, facts }
}
