import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import type { LargeHouse } from './large-house.ts'
import { dice, median, quantile, timed } from './statistics.ts'

type Sought = { q: string; more?: Record<string, string> }
type Kind = { name: string; sought: Sought[]; bare: string[] }

/**
 * What people look for in five million messages, over HTTP: words that every other message holds and words of one
 * alone, two characters of Chinese, phrases, with filters; the index asked by hand and a scan of the texts beside it.
 */
export async function search({ quick, say, large }: Bench): Promise<Figure[]> {
  const house = await large()
  const forMs = quick ? 400 : 4_000
  const kinds = await whatPeopleSeek(house)
  const figures: Figure[] = []
  const all: number[] = []
  for (const { name, sought, bare } of kinds) {
    const ask = (n: number) => askOver(house, sought[n % sought.length]!)
    await timed(1, forMs / 4, ask)
    const { took } = await timed(1, forMs, ask)
    all.push(...took)
    figures.push(absolute(`search over HTTP p95, ${name}`, quantile(took, 0.95), 'ms', { atMost: 300 }))
    if (bare.length === 0) continue
    const byHand = await timed(1, forMs / 2, n => askBare(house, bare[n % bare.length]!))
    figures.push(
      relative(
        `search over HTTP p50, ${name}`,
        median(took),
        'ms',
        {
          to: `tsvector @@ by hand (${median(byHand.took).toFixed(2)} ms)`,
          ratio: median(took) / median(byHand.took),
        },
        null,
      ),
    )
  }
  const scans: number[] = []
  for (const { q } of kinds[1]!.sought.slice(0, 3)) scans.push(await scan(house, q))
  const every = kinds.flatMap(({ sought }) => sought)
  const four = await timed(4, forMs, n => askOver(house, every[(n * 7) % every.length]!))
  say(
    `four at a time: p50 ${median(four.took).toFixed(1)} ms, p95 ${quantile(four.took, 0.95).toFixed(1)} ms`,
  )
  return [
    ...figures,
    relative(
      'search over HTTP p50, all of these',
      median(all),
      'ms',
      { to: `ILIKE over all texts (${median(scans).toFixed(0)} ms)`, ratio: median(all) / median(scans) },
      { atMost: 1 },
    ),
    absolute('search over HTTP p95, four at a time', quantile(four.took, 0.95), 'ms', { atMost: 300 }),
    absolute('search over HTTP, slowest of all', Math.max(...all, ...four.took), 'ms', null),
  ]
}

async function askOver({ lines, cookie }: LargeHouse, { q, more }: Sought) {
  const path = `/api/search?${new URLSearchParams({ q, ...more })}`
  const { status, body } = await lines.send('GET', path, { cookie })
  if (status !== 200) throw new Error(`${path} was answered ${status} ${body}`)
  return body
}

/** What one would write by hand, for whoever sees everything. */
const askBare = ({ pool }: LargeHouse, query: string) =>
  pool.query({
    name: 'bare-search',
    text: 'select message_id from message_search where words @@ $1::tsquery order by at desc limit 25',
    values: [query],
  })

async function scan({ pool }: LargeHouse, q: string) {
  const began = performance.now()
  await pool.query(
    `select id from messages where text ilike '%' || $1 || '%' order by created_at desc limit 25`,
    [q],
  )
  return performance.now() - began
}

async function whatPeopleSeek({ pool, company }: LargeHouse): Promise<Kind[]> {
  const { rows } = await pool.query<{ word: string; share: number }>(
    `select word, ndoc::float8 / sum(ndoc) filter (where word like '@%') over () as share
     from ts_stat('select words from message_search tablesample system (1) repeatable (1)') order by ndoc desc, word`,
  )
  const latin = rows.filter(({ word }) => /^[a-zа-я]{3,}\d*$/.test(word) && !/^af\d/.test(word))
  const pairs = rows.filter(({ word }) => /^\p{sc=Han}{2}$/u.test(word)).map(({ word }) => word)
  const between = (from: number, to: number) =>
    latin.filter(({ share }) => share >= from && share < to).map(({ word }) => word)
  const [frequent, some, seldom] = [between(0.02, 1), between(0.000_5, 0.01), between(0, 0.000_5)]
  const random = dice(5)
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)]!
  const many = <T>(make: (n: number) => T) => Array.from({ length: 60 }, (_, n) => make(n))
  const quoted = (word: string) => `'${word}'`
  const order = () => `AF${1 + Math.floor(random() * company.conversations * 5)}`
  const phrases = await phrasesOf(pool)
  const orders = many(order)
  const bareOf = (words: string[]) => words.map(quoted)
  const condition = JSON.stringify({ field: 'category', is: 'in', value: ['new', 'open'] })
  const filters = [
    { from: 'note' },
    { channel: 'api' },
    { mine: 'true' },
    { authorId: company.me },
    { after: new Date(Date.now() - 90 * 86_400_000).toISOString() },
    { condition },
  ]
  return [
    { name: 'frequent words', sought: many(() => ({ q: `${pick(frequent)} ` })), bare: bareOf(frequent) },
    { name: 'words of some', sought: some.slice(0, 200).map(q => ({ q: `${q} ` })), bare: bareOf(some) },
    {
      name: 'words of few',
      sought: seldom.slice(0, 200).map(q => ({ q: `${q} ` })),
      bare: bareOf(seldom.slice(0, 200)),
    },
    {
      name: 'an order’s number',
      sought: orders.map(q => ({ q })),
      bare: orders.map(q => quoted(q.toLowerCase())),
    },
    {
      name: 'two Chinese characters',
      sought: pairs.slice(0, 200).map(q => ({ q })),
      bare: bareOf(pairs.slice(0, 200)),
    },
    {
      name: 'several words',
      sought: many(n => ({
        q:
          n % 2
            ? `${pick(frequent)} ${pick(frequent)} ${pick(frequent)} `
            : `${pick(frequent)} ${pick(seldom)} `,
      })),
      bare: [],
    },
    {
      name: 'a half-typed word',
      sought: many(() => ({ q: pick(latin.map(({ word }) => word)).slice(0, 3) })),
      bare: [],
    },
    { name: 'phrases', sought: phrases.map(phrase => ({ q: `"${phrase}"` })), bare: [] },
    {
      name: 'with a filter',
      sought: many(n => ({ q: `${pick(n % 2 ? frequent : some)} `, more: filters[n % filters.length]! })),
      bare: [],
    },
    { name: 'a word of last year alone', sought: [{ q: 'flashsale ' }], bare: [quoted('flashsale')] },
  ]
}

/** Three words, or five characters, as they stand in a message. */
async function phrasesOf(pool: LargeHouse['pool']): Promise<string[]> {
  const { rows } = await pool.query<{ text: string }>(
    'select text from messages tablesample system (0.5) repeatable (2) limit 60',
  )
  return rows.map(({ text }) => {
    const words = text.split(' ')
    return words.length > 3 ? words.slice(0, 3).join(' ') : [...words[0]!].slice(0, 5).join('')
  })
}
