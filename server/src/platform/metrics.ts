import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export type Reading = { value: number; labels?: Record<string, string> }

/** A figure that is looked up whenever somebody asks for the metrics. */
export type Measure = {
  name: `afar_${string}`
  help: string
  labels?: string[]
  read: (pool: pg.Pool) => Promise<Reading[]> | Reading[]
}

export type Metrics = ReturnType<typeof openMetrics>

/** One registry per app and nothing global, since a test run opens many. */
export function openMetrics(place: { pool: pg.Pool }) {
  const registers = [new Registry()]
  const unread = new Counter({
    name: 'afar_metrics_unread_total',
    help: 'Figures that could not be looked up when asked for',
    labelNames: ['metric'],
    registers,
  })
  const loop = monitorEventLoopDelay({ resolution: 20 })
  loop.enable()

  function watch({ name, help, labels = [], read }: Measure) {
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers,
      async collect() {
        // Better no figure than an old one; and one that fails must not take the others with it.
        const readings = await inTime(async () => read(place.pool)).catch(() => undefined)
        if (labels.length > 0) this.reset()
        else this.remove({})
        if (!readings) unread.inc({ metric: name })
        for (const { value, labels: of = {} } of readings ?? []) this.set(of, value)
      },
    })
  }

  for (const measure of ownMeasures(loop)) watch(measure)

  return {
    watch,
    watchHttp(http: FastifyInstance) {
      const seconds = new Histogram({
        name: 'afar_http_request_seconds',
        help: 'From a request to the end of its answer',
        labelNames: ['route', 'method', 'status'],
        buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        registers,
      })
      http.addHook('onResponse', async (request, reply) => {
        // The template, never the address: every id would open a series of its own.
        const route = request.routeOptions.url ?? 'unknown'
        seconds.observe(
          { route, method: request.method, status: reply.statusCode },
          reply.elapsedTime / 1_000,
        )
      })
      http.addHook('onClose', async () => {
        loop.disable()
      })
    },
    watchSockets: (count: () => number) =>
      watch({ name: 'afar_sockets', help: 'Open sockets of people', read: () => [{ value: count() }] }),
    text: () => registers[0]!.metrics(),
  }
}

/** Readings from a query: its column `value`, and every other column a label. */
export const fromSql =
  (query: string) =>
  async (pool: pg.Pool): Promise<Reading[]> => {
    const { rows } = await pool.query(query)
    return rows.map(({ value, ...labels }) => ({ value: Number(value), labels }))
  }

const ownMeasures = (loop: ReturnType<typeof monitorEventLoopDelay>): Measure[] => [
  {
    name: 'afar_event_loop_delay_seconds',
    help: 'Delay of the event loop since the last look',
    labels: ['quantile'],
    read() {
      const readings = ['0.5', '0.99', '1'].map(quantile => ({
        labels: { quantile },
        value: loop.count > 0 ? loop.percentile(Number(quantile) * 100) / 1e9 : 0,
      }))
      loop.reset()
      return readings
    },
  },
  {
    name: 'afar_memory_bytes',
    help: 'Memory of this process',
    labels: ['kind'],
    read: () => Object.entries(process.memoryUsage()).map(([kind, value]) => ({ labels: { kind }, value })),
  },
  {
    name: 'afar_database_connections',
    help: 'Connections of this process, and callers waiting for one',
    labels: ['state'],
    read: ({ totalCount, idleCount, waitingCount }) => [
      { labels: { state: 'busy' }, value: totalCount - idleCount },
      { labels: { state: 'idle' }, value: idleCount },
      { labels: { state: 'wanted' }, value: waitingCount },
    ],
  },
  {
    name: 'afar_reactions_behind_seconds',
    help: 'Age of the oldest event no reaction has seen',
    read: fromSql(`select coalesce(extract(epoch from now() - min(at)), 0) as value from events
      where id > coalesce((select position from reaction_cursors where name = 'all'), 0)`),
  },
  {
    name: 'afar_reactions_set_aside',
    help: 'Reactions that failed, by whether they are tried again or wait for a person',
    labels: ['state'],
    read: fromSql(`select state, count(event_id) as value
      from (values ('retrying'), ('parked')) as states (state)
      left join reaction_failures on (parked_at is null) = (state = 'retrying') group by state`),
  },
  {
    name: 'afar_audit_unsealed',
    help: 'Audit entries that are not in the chain yet',
    read: fromSql('select count(*) as value from audit_entries where n is null'),
  },
]

/** A database that hangs must not hang whoever wants to know why. */
async function inTime<T>(read: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The figure came too late.')), 2_000)
  })
  try {
    return await Promise.race([read(), late])
  } finally {
    clearTimeout(timer)
  }
}
