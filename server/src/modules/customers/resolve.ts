import { eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { Country, LanguageTag, Zone } from '../settings/schemas.ts'
import { isBlockedSql } from './blocking.ts'
import { customerChanged } from './events.ts'
import { writeFacts } from './facts.ts'
import { notBlocked } from './identities.ts'
import { lockCustomers } from './lookup.ts'
import { refreshNeedles } from './needles.ts'
import { insertNewcomers, type Newcomer, newCustomer } from './newcomers.ts'
import { normaliseIdentity, storable } from './normalise.ts'
import { scalarFields } from './profiles.ts'
import { customers, type IdentityKind, identities } from './tables.ts'

/** Somebody as a channel knows him. `verified`: the channel vouches that he is who he says. */
export type Person = {
  kind: IdentityKind
  scope: string
  value: string
  display?: string | undefined
  verified: boolean
  name?: string | undefined
  language?: string | null | undefined
  zone?: string | null | undefined
  /** Also where a phone number without + is from. */
  country?: string | null | undefined
  source: string
}

/** `isBlocked` as it was a moment ago: whoever acts on it locks the identity and asks again. */
export type Resolved = { customerId: string; identityId: string; created: boolean; isBlocked: boolean }

/**
 * Who each of these is: the customer his identity belongs to, else a new one. Answers in the order asked. Blanks
 * of known customers are filled by what is said of them, save by who is blocked; nothing is overwritten and nobody
 * merged: verified and unverified identities of one value are two. However many come at once, and from however many
 * processes, an identity gets one customer: the unique key is the judge, and whoever loses takes the winner's. One
 * statement when all are known and nothing is new about them.
 */
export async function resolveCustomers(ctx: Ctx, people: readonly Person[]): Promise<Resolved[]> {
  const asked = people.map(understand)
  const wanted = new Map(asked.map(person => [keyOf(person), person]))
  const known = await findKnown(ctx, wanted)
  const made = new Map<string, Resolved>()
  for (let attempt = 1; known.size + made.size < wanted.size; attempt++) {
    if (attempt > 5) throw new Error('Identities vanish as fast as they are made.')
    const missing = [...wanted].filter(([key]) => !known.has(key) && !made.has(key))
    for (const [key, newcomer] of await createMissing(ctx, missing)) made.set(key, newcomer)
    const lost = missing.filter(([key]) => !made.has(key))
    for (const [key, winner] of await findKnown(ctx, new Map(lost))) known.set(key, winner)
  }
  await fillBlanks(
    ctx,
    asked.flatMap(person => {
      const row = known.get(keyOf(person))
      return row && !row.isBlocked ? [{ person, row }] : []
    }),
  )
  return asked.map(person => {
    const key = keyOf(person)
    const { customerId, identityId, isBlocked } = made.get(key) ?? known.get(key)!
    return { customerId, identityId, isBlocked, created: made.has(key) }
  })
}

type Asked = ReturnType<typeof understand>
type Known = Awaited<ReturnType<typeof readKnown>>[number]

/** A channel passes on what strangers send: what is no language, zone or country is left out, never refused. */
function understand(person: Person) {
  const { kind, scope, verified, source } = person
  const { value, display } = normaliseIdentity(kind, person.value, person.country)
  return {
    ...{ kind, scope, verified, source, value },
    display: person.display ? storable(person.display).slice(0, longestText).toWellFormed() : display,
    name: storable(person.name ?? '')
      .slice(0, longestText)
      .toWellFormed(),
    language: soundOrNull(LanguageTag, person.language),
    zone: soundOrNull(Zone, person.zone),
    country: soundOrNull(Country, person.country),
  }
}

const soundOrNull = (shape: z.ZodType<string>, text: string | null | undefined) =>
  shape.safeParse(text).data ?? null

const longestText = 300

const keyOf = ({
  kind,
  scope,
  value,
  verified,
}: {
  kind: string
  scope: string
  value: string
  verified: boolean
}) => JSON.stringify([value, kind, scope, verified])

async function findKnown(ctx: Ctx, wanted: ReadonlyMap<string, Asked>) {
  const rows = wanted.size === 0 ? [] : await readKnown(ctx, [...wanted.values()])
  return new Map(rows.map(row => [keyOf(row), row]))
}

const readKnown = (ctx: Ctx, people: readonly Asked[]) =>
  ctx.db
    .select({
      identityId: identities.id,
      customerId: identities.customerId,
      kind: identities.kind,
      scope: identities.scope,
      value: identities.value,
      verified: identities.isVerified,
      isBlocked: sql<boolean>`${isBlockedSql}`,
      name: customers.name,
      language: customers.language,
      zone: customers.zone,
      country: customers.country,
    })
    .from(identities)
    .innerJoin(customers, eq(customers.id, identities.customerId))
    .where(sql`(${identities.value}, ${identities.kind}, ${identities.scope}, ${identities.isVerified}) in (
      select * from unnest(${column(people, p => p.value)}::text[], ${column(people, p => p.kind)}::text[],
        ${column(people, p => p.scope)}::text[], ${column(people, p => p.verified)}::boolean[]))`)
    .prepare('find-identities')
    .execute()

const column = <T>(rows: readonly T[], pick: (row: T) => unknown) => sql.param(rows.map(pick))

/**
 * Makes customers for identities that have none, and answers those this call made: only who wins his identity
 * gets a customer. Always in one order, so that two batches with the same new people wait for each other instead
 * of locking each other out.
 */
async function createMissing(ctx: Ctx, missing: readonly (readonly [string, Asked])[]) {
  const newcomers = missing
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, person]) => ({ key, ...newcomer(ctx, person) }))
  const { ids } = await insertNewcomers(ctx, newcomers, { onlyWinners: true })
  return newcomers
    .filter(({ customer }) => ids.has(customer.id))
    .map(({ key, customer, identities: [identity] }): [string, Resolved] => [
      key,
      { customerId: customer.id, identityId: identity!.id, isBlocked: false, created: true },
    ])
}

