import Fastify from 'fastify'
import type pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { openPool } from './db.ts'
import { fromSql, openMetrics } from './metrics.ts'

const database = await createTestDatabase()
const pool = openPool(database.connection, { max: 3 })
afterAll(async () => {
  await pool.end()
  await database.drop()
})

/** The figures as a monitoring system reads them: `name{label="x"}` → number. */
async function read(metrics: { text(): Promise<string> }) {
  const lines = (await metrics.text()).split('\n').filter(line => line && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

describe('the metrics', () => {
  test('tell of requests by route template, method and status', async () => {
    const metrics = openMetrics({ pool })
    const http = Fastify()
    metrics.watchHttp(http)
    http.get('/api/customers/:id', async () => 'ok')
    for (const id of ['1', '2', '3']) await http.inject(`/api/customers/${id}?search=planted`)
    await http.inject('/planted')
    const text = await metrics.text()
    const figures = await read(metrics)
    await http.close()
    expect(
      figures['afar_http_request_seconds_count{route="/api/customers/:id",method="GET",status="200"}'],
    ).toBe(3)
    expect(figures['afar_http_request_seconds_count{route="unknown",method="GET",status="404"}']).toBe(1)
    expect(text).not.toContain('planted')
  })

  test('tell of event loop, memory, connections, sockets', async () => {
    const metrics = openMetrics({ pool })
    metrics.watchSockets(() => 7)
    await pool.query('select 1')
    await new Promise(resolve => setTimeout(resolve, 50))
    const figures = await read(metrics)
    expect(figures['afar_event_loop_delay_seconds{quantile="0.99"}']).toBeGreaterThan(0)
    expect(figures['afar_event_loop_delay_seconds{quantile="0.99"}']).toBeLessThan(5)
    expect(figures['afar_memory_bytes{kind="rss"}']).toBeGreaterThan(1e7)
    expect(figures['afar_database_connections{state="idle"}']).toBeGreaterThanOrEqual(1)
    expect(figures.afar_sockets).toBe(7)
  })

  test('tell how far the reactions are behind, and what was set aside', async () => {
    const metrics = openMetrics({ pool })
    const before = await read(metrics)
    expect(before).toMatchObject({
      afar_reactions_behind_seconds: 0,
      'afar_reactions_set_aside{state="retrying"}': 0,
      'afar_reactions_set_aside{state="parked"}': 0,
      afar_audit_unsealed: 0,
    })
    await pool.query(
      `insert into events (name, at, actor_kind, payload) values ('x', now() - interval '90 s', 'system', '{}')`,
    )
    await pool.query(
      `insert into reaction_failures (reaction, event_id, attempts, parked_at) values ('a', 1, 5, now()), ('b', 1, 1, null), ('c', 1, 1, null)`,
    )
    const behind = await read(metrics)
    expect(behind.afar_reactions_behind_seconds).toBeGreaterThanOrEqual(90)
    expect(behind).toMatchObject({
      'afar_reactions_set_aside{state="retrying"}': 2,
      'afar_reactions_set_aside{state="parked"}': 1,
    })
    await pool.query(`insert into reaction_cursors (name, position) select 'all', max(id) from events`)
    expect(await read(metrics)).toMatchObject({ afar_reactions_behind_seconds: 0 })
  })

  test('of two apps in one process stand apart', async () => {
    const [one, two] = [openMetrics({ pool }), openMetrics({ pool })]
    one.watchSockets(() => 1)
    two.watchSockets(() => 2)
    expect((await read(one)).afar_sockets).toBe(1)
    expect((await read(two)).afar_sockets).toBe(2)
  })
})

describe('a figure that a module watches', () => {
  const measure = {
    name: 'afar_inbound_waiting_seconds',
    help: 'Age of the oldest',
    labels: ['channel'],
  } as const

  test('is looked up each time, and a label that is gone is gone', async () => {
    const metrics = openMetrics({ pool })
    let channels = ['web', 'api']
    metrics.watch({
      ...measure,
      labels: ['channel'],
      read: () => channels.map(channel => ({ labels: { channel }, value: 4 })),
    })
    expect(await read(metrics)).toMatchObject({
      [`${measure.name}{channel="web"}`]: 4,
      [`${measure.name}{channel="api"}`]: 4,
    })
    channels = ['api']
    expect(Object.keys(await read(metrics)).filter(key => key.startsWith(measure.name))).toEqual([
      `${measure.name}{channel="api"}`,
    ])
  })

  test('may come from a query: its value and its labels', async () => {
    const metrics = openMetrics({ pool })
    metrics.watch({
      ...measure,
      labels: ['channel'],
      read: fromSql(`select 'web' as channel, 12::bigint as value`),
    })
    expect((await read(metrics))[`${measure.name}{channel="web"}`]).toBe(12)
  })

  test.each([
    ['fails', () => Promise.reject(new Error('the database is away'))],
    [
      'throws',
      () => {
        throw new Error('a mistake')
      },
    ],
    ['hangs', () => new Promise<never>(() => {})],
  ])('and that %s is left out and counted, while the others are told', async (_, look) => {
    const metrics = openMetrics({ pool })
    let broken = false
    metrics.watch({ name: 'afar_shaky', help: 'x', read: () => (broken ? look() : [{ value: 1 }]) })
    metrics.watch({
      ...measure,
      labels: ['channel'],
      read: () => (broken ? look() : [{ labels: { channel: 'web' }, value: 1 }]),
    })
    expect(await read(metrics)).toMatchObject({ afar_shaky: 1, [`${measure.name}{channel="web"}`]: 1 })
    broken = true
    const figures = await read(metrics)
    expect(
      Object.keys(figures).filter(key => /shaky"?$|waiting/.test(key) && !key.includes('unread')),
    ).toEqual([])
    expect((await read(metrics))['afar_metrics_unread_total{metric="afar_shaky"}']).toBeGreaterThanOrEqual(1)
    expect(figures['afar_memory_bytes{kind="rss"}']).toBeGreaterThan(0)
  })

  test('with the database away the metrics are still answered', async () => {
    const away = {
      query: () => Promise.reject(new Error('ECONNREFUSED')),
      totalCount: 0,
      idleCount: 0,
      waitingCount: 0,
    }
    const metrics = openMetrics({ pool: away as unknown as pg.Pool })
    await read(metrics)
    const figures = await read(metrics)
    expect(figures['afar_metrics_unread_total{metric="afar_reactions_behind_seconds"}']).toBe(1)
    expect(figures['afar_memory_bytes{kind="rss"}']).toBeGreaterThan(0)
  })
})
