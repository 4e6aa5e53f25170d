import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { client, setUpHouse } from '../e2e/house.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import { type BenchHouse, furnish, newFolder, startMeasured } from './house.ts'
import { arrivals, dice, median, quantile } from './statistics.ts'
import { openApiChannel, post, takenIn } from './webhooks.ts'

const agents = 50
const perMinute = 2_000
/** Five conversations of 20 units each. */
const capacity = 100
/** What an agent works on one: at 2,000 a minute two places in three are taken. */
const workMs = 5_000

const words = [
  'Hello, where is my order? The tracking has not moved since last Tuesday, please look.',
  'Guten Tag, wo bleibt meine Bestellung? Die Sendung bewegt sich seit Dienstag nicht mehr.',
  '你好，我的订单到哪里了？物流信息从上周二开始就没有更新了，请帮忙看一下。',
]

/**
 * Open loop: 2,000 conversations a minute, in three languages, begin to wait; fifty agents close what they hold.
 * A decision counts from the commit of the waiting conversation to that of its assignment, by the database's own
 * commit timestamps. Caps and idle agents are looked for every 100 ms meanwhile.
 */
export async function allocator({ quick, say }: Bench): Promise<Figure[]> {
  const house = await openTimedHouse()
  try {
    const channel = await openApiChannel(house)
    await house.call('POST', '/queues', { name: 'Bench', channelKinds: ['api'] })
    await hireFloor(house)
    for (let n = 1; n <= 30; n++)
      await post(house.lines, channel, { id: `warm${n}`, sender: `w${n}`, text: words[n % 3]! })
    await takenIn(house)

    const watching = repeat(100, () => look(house))
    const closing = repeat(100, () => closeDone(house))
    const beating = repeat(5_000, () => house.pool.query('update staff set last_seen_at = now()'))
    const plan = arrivals(perMinute / 60, quick ? 6 : 30, dice(5))
    const lag = await arrive(plan, n =>
      post(house.lines, channel, { id: `m${n}`, sender: `s${n}`, text: words[n % 3]! }),
    )
    await takenIn(house)
    await sleep(1_200)
    const sightings = await watching.stop()
    await closing.stop()
    await beating.stop()

    const took = await decisions(house)
    const bare = await bareAssignments(house, quick ? 200 : 1_000)
    const [ours, theirs] = [median(took), median(bare)]
    say(
      `${plan.length} arrived (driver lag p99 ${quantile(lag, 0.99).toFixed(0)} ms), decision p50 ${ours.toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms; bare p99 ${quantile(bare, 0.99).toFixed(1)} ms`,
    )
    const sum = (pick: (sighting: Sighting) => number) =>
      sightings.reduce((total, sighting) => total + pick(sighting), 0)
    return [
      absolute('allocator 2,000/min, decision p99', quantile(took, 0.99), 'ms', { atMost: 50 }),
      relative(
        'allocator 2,000/min, decision p50',
        ours,
        'ms',
        { to: `bare pg, skip locked + update (p50 ${theirs.toFixed(1)} ms)`, ratio: ours / theirs },
        null,
      ),
      absolute(
        'allocator, agents seen above a cap',
        sum(one => one.above),
        'sightings',
        { atMost: 0 },
      ),
      absolute(
        'allocator, one idle while one waits > 1 s',
        sum(one => one.idle),
        'sightings',
        { atMost: 0 },
      ),
      absolute('allocator, never given out', plan.length + 30 - took.length, 'conversations', { atMost: 0 }),
    ]
  } finally {
    await house.close()
  }
}

/** A house whose database notes when each transaction was committed. */
async function openTimedHouse(): Promise<BenchHouse> {
  const dataDir = newFolder()
  const first = await startMeasured(dataDir)
  const { store, admin } = await setUpHouse(first.url)
  await first.stop()
  fs.appendFileSync(path.join(dataDir, 'postgres/data/postgresql.auto.conf'), 'track_commit_timestamp = on\n')
  const started = await startMeasured(dataDir)
  const call = client(started.url)
  await call('POST', '/session', { email: admin.email, password: admin.password })
  return furnish(started, dataDir, { call, store, admin })
}

/** A third speaks German beside English, a third Chinese. */
async function hireFloor({ pool }: BenchHouse) {
  await pool.query(
    `with people as (select gen_random_uuid() as id, n from generate_series(1, $1::int) n),
       users as (insert into auth_users (id, name, email, email_verified, created_at, updated_at)
         select id, 'Agent ' || n, 'agent' || n || '@bench.example', true, now(), now() from people returning id)
     insert into staff (id, name, email, role_id, languages, capacity, chat_limit, availability, availability_since, last_seen_at)
       select id, 'Agent ' || n, 'agent' || n || '@bench.example', (select id from roles where code = 'agent'),
         case n % 3 when 0 then array['en'] when 1 then array['en', 'de'] else array['en', 'zh'] end, $2, 5, 'online', now(), now()
       from people`,
    [agents, capacity],
  )
}

