import type pg from 'pg'
import { listConversations } from '../server/src/modules/conversations/views.ts'
import { system } from '../server/src/platform/context.ts'
import { openDb } from '../server/src/platform/db.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import type { LargeHouse } from './large-house.ts'
import { median, quantile, timed } from './statistics.ts'

const views = ['mine', 'unassigned', 'all'] as const
const sorts = ['clock', 'waiting', 'activity'] as const
const bareText = `select c.id, c.number, c.category, c.assignee_id, c.preview_text, c.last_activity_at, c.due_at, c.customer_count,
    u.name, s.name as agent, r.customer_count as seen, k.kind, k.due_at as clock
  from conversations c join customers u on u.id = c.customer_id left join staff s on s.id = c.assignee_id
  left join conversation_reads r on r.conversation_id = c.id and r.staff_id = $1
  left join clocks k on k.subject_id = c.id and k.stopped_at is null
  where c.category not in ('resolved', 'closed') and c.store_id = any($2) order by c.due_at, c.id limit 25`

type Filter = Parameters<typeof listConversations>[1]

/** The 25 first rows of every view in every order, in the database alone and over HTTP, and the rail's counts. */
export async function inboxPage({ quick, say, large }: Bench): Promise<Figure[]> {
  const house = await large()
  const times = quick ? 10 : 40
  const database: number[] = []
  for (const view of views)
    for (const sort of sorts) {
      const took = await inDatabase(house, times, ctx =>
        listConversations(ctx, { view, sort, limit: 25 } satisfies Filter),
      )
      say(
        `${view} by ${sort}: p50 ${median(took).toFixed(2)} ms, p95 ${quantile(took, 0.95).toFixed(2)} ms in the database`,
      )
      database.push(quantile(took, 0.95))
    }
  const pages = views.flatMap(view => sorts.map(sort => `/api/conversations?view=${view}&sort=${sort}`))
  const ask = async (path: string) => {
    const { status, body } = await house.lines.send('GET', path, { cookie: house.cookie })
    if (status !== 200) throw new Error(`${path} was answered ${status} ${body}`)
    return body
  }
  for (const page of pages)
    if (!quick && JSON.parse(await ask(page)).items.length !== 25) throw new Error(`${page} is no full page.`)

  const forMs = quick ? 2_000 : 10_000
  await timed(1, forMs / 4, n => ask(pages[n % pages.length]!))
  const ratios: number[] = []
  const ones: number[] = []
  const bares: number[] = []
  for (let round = 0; round < 3; round++) {
    const one = await timed(1, forMs / 3, () => ask(pages[6]!))
    const bare = await timed(1, forMs / 3, () => askBare(house))
    ratios.push(median(one.took) / median(bare.took))
    ones.push(...one.took)
    bares.push(...bare.took)
  }
  const all = await timed(1, forMs, n => ask(pages[n % pages.length]!))
  const ten = await timed(10, forMs, n => ask(pages[n % pages.length]!))
  const counts = await timed(1, forMs, () => ask('/api/conversations/counts'))
  return [
    absolute('inbox page in the database p95, slowest view', Math.max(...database), 'ms', { atMost: 5 }),
    absolute('inbox page over HTTP p95, one client', quantile(all.took, 0.95), 'ms', { atMost: 20 }),
    absolute('inbox page over HTTP p95, ten clients', quantile(ten.took, 0.95), 'ms', { atMost: 20 }),
    relative(
      'inbox page over HTTP p50, all by clock',
      median(ones),
      'ms',
      { to: `bare query (${median(bares).toFixed(2)} ms)`, ratio: median(ratios) },
      { atMost: 8 },
    ),
    absolute('counts of all views over HTTP p95', quantile(counts.took, 0.95), 'ms', { atMost: 20 }),
  ]
}

const askBare = async ({ pool, company }: LargeHouse) =>
  pool.query({
    name: 'bare-inbox',
    text: bareText,
    values: [company.me, await visibleStores(pool, company.me)],
  })

let visible: Promise<string[]> | null = null
const visibleStores = (pool: pg.Pool, me: string) =>
  (visible ??= pool
    .query('select store_ids from staff where id = $1', [me])
    .then(({ rows }) => rows[0].store_ids))

type Looking = Parameters<typeof listConversations>[0]

/** Planning and execution of the very statements the route sends, as PostgreSQL times them. */
async function inDatabase(
  { pool, company }: LargeHouse,
  times: number,
  look: (ctx: Looking) => Promise<unknown>,
) {
  const storeIds = await visibleStores(pool, company.me)
  const statements: { text: string; values: unknown[] }[] = []
  const recording = new Proxy(pool, {
    get: (target, key) =>
      key !== 'query'
        ? Reflect.get(target, key)
        : (config: { text: string }, values: unknown[]) => {
            statements.push({ text: config.text, values })
            return target.query(config, values as never)
          },
  })
  const actor = { ...system, kind: 'staff', id: company.me, storeIds } as const
  await look({
    db: openDb(recording),
    actor,
    now: new Date(),
    records: new Map(),
    actions: new Map(),
    triggers: new Map(),
    variables: new Map(),
    emit() {},
    audit() {},
  } as Looking)
  const took: number[] = []
  for (let n = 0; n < times; n++) {
    let ms = 0
    for (const { text, values } of statements) {
      const { rows } = await pool.query(`explain (analyze, timing off, format json) ${text}`, values)
      const [plan] = rows[0]['QUERY PLAN']
      ms += plan['Planning Time'] + plan['Execution Time']
    }
    took.push(ms)
  }
  return took.slice(Math.min(3, times - 1))
}
