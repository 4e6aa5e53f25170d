import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg, { type Pool, type QueryResult } from 'pg'
import { openApp } from '../server/src/app.ts'
import { startClocks, stopClocks } from '../server/src/modules/clocks/clocks.ts'
import { cases, isAgreed } from '../server/src/modules/clocks/test-arithmetic.ts'
import { findEmbeddedConnection } from '../server/src/platform/embedded-postgres.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure, relative } from './figure.ts'
import { type BenchHouse, openHouse } from './house.ts'
import { median } from './statistics.ts'

const due = 500

/** 200,000 clocks run, 500 of them are due in the same second; what starting, stopping and firing take. */
export async function clocks({ quick, say }: Bench): Promise<Figure[]> {
  const house = await openHouse()
  try {
    const running = quick ? 20_000 : 200_000
    await fill(house, running)
    say(`${running} clocks run`)
    const fired = await fire(house)
    const bare = await bareUpdate(house.pool)
    const verbs = await startAndStop(house, quick ? 100 : 500)
    const count = quick ? 500 : 10_000
    say(`${count} random clocks are walked minute by minute`)
    const differing = compare(count)
    return [
      relative(
        `clocks: ${due} due at once of ${running}, until told`,
        fired.ms,
        'ms',
        { to: `bare update … returning (${bare.toFixed(0)} ms)`, ratio: fired.ms / bare },
        null,
      ),
      absolute('clocks: from due to the last told', fired.ms, 'ms', { atMost: 1_500 }),
      absolute('clocks: fired twice', fired.twice, 'clocks', { atMost: 0 }),
      absolute('clocks: start, database time', verbs.start, 'ms', { atMost: 1 }),
      absolute('clocks: stop, database time', verbs.stop, 'ms', { atMost: 1 }),
      absolute(`clocks: ${count} random ones unlike the walk`, differing, 'clocks', { atMost: 0 }),
    ]
  } finally {
    await house.close()
  }
}

/** Those that are due later lie ahead; the 500 get their second below. */
const fill = ({ pool, store }: BenchHouse, count: number) =>
  pool.query(
    `insert into clocks (id, subject_id, store_id, kind, policy_id, started_at, window_ms, calendar_key, follows_store, due_at, moments, next_at)
     select gen_random_uuid(), gen_random_uuid(), $1, 'first_response', (select id from clock_policies where code = 'chat-first-response'),
       now(), 86400000, 'always', true, at + interval '1 day', array[at, at + interval '6 hours', at + interval '10 hours', at + interval '1 day'], at
     from (select now() + interval '1 hour' + n * interval '10 ms' as at from generate_series(1, $2) n) clocks`,
    [store.id, count],
  )

/** The real server's sweep takes them by its own second; measured from the instant at which they are due. */
async function fire({ pool }: BenchHouse): Promise<{ ms: number; twice: number }> {
  await pool.query('analyze clocks')
  const { rows: chosen } = await pool.query<{ ids: string[]; at: Date }>(
    `with chosen as (select id from clocks where stopped_at is null limit $1),
       set as (update clocks set due_at = date_trunc('milliseconds', now() + interval '3 seconds'), next_at = date_trunc('milliseconds', now() + interval '3 seconds'), told = 3,
         moments = array[now() - interval '3 s', now() - interval '2 s', now() - interval '1 s', date_trunc('milliseconds', now() + interval '3 seconds')]
         from chosen where clocks.id = chosen.id returning clocks.subject_id, due_at)
     select array_agg(subject_id) as ids, min(due_at) as at from set`,
    [due],
  )
  const { ids, at } = chosen[0]!
  const told = () =>
    pool.query<{ told: number; clocks: number }>(
      `select count(*)::int as told, count(distinct conversation_id)::int as clocks from events where name = 'clock.breached' and conversation_id = any($1)`,
      [ids],
    )
  let seen: QueryResult<{ told: number; clocks: number }>
  do {
    await new Promise(done => setTimeout(done, 10))
    seen = await told()
    if (Date.now() - at.getTime() > 30_000) throw new Error('The clocks were not fired within 30 seconds.')
  } while (seen.rows[0]!.clocks < due)
  const ms = Date.now() - at.getTime()
  await new Promise(done => setTimeout(done, 3_000))
  const { rows } = await told()
  return { ms, twice: rows[0]!.told - rows[0]!.clocks }
}

/** The same rows marked in one statement, with nobody told. */
async function bareUpdate(pool: Pool): Promise<number> {
  const took: number[] = []
  for (let round = 0; round < 5; round++) {
    await pool.query(
      `update clocks set next_at = now() - interval '1 second' where id in (select id from clocks where next_at > now() limit $1)`,
      [due],
    )
    const began = performance.now()
    await pool.query(
      `update clocks set next_at = null, breached_at = due_at where next_at <= now() returning *`,
    )
    took.push(performance.now() - began)
  }
  return median(took)
}

/** As the database sees it: what its statements took, less the way to it and back. */
async function startAndStop({ dataDir, store }: BenchHouse, times: number) {
  const app = await openApp({
    connection: findEmbeddedConnection(dataDir),
    secrets: ['a secret that only the bench knows, long enough'],
    dataDir,
    url: 'http://localhost',
    logLevel: 'error',
  } as Parameters<typeof openApp>[0])
  const [starting, stopping]: number[][] = [[], []]
  for (let n = 0; n < times + 50; n++) {
    const subjectId = randomUUID()
    const start = { subjectId, storeId: store.id, channelKind: 'web_chat', kind: 'first_response' } as const
    const started = await timeInside(app, async ctx => {
      await startClocks(ctx, [{ ...start, at: ctx.now }])
    })
    const stopped = await timeInside(app, async ctx => {
      await stopClocks(ctx, [subjectId], 'all', 'answered')
    })
    if (n < 50) continue
    starting!.push(started)
    stopping!.push(stopped)
  }
  await app.stop()
  return { start: median(starting!), stop: median(stopping!) }
}

type App = Awaited<ReturnType<typeof openApp>>
type Work = Parameters<App['act']>[0]

/** The statements of `work`, from sent to answered, each less what `select 1` takes on the same line. */
async function timeInside(app: App, work: Work): Promise<number> {
  let took = 0
  await app.act(async ctx => {
    await ctx.db.execute('select 1')
    const idle = await timeStatements(() => ctx.db.execute('select 1'))
    const busy = await timeStatements(() => work(ctx))
    took = busy.ms - busy.count * idle.ms
  })
  return Math.max(0, took)
}

async function timeStatements(work: () => Promise<unknown>) {
  const { query } = pg.Client.prototype
  const measured = { ms: 0, count: 0 }
  pg.Client.prototype.query = async function (this: pg.Client, ...asked: Parameters<typeof query>) {
    const began = performance.now()
    try {
      return await (query as (...asked: unknown[]) => Promise<unknown>).apply(this, asked)
    } finally {
      measured.ms += performance.now() - began
      measured.count += 1
    }
  } as typeof query
  try {
    await work()
  } finally {
    pg.Client.prototype.query = query
  }
  return measured
}

const compare = (count: number) =>
  fc.sample(cases, { numRuns: count, seed: 20_261_122 }).filter(one => !isAgreed(one)).length
