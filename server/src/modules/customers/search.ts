import { and, desc, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { type Ctx, can } from '../../platform/context.ts'
import { toVector } from '../../platform/search-text.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { isKnown } from './lookup.ts'
import { contactMark, denseWords, foldName } from './needles.ts'
import type { CustomerFilter, CustomerRow } from './schemas.ts'
import { customers, identities } from './tables.ts'

/** Customers, the newest first, or those a search finds, the best first. */
export async function listCustomers(ctx: Ctx, { search = '', cursor, limit }: CustomerFilter) {
  const sought = foldName(search)
  return sought === '' ? listNewest(ctx, cursor, limit) : searchCustomers(ctx, sought, cursor, limit)
}

async function listNewest(ctx: Ctx, cursor: string | undefined, limit: number) {
  const before = readCursor(cursor, 'uuid')
  const rows = await ctx.db
    .select(shown)
    .from(customers)
    .where(and(isKnown, before ? lt(customers.id, before) : undefined))
    .orderBy(desc(customers.id))
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  return { items: await withContacts(ctx, items), next: rows.length > limit ? writeCursor(items.at(-1)!.id) : null }
}

/**
 * Looks where it is cheap first, so that neither a rare nor a very frequent fragment costs more than a few
 * milliseconds with a million customers: names that begin with what is sought (a B-tree), and the newest few
 * thousand customers (a scan). A frequent fragment fills the page from these; only where they do not is the
 * index of fragments asked, and then at most some hundreds of its answers are looked at. Among the candidates
 * the whole name or address comes first, then the beginning of a name, of a word, then the rest, each the newest
 * first. Whoever may not see contact details finds by names alone.
 */
async function searchCustomers(ctx: Ctx, sought: string, cursor: string | undefined, limit: number) {
  const terms = readTerms(sought)
  const inContacts = can(ctx.actor, 'customers:contact-details')
  const scanned = and(...terms.map(term => containing(term, inContacts)))
  const indexed = and(...terms.map(term => and(indexFor(term, inContacts), containing(term, inContacts))))
  const fit = fitOf(terms.length === 1 ? terms[0]!.texts[0]! : sought, inContacts)
  const isIndexed = terms.some(term => term.isIndexed)
  const after = readCursor(cursor, 'fit')

  const hits = sql`(
    with named as materialized (
      select id, ${fit} as fit from customers
      where ${isKnown} and ${customers.nameNeedle} like ${`${beginning(sought)}%`}
      order by name_needle using ~<~ limit ${mostNamed}
    ), recent as materialized (
      select id, ${fit} as fit
      from (select id, name_needle, contact_needle from customers where ${isKnown} order by id desc limit ${recentWindow}) as customers
      where ${scanned} limit ${mostRecent}
    ), near as materialized (
      select * from named union select * from recent
    ), matching as materialized (
      select id, ${fit} as fit from customers where ${isKnown} and ${indexed}
    ), far as materialized (
      select * from matching where ${isIndexed} and (select count(*) from near) < ${limit + 1} limit ${mostFar}
    )
    select * from near union select * from far
  ) as hit`
  const rows = await ctx.db
    .select({ ...shown, fit: sql<number>`hit.fit` })
    .from(hits)
    .innerJoin(customers, sql`${customers.id} = hit.id`)
    .where(after ? sql`(hit.fit > ${after[0]} or (hit.fit = ${after[0]} and hit.id < ${after[1]}))` : undefined)
    .orderBy(sql`hit.fit`, sql`hit.id desc`)
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: await withContacts(ctx, items),
    next: rows.length > limit && last ? writeCursor([last.fit, last.id]) : null,
  }
}

// Chosen on 1,000,000 customers (bench/customer-search): a fragment that fewer than one in a hundred carries has
// index lists short enough to intersect; a more frequent one has filled the page from the newest 3,000.
const recentWindow = 3_000
const mostRecent = 200
const mostNamed = 100
const mostFar = 500
const mostTerms = 6

