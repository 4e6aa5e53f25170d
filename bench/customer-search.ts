import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import type { LargeHouse } from './large-house.ts'
import { dice, median, quantile, timed } from './statistics.ts'

const fragments = 200

/** As one types: pieces of names that exist, frequent and rare, over HTTP; the bare query beside it. */
export async function customerSearch({ quick, large }: Bench): Promise<Figure[]> {
  const house = await large()
  const forMs = quick ? 2_000 : 12_000
  return [
    ...(await measure(house, 'Latin fragment', await latinFragments(house), forMs)),
    ...(await measure(house, '2 Chinese characters', await chineseFragments(house), forMs)),
  ]
}

async function measure({ lines, cookie, pool }: LargeHouse, what: string, sought: string[], forMs: number) {
  const ask = async (n: number) => {
    const path = `/api/customers?search=${encodeURIComponent(sought[n % sought.length]!)}`
    const { status, body } = await lines.send('GET', path, { cookie })
    if (status !== 200 || !body.includes('"id"')) throw new Error(`${path} was answered ${status} ${body}`)
  }
  const bare = (n: number) => pool.query(bareQuery(sought[n % sought.length]!))
  await timed(1, forMs / 6, ask)
  await timed(1, forMs / 6, bare)
  const rounds: { ours: number[]; theirs: number[] }[] = []
  for (let round = 0; round < 3; round++)
    rounds.push({
      ours: (await timed(1, forMs / 3, ask)).took,
      theirs: (await timed(1, forMs / 6, bare)).took,
    })
  const ours = rounds.flatMap(round => round.ours)
  const theirs = rounds.flatMap(round => round.theirs)
  const ratio = median(rounds.map(round => median(round.ours) / median(round.theirs)))
  return [
    absolute(`customer search over HTTP p95, ${what}`, quantile(ours, 0.95), 'ms', { atMost: 25 }),
    relative(
      `customer search over HTTP p50, ${what}`,
      median(ours),
      'ms',
      { to: `bare query (${median(theirs).toFixed(2)} ms)`, ratio },
      { atMost: 3 },
    ),
  ]
}

/** What one would write by hand: one index, no ranking, the first 25 that come. */
function bareQuery(sought: string) {
  const isLatin = /^[\x20-\x7e]+$/.test(sought)
  const condition = isLatin ? `name_needle like '%' || $1 || '%'` : 'bigrams @@ quote_literal($1)::tsquery'
  return {
    name: isLatin ? 'bare-latin' : 'bare-chinese',
    text: `select id, name, language, country from customers where merged_into_id is null and not anonymous and ${condition} limit 25`,
    values: [sought],
  }
}

async function latinFragments({ pool }: LargeHouse) {
  const { rows } = await pool.query<{ word: string }>(
    `select split_part(lower(name), ' ', 2) as word from customers where language = 'en' and hashtext(id::text) % 97 = 0 order by id limit ${fragments}`,
  )
  const random = dice(3)
  return rows.map(({ word }) => {
    const length = 3 + Math.floor(random() * 4)
    const from = Math.floor(random() * Math.max(1, word.length - length))
    return word.slice(from, from + length)
  })
}

async function chineseFragments({ pool }: LargeHouse) {
  const { rows } = await pool.query<{ word: string }>(
    `select substr(name, 1 + abs(hashtext(id::text)) % 2, 2) as word from customers where language = 'zh' and hashtext(id::text) % 97 = 0 order by id limit ${fragments}`,
  )
  return rows.map(({ word }) => word)
}
