import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found } from '../../platform/errors.ts'
import { listLookAlikes } from './contacts.ts'
import { checkCustomFields } from './custom-fields.ts'
import { customerChanged } from './events.ts'
import { currentFacts, type Origin, writeFacts } from './facts.ts'
import {
  findOwner,
  type IdentityRecord,
  identityTaken,
  isClaim,
  listIdentities,
  newIdentity,
} from './identities.ts'
import { type CustomerRecord, findCustomer, lockCustomer, rootOf } from './lookup.ts'
import { listMerged } from './merging.ts'
import { asVector, needlesFor } from './needles.ts'
import { insertNewcomers, newCustomer } from './newcomers.ts'
import { ownTags, scalarFields, withoutBlanks, withoutNulls } from './profiles.ts'
import type { Customer, CustomerChange, NewCustomer } from './schemas.ts'
import { customers } from './tables.ts'

export async function getCustomer(ctx: Ctx, id: string): Promise<Customer> {
  const customer = found(await findCustomer(ctx, id), 'customer')
  return {
    ...present(customer, await listIdentities(ctx, id)),
    facts: await currentFacts(ctx, id),
    mergedIntoId: customer.mergedIntoId && (await rootOf(ctx, id)),
    merged: await listMerged(ctx, id),
    lookAlikes: await listLookAlikes(ctx, id),
  }
}

export async function createCustomer(ctx: Ctx, input: NewCustomer): Promise<Customer> {
  const { name, language, zone, country, email, phone } = input
  await checkCustomFields(ctx, input.customFields)
  const id = uuidv7()
  const wanted = [
    ...(email ? [newIdentity(ctx, { id, country }, { kind: 'email', value: email })] : []),
    ...(phone ? [newIdentity(ctx, { id, country }, { kind: 'phone', value: phone })] : []),
  ]
  const tags = [...new Set(input.tags)]
  const customFields = withoutNulls(input.customFields)
  const customer = newCustomer(ctx, id, { name, language, zone, country, tags, customFields }, wanted)
  const said = saidIn(id, withoutBlanks({ name, language, zone, country }), customFields, input)
  const { ids, facts } = await insertNewcomers(ctx, [{ customer, identities: wanted, facts: said }])
  const taken = wanted.find(identity => !ids.has(identity.id))
  if (taken) throw identityTaken(await findOwner(ctx, taken))
  return {
    ...present(customer, wanted),
    facts: facts.toSorted((a, b) => (a.field < b.field ? -1 : 1)),
    // Look-alikes are for whoever opens his page; imports make thousands and look at none.
    ...{ mergedIntoId: null, merged: [], lookAlikes: [] },
  }
}

/** Changes what is said of a customer, if he is still as the one who changes him saw him. */
export async function changeCustomer(ctx: Ctx, id: string, change: CustomerChange): Promise<Customer> {
  const customer = await lockCustomer(ctx, id)
  if (customer.version !== change.version) throw customerChangedMeanwhile(customer.version)
  await checkCustomFields(ctx, change.customFields ?? {})

  const scalars = Object.fromEntries(
    scalarFields.flatMap(field =>
      change[field] === undefined || change[field] === customer[field] ? [] : [[field, change[field]]],
    ),
  ) as Partial<Pick<CustomerRecord, (typeof scalarFields)[number]>>
  const custom = Object.fromEntries(
    Object.entries(change.customFields ?? {}).filter(
      ([key, value]) => value !== (customer.customFields[key] ?? null),
    ),
  )
  const fields = [...Object.keys(scalars), ...(Object.keys(custom).length > 0 ? ['customFields'] : [])]
  if (fields.length === 0) return getCustomer(ctx, id)

  const { own } = customer
  await setFields(ctx, customer, {
    ...scalars,
    customFields: withoutNulls({ ...customer.customFields, ...custom }),
    own: own && { ...own, ...scalars, customFields: { ...own.customFields, ...custom } },
    ...(scalars.name !== undefined && (await needlesOf(ctx, id, scalars.name))),
  })
  await writeFacts(ctx, saidIn(id, scalars, custom, change))
  tell(ctx, id, fields)
  return getCustomer(ctx, id)
}

export async function setTags(ctx: Ctx, id: string, wanted: readonly string[]): Promise<Customer> {
  const customer = await lockCustomer(ctx, id)
  const tags = [...new Set(wanted)]
  const isSame = tags.length === customer.tags.length && tags.every(tag => customer.tags.includes(tag))
  if (!isSame) {
    await setFields(ctx, customer, { tags, own: customer.own && ownTags(customer.own, customer.tags, tags) })
    tell(ctx, id, ['tags'])
  }
  return getCustomer(ctx, id)
}

async function setFields(ctx: Ctx, { id, version }: CustomerRecord, fields: object) {
  const [changed] = await ctx.db
    .update(customers)
    .set({ ...fields, updatedAt: ctx.now, version: version + 1 })
    .where(and(eq(customers.id, id), eq(customers.version, version)))
    .returning({ id: customers.id })
  if (!changed) throw customerChangedMeanwhile()
}

const customerChangedMeanwhile = (version?: number) =>
  conflict(
    'customer_changed',
    'Somebody changed this customer meanwhile; look again.',
    version && { version },
  )

async function needlesOf(ctx: Ctx, id: string, name: string) {
  const { bigrams, ...needles } = needlesFor(name, await listIdentities(ctx, id))
  return { ...needles, bigrams: asVector(bigrams) }
}

const present = (customer: CustomerRecord, known: readonly IdentityRecord[]) => ({
  ...customer,
  email: known.find(({ kind }) => kind === 'email')?.display ?? null,
  phone: known.find(({ kind }) => kind === 'phone')?.display ?? null,
  identities: known.map(one => ({
    ...one,
    // A visitor's value is drawn by lot and means nothing to anybody.
    display: one.kind === 'visitor' ? '' : one.display,
    isClaimed: isClaim(one),
  })),
})

/** What a change says, field by field, for the history of each; null says that there is none. */
const saidIn = (
  customerId: string,
  scalars: Record<string, unknown>,
  custom: Record<string, unknown>,
  { source, legalBasis = null }: Origin,
) =>
  [
    ...Object.entries(scalars),
    ...Object.entries(custom).map(([key, value]): [string, unknown] => [`custom.${key}`, value]),
  ].map(([field, value]) => ({ customerId, field, value, source, legalBasis }))

function tell(ctx: Ctx, customerId: string, fields: string[]) {
  ctx.emit(customerChanged, { customerId, fields }, { customerId })
  ctx.audit('customer.changed', `customer:${customerId}`, fields)
}