function newcomer(ctx: Ctx, { name, language, zone, country, verified, ...person }: Asked): Newcomer {
  const id = uuidv7()
  const identity = {
    ...{ id: uuidv7(), customerId: id, originalCustomerId: id, ...person, isVerified: verified },
    ...{ verifiedAt: verified ? ctx.now : null, verifiedBy: null, ...notBlocked, createdAt: ctx.now },
  }
  const profile = { name, language, zone, country, tags: [], customFields: {} }
  return {
    customer: newCustomer(ctx, id, profile, [identity]),
    identities: [identity],
    facts: saidIn(id, { name, language, zone, country }, person.source),
  }
}

type Said = Partial<Pick<Asked, (typeof scalarFields)[number]>>

const saidIn = (customerId: string, said: Said, source: string) =>
  scalarFields.flatMap(field => (said[field] ? [{ customerId, field, value: said[field], source }] : []))

/** Rare, so it takes the rows one by one; a blank that somebody else has just filled stays as he filled it. */
async function fillBlanks(ctx: Ctx, met: readonly { person: Asked; row: Known }[]) {
  const useful = met.filter(({ person, row }) => scalarFields.some(field => !row[field] && person[field]))
  if (useful.length === 0) return
  const locked = await lockCustomers(
    ctx,
    useful.map(({ row }) => row.customerId),
  )
  for (const { person, row } of useful) {
    const customer = locked.get(row.customerId)
    if (!customer || customer.mergedIntoId !== null) continue
    const said: Said = Object.fromEntries(
      scalarFields.flatMap(field => (customer[field] || !person[field] ? [] : [[field, person[field]]])),
    )
    const fields = Object.keys(said)
    if (fields.length === 0) continue
    Object.assign(customer, said)
    await ctx.db
      .update(customers)
      .set({
        ...said,
        own: customer.own && { ...customer.own, ...said },
        updatedAt: ctx.now,
        version: sql`${customers.version} + 1`,
      })
      .where(eq(customers.id, customer.id))
    if (said.name) await refreshNeedles(ctx, [customer.id])
    await writeFacts(ctx, saidIn(customer.id, said, person.source))
    ctx.emit(customerChanged, { customerId: customer.id, fields }, { customerId: customer.id })
    ctx.audit('customer.changed', `customer:${customer.id}`, fields)
  }
}