/** One word of a search. `texts` are its spellings, any of which will do. */
type Term = { texts: string[]; isShort: boolean; isIndexed: boolean; dense: string[] }

function readTerms(sought: string): Term[] {
  if (isDialled(sought)) return [{ texts: dialledForms(sought), isShort: false, isIndexed: true, dense: [] }]
  return sought.split(' ').slice(0, mostTerms).map(word => {
    const isShort = /^[\p{L}\p{N}]{1,2}$/u.test(word)
    const words = denseWords(word)
    const pairs = words.filter(one => [...one].length > 1)
    const dense = pairs.length > 0 ? pairs : words
    const isIndexed = dense.length > 0 || isShort || /[\p{L}\p{N}]{3}/u.test(word)
    return { texts: [word], isShort: isShort && dense.length === 0, isIndexed, dense }
  })
}

const isDialled = (sought: string) => /^[\d\s()+./-]+$/.test(sought) && sought.replace(/\D/g, '').length >= 3

/** People write a number as they dial it, with 0 or 00 before; ours begin with the country. */
function dialledForms(sought: string): string[] {
  const digits = sought.replace(/\D/g, '')
  const bare = digits.replace(/^0{1,2}/, '')
  return [...new Set([digits, sought, ...(bare.length >= 4 ? [bare] : [])])]
}

function containing({ texts, isShort }: Term, inContacts: boolean): SQL {
  const patterns = texts.map(text => `%${isShort ? ' ' : ''}${escaped(text)}%`)
  return anyOf(
    patterns.flatMap(pattern => [
      sql`${customers.nameNeedle} like ${pattern}`,
      ...(inContacts ? [sql`${customers.contactNeedle} like ${pattern}`] : []),
    ]),
  )
}

/** Two characters of Chinese have no trigram, so scripts without spaces are found by their bigrams. */
function indexFor({ dense }: Term, inContacts: boolean): SQL | undefined {
  if (dense.length === 0) return undefined
  const all = (mark: string) => dense.map(word => toVector([mark + word])).join(' & ')
  const query = inContacts ? `(${all('')}) | (${all(contactMark)})` : all('')
  return sql`${customers.bigrams} @@ ${query}::tsquery`
}

function fitOf(sought: string, inContacts: boolean): SQL {
  const name = beginning(sought)
  return sql`case
    when ${customers.nameNeedle} like ${`${name} `} then 0
    ${inContacts ? sql`when ${customers.contactNeedle} like ${`%${name} %`} then 0` : sql``}
    when ${customers.nameNeedle} like ${`${name}%`} then 1
    when ${customers.nameNeedle} like ${`%${name}%`} then 2
    else 3 end`
}

const beginning = (sought: string) => ` ${escaped(sought)}`
const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&')
const anyOf = (conditions: SQL[]) => sql`(${sql.join(conditions, sql` or `)})`

const shown = {
  id: customers.id,
  name: customers.name,
  language: customers.language,
  zone: customers.zone,
  country: customers.country,
  tags: customers.tags,
  anonymous: customers.anonymous,
  createdAt: customers.createdAt,
  updatedAt: customers.updatedAt,
}

async function withContacts<R extends Omit<CustomerRow, 'email' | 'phone'>>(ctx: Ctx, rows: readonly R[]): Promise<CustomerRow[]> {
  const ids = rows.map(row => row.id)
  const known =
    ids.length === 0
      ? []
      : await ctx.db
          .select({ customerId: identities.customerId, kind: identities.kind, display: identities.display })
          .from(identities)
          .where(and(inArray(identities.customerId, ids), inArray(identities.kind, ['email', 'phone'])))
          .orderBy(desc(identities.isVerified), identities.createdAt, identities.id)
  const first = (id: string, kind: string) => known.find(one => one.customerId === id && one.kind === kind)?.display ?? null
  return rows.map(row => ({ ...row, email: first(row.id, 'email'), phone: first(row.id, 'phone') }))
}
