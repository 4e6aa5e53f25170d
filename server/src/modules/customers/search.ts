import { and, desc, inArray, like, lt, type SQL, sql } from 'drizzle-orm'
import { type Ctx, can } from '../../platform/context.ts'
import { toVector } from '../../platform/search-text.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { isKnown } from './lookup.ts'
import { contactMark, denseWords, foldName, lineStart } from './needles.ts'
import { normaliseEmail } from './normalise.ts'
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
  return {
    items: await withContacts(ctx, items),
    next: rows.length > limit ? writeCursor(items.at(-1)!.id) : null,
  }
}

/**
 * Looks where it is cheap first, so that neither a rare nor a very frequent fragment costs more than some
 * milliseconds with a million customers: a whole address or number and the beginning of a name (B-trees), the
 * newest few thousand customers and a sample of all (scans). A frequent fragment fills the page from these; only
 * where they do not, and no whole address was found, is the index of fragments asked, and then some hundreds of
 * its answers are taken, not all. Among the candidates the whole name or address comes first, then the beginning
 * of a name, of a word, then the rest, each the newest first. Whoever may not see contact details finds by names
 * alone.
 */
async function searchCustomers(ctx: Ctx, sought: string, cursor: string | undefined, limit: number) {
  const after = readCursor(cursor, 'fit')
  const search = readSearch(sought, can(ctx.actor, 'customers:contact-details'))
  const near = await findNear(ctx, search)
  const isEnough = near.length > limit || near.some(({ isWhole }) => isWhole)
  const found = isEnough ? near : [...near, ...(await findFar(ctx, search))]

  const fits = new Map<string, number>()
  for (const { id, fit } of found) fits.set(id, Math.min(fit, fits.get(id) ?? fit))
  const best = [...fits]
    .toSorted(([a, fit], [b, other]) => fit - other || (a < b ? 1 : -1))
    .filter(([id, fit]) => !after || fit > after[0] || (fit === after[0] && id < after[1]))
  const page = best.slice(0, limit)
  const [lastId, lastFit] = page.at(-1) ?? []
  return {
    items: await readRows(
      ctx,
      page.map(([id]) => id),
    ),
    next: best.length > limit ? writeCursor([lastFit, lastId]) : null,
  }
}

type Candidate = { id: string; fit: number; isWhole: boolean }

async function findNear(ctx: Ctx, { whole, beginning, contained, fit }: Search): Promise<Candidate[]> {
  const { rows } = await ctx.db.execute<Candidate>(sql`
    (select ${customers.id}, 0 as fit, true as "isWhole"
      from ${identities} join ${customers} on ${customers.id} = ${identities.customerId}
      where ${isKnown} and ${identities.value} = any(${sql.param(whole)}::text[]) limit ${mostNear})
    union all
    (select id, ${fit}, false from customers where ${isKnown} and ${customers.nameNeedle} like ${beginning}
      order by name_needle using ~<~ limit ${mostNear})
    union all
    (select id, ${fit}, false
      from (select id, name_needle, needle from customers where ${isKnown} order by id desc limit ${newest}) as customers
      where ${contained} limit ${mostNear})
    union all
    (select id, ${fit}, false
      from customers tablesample system (${sampledShare}) repeatable (1)
      where ${isKnown} and ${contained} limit ${mostNear})`)
  return rows
}

async function findFar(ctx: Ctx, { probes, contained, fit }: Search): Promise<Candidate[]> {
  if (!probes) return []
  // A limit inside would tempt the planner to read the whole table in hope of an early end.
  const { rows } = await ctx.db.execute<Candidate>(sql`
    with probed as materialized (select id, name_needle, needle from customers where ${isKnown} and ${probes})
    select id, ${fit} as fit, false as "isWhole"
    from (select * from probed limit ${mostProbed}) as customers
    where ${contained} limit ${mostFar}`)
  return rows
}

async function readRows(ctx: Ctx, ids: string[]) {
  const rows =
    ids.length === 0 ? [] : await ctx.db.select(shown).from(customers).where(inArray(customers.id, ids))
  return withContacts(
    ctx,
    rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)),
  )
}

// Chosen on 1,000,000 customers: what fewer than one in a hundred carries has index lists short enough to
// intersect, what more carry has filled the page from the newest and the sample, some 1,700 in 40 blocks.
const newest = 2_000
const sampledShare = sql`least(100, 40 * 8192 * 100.0 / greatest(1, pg_relation_size('customers')))`
const mostNear = 100
const mostProbed = 1_000
const mostFar = 200
const mostTerms = 6

type Search = ReturnType<typeof readSearch>

function readSearch(sought: string, inContacts: boolean) {
  const needle = inContacts ? customers.needle : customers.nameNeedle
  const terms = readTerms(sought)
  return {
    whole: inContacts ? wholeValues(sought) : [],
    beginning: ` ${sought.replace(/[\\%_]/g, '\\$&')}%`,
    contained: and(...terms.map(term => containing(term, needle))),
    probes: probesFor(terms, needle, inContacts),
    fit: fitOf(terms.length === 1 ? terms[0]!.texts[0]! : sought, needle),
  }
}

/** One word of a search. `texts` are its spellings, any of which will do. */
type Term = { texts: string[]; isShort: boolean; dense: string[] }

