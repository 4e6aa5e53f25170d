import { desc, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf, tsvector } from '../../platform/columns.ts'

export const identityKinds = ['email', 'phone', 'visitor', 'user', 'external'] as const
export type IdentityKind = (typeof identityKinds)[number]

export const customFieldTypes = ['text', 'number', 'date', 'choice'] as const
export type CustomFields = Record<string, string | number>

export const revealReasons = ['call_back', 'delivery', 'identity_check', 'refund', 'other'] as const

/** How a value came to us; channels name themselves. */
export const factSources = ['customer', 'staff', 'order', 'import', 'public', 'inferred'] as const

/** GDPR Art. 6(1)(a)–(f). */
export const legalBases = [
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
] as const

/** What is said of a customer as a whole and survives a merge field by field. */
export type Profile = {
  name: string
  language: string | null
  zone: string | null
  country: string | null
  tags: string[]
  customFields: CustomFields
}

/**
 * What a customer who has taken in others had, or was given, himself; a field left out is filled from those
 * merged into him. `withoutTags` are theirs that somebody took away.
 */
export type OwnProfile = Partial<Omit<Profile, 'tags' | 'customFields'>> & {
  tags: string[]
  withoutTags: string[]
  customFields: Record<string, string | number | null>
}

const known = sql`merged_into_id is null and not anonymous`

/** kB. What was written last waits in a list that every search reads through: 4 MB of it cost each 10 ms. */
const quickToSearch = { gin_pending_list_limit: 256 }

/**
 * One person across stores and channels. What he is found by is kept folded beside him: `needle` for those who
 * may see contact details, `nameNeedle` for those who may not, `bigrams` what of both is written without spaces.
 */
export const customers = pgTable(
  'customers',
  {
    id: id(),
    name: text().notNull().default(''),
    language: text(),
    zone: text(),
    country: text(),
    tags: text().array().notNull().default(sql`'{}'`),
    customFields: jsonb().$type<CustomFields>().notNull().default({}),
    /** Nobody knows his name or how to reach him; such visitors are in no list and no search. */
    anonymous: boolean().notNull().default(false),
    mergedIntoId: uuid().references((): AnyPgColumn => customers.id),
    own: jsonb().$type<OwnProfile>(),
    nameNeedle: text().notNull().default(''),
    needle: text().notNull().default(''),
    bigrams: tsvector(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    version: integer().notNull().default(1),
  },
  t => [
    index('customers_known').on(t.id).where(known),
    index('customers_by_name').on(t.nameNeedle.op('text_pattern_ops')).where(known),
    index('customers_name_fragments')
      .using('gin', t.nameNeedle.op('gin_trgm_ops'))
      .with(quickToSearch)
      .where(known),
    index('customers_fragments').using('gin', t.needle.op('gin_trgm_ops')).with(quickToSearch).where(known),
    index('customers_bigrams')
      .using('gin', t.bigrams)
      .with(quickToSearch)
      .where(sql`${known} and bigrams is not null`),
    index('customers_merged').on(t.mergedIntoId).where(sql`merged_into_id is not null`),
  ],
)

/**
 * By what a customer is known: an address, a number, an account. `value` is normalised and, within its `scope`
 * ('' the world, a store, a channel), belongs to one verified and one unverified customer at most, who never
 * meet by themselves. What a visitor only says of himself has himself as its scope, so it identifies nobody.
 * `originalCustomerId` is its home: `customerId` is the one the home was last merged into.
 */
export const identities = pgTable(
  'identities',
  {
    id: id(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    originalCustomerId: uuid()
      .notNull()
      .references(() => customers.id),
    kind: oneOf(identityKinds).notNull(),
    scope: text().notNull().default(''),
    value: text().notNull(),
    isVerified: boolean().notNull(),
    display: text().notNull(),
    verifiedAt: instant(),
    verifiedBy: uuid(),
    source: text().notNull(),
    /** What is sent from here reaches nobody. It goes with the identity, whoever's that becomes. */
    blockedAt: instant(),
    blockedBy: uuid(),
    createdAt: createdAt(),
  },
  t => [
    unique('identities_value').on(t.value, t.kind, t.scope, t.isVerified),
    index('identities_by_customer').on(t.customerId),
    index('identities_blocked').on(desc(t.blockedAt), desc(t.id)).where(sql`blocked_at is not null`),
  ],
)

/** Every value ever noted, with where it came from and why we may keep it; the newest of a field holds. */
export const facts = pgTable(
  'facts',
  {
    id: id(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    originalCustomerId: uuid().notNull(),
    field: text().notNull(),
    value: jsonb().notNull(),
    source: text().notNull(),
    legalBasis: oneOf(legalBases),
    at: instant().notNull(),
    by: uuid(),
  },
  t => [index('facts_by_customer').on(t.customerId, t.field, t.at, t.id)],
)

export const customerMerges = pgTable(
  'customer_merges',
  {
    id: id(),
    fromId: uuid()
      .notNull()
      .references(() => customers.id),
    intoId: uuid()
      .notNull()
      .references(() => customers.id),
    at: instant().notNull(),
    by: uuid(),
    undoneAt: instant(),
    undoneBy: uuid(),
  },
  t => [uniqueIndex('customer_merges_standing').on(t.fromId).where(sql`undone_at is null`)],
)

/** Who was shown which contact detail of whom, and why he asked. The detail itself may be gone by now. */
export const contactReveals = pgTable(
  'contact_reveals',
  {
    id: id(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    identityId: uuid().notNull(),
    kind: oneOf(identityKinds).notNull(),
    reason: oneOf(revealReasons).notNull(),
    note: text().notNull(),
    by: uuid().notNull(),
    at: instant().notNull(),
  },
  t => [
    index('contact_reveals_of_customer').on(t.customerId, t.at),
    index('contact_reveals_by_person').on(t.by, t.at),
  ],
)

export const customFields = pgTable('custom_fields', {
  id: id(),
  key: text().notNull().unique(),
  label: text().notNull(),
  type: oneOf(customFieldTypes).notNull(),
  choices: text().array().notNull().default(sql`'{}'`),
  createdAt: createdAt(),
})
