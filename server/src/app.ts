import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { widgetFrameAncestors } from './modules/channels/channels.ts'
import { eventTypes, modules } from './modules/index.ts'
import { findStoreByKey } from './modules/settings/stores.ts'
import { type PageSources, servePages } from './pages.ts'
import { sealAudit } from './platform/audit.ts'
import { type Clock, databaseClock } from './platform/clock.ts'
import { system } from './platform/context.ts'
import { type Connection, openDb, openPool } from './platform/db.ts'
import { openFiles } from './platform/files.ts'
import { openHttp } from './platform/http.ts'
import { startListening } from './platform/listen.ts'
import { openLog } from './platform/log.ts'
import { openMetrics } from './platform/metrics.ts'
import type { Module } from './platform/module.ts'
import { describeApi } from './platform/openapi.ts'
import { createOutbound } from './platform/outbound.ts'
import type { AllowRule } from './platform/outbound-guard.ts'
import { migrateQueue, startQueue } from './platform/queue.ts'
import { sweepRateLimits } from './platform/rate-limits.ts'
import { startReactions } from './platform/reactions.ts'
import { startRealtime } from './platform/realtime.ts'
import { route } from './platform/route.ts'
import { createSecrets } from './platform/secrets.ts'
import { type Sweep, startSweeps, sweepOnce } from './platform/sweeps.ts'
import { lookingContext, transact, type Workplace } from './platform/work.ts'

export type AppOptions = {
  connection: Connection
  secret: string
  dataDir: string
  url: string
  roles?: readonly ('web' | 'worker')[]
  logLevel?: string
  outboundAllow?: readonly AllowRule[]
  trustProxy?: boolean | string
  clock?: Clock
  poolSize?: number
}

export type App = Awaited<ReturnType<typeof openApp>>

/**
 * Modules and platform made into a running server; main.ts and every test go through here. Followers of the
 * event table start with `start`, the port is opened by `listen`.
 */
export async function openApp(options: AppOptions) {
  const { connection, url, roles = ['web', 'worker'], clock = databaseClock() } = options
  const log = openLog({ level: options.logLevel ?? 'info' })
  const pool = openPool(connection, { max: options.poolSize ?? 20 })
  const secrets = createSecrets([options.secret])
  const me = randomUUID()
  const wakes: (() => void)[] = []
  let noticeDue = false

  const place: Workplace = {
    pool,
    db: openDb(pool),
    clock,
    log,
    secrets,
    outbound: createOutbound({ allow: options.outboundAllow ?? [] }),
    files: openFiles(path.join(options.dataDir, 'files')),
    url,
    wake() {
      for (const wake of wakes) wake()
      // NOTIFY takes a lock of the whole database at commit, so writers never do it: one notice for many commits.
      if (noticeDue) return
      noticeDue = true
      setTimeout(() => {
        noticeDue = false
        place.shout('afar_events', me)
      }, 5).unref()
    },
    shout(channel, payload) {
      pool
        .query({ name: 'shout', text: 'select pg_notify($1, $2)', values: [channel, `${me} ${payload}`] })
        .catch(() => {})
    },
  }

  const metrics = openMetrics(place)
  const http = await openHttp(place, everything, {
    url,
    secureCookies: url.startsWith('https:'),
    trustProxy: options.trustProxy ?? false,
  })
  metrics.watchHttp(http)
  await serveHealth(http, place, metrics)
  await serveContract(http, describeApi(everything, { url, version }))
  if (roles.includes('web')) await servePages(http, pageSources(place))

  const followers: { stop(): Promise<unknown> }[] = []
  let reactions: ReturnType<typeof startReactions> | null = null
  const sweeps: Sweep[] = [
    ...modules.flatMap(module => module.sweeps ?? []),
    {
      name: 'platform.seal-audit',
      everySeconds: 2,
      run: async () => void (await sealAudit(pool, secrets.keysFor('audit')[0]!)),
    },
    {
      name: 'platform.forget-rate-limits',
      everySeconds: 60,
      run: async ctx => void (await sweepRateLimits(ctx.db, ctx.now)),
    },
  ]

  /** Begins to follow events, to sweep, to work and to push; `http` answers without it. */
  async function start({ sweeping = true } = {}) {
    for (const { prepare } of modules) if (prepare) await transact(place, system, prepare)
    const hearers: Record<string, (payload: string) => void> = {}
    if (roles.includes('web')) {
      const doors = modules.flatMap(module => module.sockets ?? [])
      const signals = modules.flatMap(module => module.signals ?? [])
      const knownEvents = new Map(eventTypes.map(type => [type.name, type]))
      await http.ready()
      const realtime = startRealtime(place, http.server, {
        doors,
        signals,
        eventTypes: knownEvents,
        origins: sameSite(url),
      })
      metrics.watchSockets(() => realtime.io.engine.clientsCount)
      wakes.push(realtime.wake)
      hearers.afar_whispers = realtime.hear
      followers.push(realtime)
    }
    if (roles.includes('worker')) {
      await migrateQueue(pool)
      reactions = startReactions(
        place,
        modules.flatMap(module => module.reactions ?? []),
      )
      wakes.push(reactions.wake)
      followers.push(
        reactions,
        await startQueue(
          place,
          modules.flatMap(module => module.jobs ?? []),
        ),
      )
      const retry: Sweep = {
        name: 'platform.retry-reactions',
        run: async () => void (await reactions?.retry()),
      }
      if (sweeping) followers.push(startSweeps(place, [...sweeps, retry]))
      for (const module of modules)
        for (const open of module.workers ?? []) {
          const worker = open(place)
          wakes.push(worker.wake)
          followers.push(worker)
        }
    }
    const wakeAll = () => {
      for (const wake of wakes) wake()
    }
    const fallback = setInterval(wakeAll, 1_000)
    followers.push({ stop: async () => clearInterval(fallback) })
    const fromOthers = (act: (payload: string) => void) => (notice: string) => {
      const [from] = notice.split(' ', 1)
      if (from !== me) act(notice.slice(from!.length + 1))
    }
    const channels = {
      afar_events: fromOthers(wakeAll),
      ...Object.fromEntries(Object.entries(hearers).map(([channel, hear]) => [channel, fromOthers(hear)])),
    }
    followers.push(startListening(connection, channels, wakeAll))
    wakeAll()
  }

  return {
    place,
    http,
    start,
    listen: (port: number, host: string) => http.listen({ port, host }),
    /** One round of every sweep at the clock's present time: what tests do instead of waiting a second. */
    async sweep() {
      for (const sweep of sweeps) await sweepOnce(place, sweep)
      await reactions?.retry()
    },
    act: <T>(work: Parameters<typeof transact<T>>[2]) => transact(place, system, work),
    look: () => lookingContext(place, system),
    async stop() {
      for (const follower of followers.reverse()) await follower.stop()
      await http.close()
      await pool.end()
    },
  }
}

