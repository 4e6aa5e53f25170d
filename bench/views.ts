import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import type { LargeHouse } from './large-house.ts'
import { median, quantile, timed } from './statistics.ts'

const systemViews = ['mine', 'unassigned', 'all', 'mentions', 'team', 'snoozed', 'resolved']
const sorts = ['clock', 'waiting', 'activity']

type Kept = { name: string; condition: unknown; sort: string; sql: string }

const isIn = (field: string, ...value: string[]) => ({ field, is: 'in', value })
const open = isIn('category', 'new', 'open')
const isOpen = `category in ('new', 'open')`

/** As floors keep them, each with what one would write by hand. */
const kept: Kept[] = [
  {
    name: 'mine that wait',
    condition: { all: [open, isIn('assignee', '@me'), { field: 'waiting_since', is: 'is_set' }] },
    sort: 'waiting',
    sql: `${isOpen} and assignee_id = $1 and waiting_since is not null`,
  },
  {
    name: 'urgent and nobody’s',
    condition: { all: [open, isIn('priority', 'high', 'urgent'), { field: 'assignee', is: 'is_empty' }] },
    sort: 'clock',
    sql: `${isOpen} and priority in ('high', 'urgent') and assignee_id is null`,
  },
  {
    name: 'waits for an hour',
    condition: { all: [open, { field: 'waiting_since', is: 'older_than', value: { n: 1, unit: 'hours' } }] },
    sort: 'clock',
    sql: `${isOpen} and waiting_since < now() - interval '1 hour'`,
  },
  {
    name: 'refunds',
    condition: { all: [open, { field: 'tags', is: 'has_any', value: ['refund'] }] },
    sort: 'clock',
    sql: `${isOpen} and tags && '{refund}'`,
  },
  {
    name: 'VIPs',
    condition: { all: [open, { field: 'customer_tags', is: 'has_any', value: ['vip'] }] },
    sort: 'activity',
    sql: `${isOpen} and (select tags from customers where customers.id = customer_id) && '{vip}'`,
  },
  {
    name: 'late',
    condition: {
      all: [
        open,
        {
          some: 'clocks',
          where: {
            all: [
              { field: 'is_running', is: 'is_true' },
              { field: 'breached_at', is: 'is_set' },
            ],
          },
        },
      ],
    },
    sort: 'clock',
    sql: `${isOpen} and exists (select from clocks where subject_id = conversations.id and stopped_at is null and breached_at is not null)`,
  },
  {
    name: 'of Chinese customers',
    condition: { all: [open, { field: 'customer_country', is: 'is', value: 'CN' }] },
    sort: 'clock',
    sql: `${isOpen} and (select country from customers where customers.id = customer_id) = 'CN'`,
  },
  {
    name: 'never answered by us',
    condition: { all: [open, { none: 'messages', where: isIn('kind', 'reply') }] },
    sort: 'clock',
    sql: `${isOpen} and not exists (select from messages where conversation_id = conversations.id and kind = 'reply')`,
  },
  {
    name: 'resolved this week',
    condition: {
      all: [
        isIn('category', 'resolved', 'closed'),
        { field: 'resolved_at', is: 'last', value: { n: 7, unit: 'days' } },
      ],
    },
    sort: 'activity',
    sql: `category in ('resolved', 'closed') and resolved_at > now() - interval '7 days'`,
  },
  {
    name: 'notes of the last two days',
    condition: {
      some: 'messages',
      where: { all: [isIn('kind', 'note'), { field: 'at', is: 'last', value: { n: 2, unit: 'days' } }] },
    },
    sort: 'activity',
    sql: `exists (select from messages where conversation_id = conversations.id and kind = 'note' and created_at > now() - interval '2 days')`,
  },
]

const order: Record<string, string> = {
  ...{ clock: 'due_at, id', waiting: 'waiting_since, id', activity: 'last_activity_at desc, id desc' },
}

/** The first page of every view of the rail in every order, and of ten saved ones, over HTTP. */
export async function views({ quick, say, large }: Bench): Promise<Figure[]> {
  const house = await large()
  const times = quick ? 5 : 40
  const { rows } = await house.pool.query('select store_ids from staff where id = $1', [house.company.me])
  const { items: teams } = await house.call<{ items: { id: string }[] }>('GET', '/teams')
  const seen: string[] = rows[0].store_ids
  const rail = [
    ...systemViews.map(view => `view=${view}`),
    ...teams.map(({ id }) => `view=team&teamId=${id}`),
    ...seen.map(id => `view=all&storeId=${id}`),
  ].flatMap(view => sorts.map(sort => `${view}&sort=${sort}`))
  const ofRail = await measure(house, rail, times, say)
  const saved = await keep(house)
  const ofSaved = await measure(house, saved, times, say)
  const bare: number[] = []
  for (const { sql, sort } of kept)
    bare.push(median(await askBare(house, `${sql}`, order[sort]!, seen, times)))
  const all = [...ofRail, ...ofSaved]
  const ratio = median(ofSaved.map(({ took }, n) => median(took) / bare[n]!))
  return [
    absolute('a view of the rail over HTTP p95, the slowest', slowest(ofRail), 'ms', { atMost: 100 }),
    absolute('a saved view over HTTP p95, the slowest of ten', slowest(ofSaved), 'ms', { atMost: 100 }),
    absolute(
      'any view over HTTP p95',
      quantile(
        all.flatMap(({ took }) => took),
        0.95,
      ),
      'ms',
      { atMost: 100 },
    ),
    relative(
      'a saved view over HTTP p50',
      median(ofSaved.flatMap(({ took }) => took)),
      'ms',
      { to: `SQL by hand (${median(bare).toFixed(2)} ms)`, ratio },
      null,
    ),
  ]
}

type Measured = { took: number[] }

const slowest = (measured: Measured[]) => Math.max(...measured.map(({ took }) => quantile(took, 0.95)))

async function measure(
  { lines, cookie }: LargeHouse,
  views: string[],
  times: number,
  say: Bench['say'],
): Promise<Measured[]> {
  const all: Measured[] = []
  for (const view of views) {
    const path = `/api/conversations?${view}`
    const ask = async () => {
      const { status, body } = await lines.send('GET', path, { cookie })
      if (status !== 200) throw new Error(`${path} was answered ${status} ${body}`)
      return body
    }
    await ask()
    const took: number[] = []
    for (let n = 0; n < times; n++) {
      const began = performance.now()
      await ask()
      took.push(performance.now() - began)
    }
    if (quantile(took, 0.95) > 25)
      say(`${view}: p50 ${median(took).toFixed(1)} ms, p95 ${quantile(took, 0.95).toFixed(1)} ms`)
    all.push({ took })
  }
  return all
}

async function keep({ call }: LargeHouse): Promise<string[]> {
  const paths: string[] = []
  for (const { name, condition, sort } of kept) {
    const { id } = await call<{ id: string }>('POST', '/views', { name, condition, sort })
    paths.push(`savedViewId=${id}&sort=${sort}`)
  }
  return paths
}

async function askBare(
  { pool, company }: LargeHouse,
  where: string,
  by: string,
  seen: string[],
  times: number,
) {
  const text = `select id, number, category, preview_text, due_at from conversations where ${where}
    and store_id = any($2) and ($1::uuid is not null) order by ${by} limit 25`
  const { took } = await timed(1, times * 5, () => pool.query(text, [company.me, seen]))
  return took
}