function readTerms(sought: string): Term[] {
  if (isDialled(sought)) return [{ texts: dialledForms(sought), isShort: false, dense: [] }]
  return sought
    .split(' ')
    .slice(0, mostTerms)
    .map(word => {
      const words = denseWords(word)
      const pairs = words.filter(one => [...one].length > 1)
      const dense = pairs.length > 0 ? pairs : words
      return { texts: [word], isShort: dense.length === 0 && /^[\p{L}\p{N}]{1,2}$/u.test(word), dense }
    })
}

const isDialled = (sought: string) => /^[\d\s()+./-]+$/.test(sought) && sought.replace(/\D/g, '').length >= 3

/** People write a number as they dial it, with 0 or 00 before; ours begin with the country. */
function dialledForms(sought: string): string[] {
  const digits = sought.replace(/\D/g, '')
  const bare = digits.replace(/^0{1,2}/, '')
  return [...new Set([digits, sought, ...(bare.length >= 4 ? [bare] : [])])]
}

/** What is sought as an identity may spell it, if it is a whole address, number or account. */
function wholeValues(sought: string): string[] {
  const email = normaliseEmail(sought)
  const digits = isDialled(sought) ? sought.replace(/\D/g, '') : ''
  const numbers = digits.length >= 7 ? [`+${digits}`, `+${digits.replace(/^00/, '')}`] : []
  return [...new Set([sought, ...(email ? [email] : []), ...numbers])]
}

/**
 * By position, since LIKE would send every word to the index, also those that nearly everybody has. One or two
 * letters are looked for where a word of a name begins.
 */
const containing = ({ texts, isShort }: Term, needle: Column) =>
  isShort
    ? sql`strpos(${customers.nameNeedle}, ${` ${texts[0]}`}) > 0`
    : anyOf(texts.map(text => sql`strpos(${needle}, ${text}) > 0`))

/**
 * What the indexes are asked: bigrams, and whole runs of three letters or digits, since anything else lets them
 * answer with what has to be thrown away again. A superset is found, `containing` decides. Undefined where
 * nothing of what is sought is in an index, such as a row of dots.
 */
function probesFor(terms: readonly Term[], needle: Column, inContacts: boolean): SQL | undefined {
  const dense = terms.filter(term => term.dense.length > 0)
  const runs = terms.filter(term => term.dense.length === 0).map(term => term.texts.map(runsOf))
  const probes = [
    ...dense.map(term => withBigrams(term, inContacts)),
    ...runs
      .map(spellings => spellings.filter(pieces => pieces.length > 0))
      .filter(spellings => spellings.length > 0)
      .map(spellings =>
        anyOf(spellings.map(pieces => and(...pieces.map(piece => like(needle, `%${piece}%`)))!)),
      ),
  ]
  return and(...(probes.length > 0 ? probes : terms.flatMap(beginningOfWord)))
}

/** Of an address only what stands before @: a third of all customers share what comes after it. */
function runsOf(text: string): string[] {
  const [local = '', domain = ''] = text.split('@')
  return (local === '' ? domain.replace(/\.[^.]*$/, '') : local).match(/[\p{L}\p{N}]{3,}/gu) ?? []
}

/** A single letter begins a word of half of all names; the scans have found enough of them. */
const beginningOfWord = ({ texts: [text = ''], isShort }: Term) =>
  isShort && [...text].length === 2 ? [like(customers.nameNeedle, `% ${text}%`)] : []

/** Two characters of Chinese have no trigram, so scripts without spaces are found by their bigrams. */
function withBigrams({ dense }: Term, inContacts: boolean): SQL {
  const all = (mark: string) => dense.map(word => toVector([mark + word])).join(' & ')
  const query = inContacts ? `(${all('')}) | (${all(contactMark)})` : all('')
  return sql`${customers.bigrams} @@ ${query}::tsquery`
}

const fitOf = (sought: string, needle: Column) => sql`case
    when ${customers.nameNeedle} = ${` ${sought} `} then 0
    when strpos(${needle} || ${lineStart}, ${`${lineStart}${sought} \n`}) > 0 then 0
    when starts_with(${customers.nameNeedle}, ${` ${sought}`}) then 1
    when strpos(${customers.nameNeedle}, ${` ${sought}`}) > 0 then 2
    else 3 end`

type Column = typeof customers.needle | typeof customers.nameNeedle

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

async function withContacts<R extends Omit<CustomerRow, 'email' | 'phone'>>(
  ctx: Ctx,
  rows: readonly R[],
): Promise<CustomerRow[]> {
  const ids = rows.map(row => row.id)
  const known =
    ids.length === 0
      ? []
      : await ctx.db
          .select({ customerId: identities.customerId, kind: identities.kind, display: identities.display })
          .from(identities)
          .where(and(inArray(identities.customerId, ids), inArray(identities.kind, ['email', 'phone'])))
          .orderBy(desc(identities.isVerified), identities.createdAt, identities.id)
  const first = (id: string, kind: string) =>
    known.find(one => one.customerId === id && one.kind === kind)?.display ?? null
  return rows.map(row => ({ ...row, email: first(row.id, 'email'), phone: first(row.id, 'phone') }))
}