async function arrive(plan: readonly number[], send: (n: number) => Promise<unknown>) {
  const began = performance.now() + 200
  const lag: number[] = []
  const underway: Promise<unknown>[] = []
  for (const [n, at] of plan.entries()) {
    for (let early = began + at - performance.now(); early > 0; early = began + at - performance.now())
      await sleep(Math.max(0, early - 1))
    lag.push(performance.now() - began - at)
    underway.push(send(n))
  }
  await Promise.all(underway)
  return lag
}

type Sighting = { above: number; idle: number }

/** Who holds more than he may, and who could take what has waited for more than a second. */
async function look({ pool }: BenchHouse): Promise<Sighting> {
  const { rows } = await pool.query<Sighting>(
    `with floor as (select s.id, s.languages, s.capacity - 20 * (select count(*) from conversations c
         where c.assignee_id = s.id and c.category in ('new', 'open')) as room from staff s where availability = 'online')
     select (select count(*) from floor where room < 0) as above,
       (select count(*) from conversations c where assignee_id is null and category in ('new', 'open') and waiting_since < now() - interval '1 second'
          and exists (select from floor where room >= 20 and c.language = any(languages))) as idle`,
  )
  return rows[0]!
}

async function closeDone({ pool, lines, mine }: BenchHouse) {
  const { rows } = await pool.query<{ id: string }>(
    `select c.id from conversations c join assignments a on a.conversation_id = c.id
     where c.category in ('new', 'open') and c.assignee_id is not null and a.at < now() - $1 * interval '1 millisecond'`,
    [workMs],
  )
  await Promise.all(
    rows.map(async ({ id }) => {
      const body = JSON.stringify({ category: 'resolved' })
      const { status } = await lines.send('PUT', `/api/conversations/${id}/status`, mine, body)
      if (status !== 200) throw new Error(`A conversation could not be closed: ${status}`)
    }),
  )
}

/** From the commit of what the customer wrote to that of the first assignment. */
async function decisions({ pool }: BenchHouse) {
  const { rows } = await pool.query<{ ms: number }>(
    `select extract(epoch from min(pg_xact_commit_timestamp(a.xmin)) - min(pg_xact_commit_timestamp(m.xmin)))::float8 * 1000 as ms
     from assignments a join messages m on m.conversation_id = a.conversation_id and m.seq = 1
     where a.staff_id is not null group by a.conversation_id`,
  )
  return rows.map(({ ms }) => ms)
}

/** The same without any product: take the longest waiting, give it to the least loaded who speaks its language. */
async function bareAssignments({ pool }: BenchHouse, count: number) {
  await pool.query(`create table bare_waiting as select id, language, waiting_since, assignee_id, category from conversations limit 0;
    alter table bare_waiting add primary key (id);
    create index on bare_waiting (waiting_since) where assignee_id is null;
    create index on bare_waiting (assignee_id) where category = 'open'`)
  const took: number[] = []
  const database = await pool.connect()
  try {
    for (let n = 0; n < count; n++) {
      await database.query(
        `insert into bare_waiting values (gen_random_uuid(), (array['en', 'de', 'zh'])[$1], now(), null, 'open')`,
        [1 + (n % 3)],
      )
      const began = performance.now()
      await database.query('begin')
      const waiting = await database.query(
        'select id, language from bare_waiting where assignee_id is null order by waiting_since limit 1 for update skip locked',
      )
      const free = await database.query(
        `select s.id from staff s where availability = 'online' and $1 = any(languages)
         order by (select count(*) from bare_waiting b where b.assignee_id = s.id and b.category = 'open'), id limit 1`,
        [waiting.rows[0].language],
      )
      await database.query('update bare_waiting set assignee_id = $2 where id = $1 and assignee_id is null', [
        waiting.rows[0].id,
        free.rows[0].id,
      ])
      await database.query('commit')
      took.push(performance.now() - began)
      if (n % 100 === 99) await database.query("update bare_waiting set category = 'resolved'")
    }
  } finally {
    database.release()
  }
  return took
}

/** Does something again and again until it is stopped; what it answered comes back then, a failure too. */
function repeat<T>(everyMs: number, work: () => Promise<T>) {
  let stopped = false
  const answers: T[] = []
  const running = (async () => {
    while (!stopped) {
      answers.push(await work())
      await sleep(everyMs)
    }
  })()
  running.catch(() => {})
  return {
    async stop() {
      stopped = true
      await running
      return answers
    },
  }
}