const version = '0.1.0'

const pageSources = (place: Workplace): PageSources => ({
  url: place.url,
  async findStore(key) {
    const store = await findStoreByKey(lookingContext(place, system), key)
    return store ? { key: store.key, name: store.name, locale: store.languages[0] ?? 'en' } : null
  },
  frameAncestors: key => widgetFrameAncestors(lookingContext(place, system), key),
})

/** What belongs to the house and not to a noun. */
const house: Module = {
  name: 'house',
  routes: [
    route({
      method: 'GET',
      url: '/permissions',
      summary: 'List the permissions a role can be given',
      permission: 'staff:read',
      returns: z.object({ items: z.array(z.object({ code: z.string(), zh: z.string(), en: z.string() })) }),
      run: () => ({
        items: modules.flatMap(module => module.permissions ?? []).map(permission => ({ ...permission })),
      }),
    }),
  ],
}

const everything = [...modules, house]

async function serveHealth(http: FastifyInstance, place: Workplace, metrics: ReturnType<typeof openMetrics>) {
  http.get('/live', async () => ({ live: true }))
  http.get('/ready', async (_request, reply) => {
    try {
      await place.pool.query(`insert into reaction_cursors (name, position) values ('ready', 1)
        on conflict (name) do update set position = reaction_cursors.position + 1`)
      return { ready: true }
    } catch {
      return reply.code(503).header('retry-after', '2').send({ ready: false })
    }
  })
  http.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send(await metrics.text()),
  )
}

async function serveContract(http: FastifyInstance, document: Record<string, unknown>) {
  const text = JSON.stringify(document)
  http.get('/api/openapi.json', async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(text),
  )
  await http.register(import('@fastify/swagger'), {
    mode: 'static',
    specification: { document: document as never },
  })
  await http.register(import('@fastify/swagger-ui'), {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { docExpansion: 'none', deepLinking: true },
  })
}

/** A page of another site must not open a socket with our cookie; clients without an Origin are no browsers. */
const sameSite = (url: string) => (origin: string | undefined, host: string | undefined) =>
  origin === undefined || origin === new URL(url).origin || new URL(origin).host === host
