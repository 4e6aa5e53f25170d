import { z } from 'zod'
import { masked, Page } from '../../platform/route.ts'
import { Country, LanguageTag, Zone } from '../settings/schemas.ts'
import { customFieldTypes, factSources, identityKinds, legalBases, revealReasons } from './tables.ts'

const contactDetails = 'customers:contact-details'
const email = masked(z.string(), contactDetails, 'email').nullable()
const phone = masked(z.string(), contactDetails, 'phone').nullable()

export const CustomerRow = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email,
    phone,
    language: z.string().nullable(),
    zone: z.string().nullable(),
    country: z.string().nullable(),
    tags: z.array(z.string()),
    anonymous: z.boolean(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'CustomerRow' })
export type CustomerRow = z.output<typeof CustomerRow>

/** `isClaimed`: his own word, by which nobody is recognised. */
export const Identity = z
  .object({
    id: z.uuid(),
    kind: z.enum(identityKinds),
    display: masked(z.string(), contactDetails, 'text'),
    isVerified: z.boolean(),
    isClaimed: z.boolean(),
    verifiedAt: z.date().nullable(),
    verifiedBy: z.uuid().nullable(),
    source: z.string(),
    blockedAt: z.date().nullable(),
    blockedBy: z.uuid().nullable(),
    createdAt: z.date(),
  })
  .meta({ id: 'Identity' })

export const Fact = z
  .object({
    id: z.uuid(),
    field: z.string(),
    value: z.unknown(),
    source: z.string(),
    legalBasis: z.enum(legalBases).nullable(),
    at: z.date(),
    by: z.uuid().nullable(),
  })
  .meta({ id: 'Fact' })

/**
 * `mergedIntoId` is the one he was finally merged into, `merged` are those merged into him, `lookAlikes` others
 * who share an address or number with him: whether they are the same person is for a person to say.
 */
export const Customer = z
  .object({
    ...CustomerRow.shape,
    customFields: z.record(z.string(), z.union([z.string(), z.number()])),
    identities: z.array(Identity),
    facts: z.array(Fact),
    mergedIntoId: z.uuid().nullable(),
    merged: z.array(z.object({ id: z.uuid(), name: z.string(), at: z.date(), by: z.uuid().nullable() })),
    lookAlikes: z.array(z.object({ id: z.uuid(), name: z.string() })),
    version: z.int(),
  })
  .meta({ id: 'Customer' })
export type Customer = z.output<typeof Customer>

/** The addresses and numbers of one customer, whole. */
export const ContactDetails = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum(identityKinds),
        display: z.string(),
        value: z.string(),
        isVerified: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'ContactDetails' })

/** `note` may be empty unless the reason is another than those listed. */
export const NewReveal = z.object({
  identityId: z.uuid(),
  reason: z.enum(revealReasons),
  note: z.string().trim().max(300).default(''),
})
export type NewReveal = z.output<typeof NewReveal>

/** One address or number, whole. */
export const RevealedDetail = z
  .object({ identityId: z.uuid(), kind: z.enum(identityKinds), display: z.string(), value: z.string() })
  .meta({ id: 'RevealedDetail' })

/** `count` of all, `items` are the newest. */
export const RevealList = z
  .object({
    items: z.array(
      z.object({
        id: z.uuid(),
        kind: z.enum(identityKinds),
        reason: z.enum(revealReasons),
        note: z.string(),
        by: z.object({ id: z.uuid(), name: z.string() }),
        at: z.date(),
      }),
    ),
    count: z.int(),
  })
  .meta({ id: 'RevealList' })

// As it was written, spaces and all; 217 is the longest of the naughty strings.
const Name = z.string().max(300)
const Tags = z.array(z.string().trim().min(1).max(50)).max(50)
const CustomFieldValues = z.record(z.string().max(50), z.union([z.string().max(2_000), z.number(), z.null()]))
const origin = {
  source: z.enum(factSources).default('staff'),
  legalBasis: z.enum(legalBases).nullable().default(null),
}

export const NewCustomer = z.object({
  name: Name.default(''),
  email: z.string().max(320).optional(),
  phone: z.string().max(60).optional(),
  language: LanguageTag.nullable().default(null),
  zone: Zone.nullable().default(null),
  country: Country.nullable().default(null),
  tags: Tags.default([]),
  customFields: CustomFieldValues.default({}),
  ...origin,
})
export type NewCustomer = z.output<typeof NewCustomer>

/** `version` is the one the change was made on; a field left out stays, a custom field set to null goes. */
export const CustomerChange = z.object({
  version: z.int().min(1),
  name: Name.optional(),
  language: LanguageTag.nullable().optional(),
  zone: Zone.nullable().optional(),
  country: Country.nullable().optional(),
  customFields: CustomFieldValues.optional(),
  ...origin,
})
export type CustomerChange = z.output<typeof CustomerChange>

export const TagSet = z.object({ tags: Tags })

export const NewIdentity = z.object({
  kind: z.enum(['email', 'phone', 'external']),
  /** For an account elsewhere: where it is one, such as a channel's id. */
  scope: z.string().max(100).default(''),
  value: z.string().min(1).max(320),
  /** The country a number without + is from; otherwise the customer's. */
  country: Country.optional(),
  /** Vouched for by who adds it, which needs customers:merge. */
  isVerified: z.boolean().default(false),
})
export type NewIdentity = z.output<typeof NewIdentity>

export const FactPath = z.object({ id: z.uuid(), field: z.string().regex(/^[a-z][a-zA-Z0-9_.-]{0,59}$/) })
const smallJson = z.unknown().refine(value => value !== undefined && JSON.stringify(value).length <= 4_000, {
  message: 'A value is JSON of at most 4,000 characters.',
})
export const NewFact = z.object({ value: smallJson, ...origin })
export type NewFact = z.output<typeof NewFact>
export const FactFilter = Page.extend({ field: FactPath.shape.field.optional() })

export const IdentityPath = z.object({ id: z.uuid(), identityId: z.uuid() })
export const MergeTarget = z.object({ intoId: z.uuid() })
export const CustomerFilter = Page.extend({ search: z.string().max(200).optional() })
export type CustomerFilter = z.output<typeof CustomerFilter>

export const TimelineFilter = Page.extend({
  /** Nouns or whole names of events with commas between: `conversation,customer.merged`. */
  kinds: z
    .string()
    .max(500)
    .regex(/^[a-z_.,]*$/)
    .optional(),
})
export type TimelineFilter = z.output<typeof TimelineFilter>

export const TimelineItem = z
  .object({
    id: z.int(),
    at: z.date(),
    name: z.string(),
    actor: z.object({ kind: z.string(), id: z.uuid().nullable() }),
    customerId: z.uuid(),
    conversationId: z.uuid().nullable(),
    params: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TimelineItem' })
export type TimelineItem = z.output<typeof TimelineItem>

export const CustomField = z
  .object({
    id: z.uuid(),
    key: z.string(),
    label: z.string(),
    type: z.enum(customFieldTypes),
    choices: z.array(z.string()),
  })
  .meta({ id: 'CustomField' })

export const NewCustomField = z
  .object({
    key: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,49}$/),
    label: z.string().trim().min(1).max(100),
    type: z.enum(customFieldTypes),
    choices: z.array(z.string().trim().min(1).max(100)).max(200).default([]),
  })
  .refine(({ type, choices }) => (type === 'choice') === choices.length > 0, {
    path: ['choices'],
    message: 'A choice has choices, and only a choice has.',
  })
export type NewCustomField = z.output<typeof NewCustomField>
