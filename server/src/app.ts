import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { widgetFrameAncestors } from './modules/channels/channels.ts'
import { eventTypes, modules, sealedColumns } from './modules/index.ts'
import { findStoreByKey } from './modules/settings/stores.ts'
import { type PageSources, servePages } from './pages.ts'
import { openPlace, type Place, type PlaceOptions } from './place.ts'
import { actionKindsOf, describeActions } from './platform/actions.ts'
import { anchorAudit, sealAudit } from './platform/audit.ts'
import { system } from './platform/context.ts'
import { recordKindsOf } from './platform/filters/fields.ts'
import { openHttp } from './platform/http.ts'
import { startListening } from './platform/listen.ts'
import { logRequests } from './platform/log.ts'
import { type Metrics, openMetrics } from './platform/metrics.ts'
import type { Module, Ports } from './platform/module.ts'
import { describeApi } from './platform/openapi.ts'
import { migrateQueue, startQueue } from './platform/queue.ts'
import { sweepRateLimits } from './platform/rate-limits.ts'
import { startReactions } from './platform/reactions.ts'
import { startRealtime } from './platform/realtime.ts'
import { sealAnew } from './platform/resealing.ts'
import { route } from './platform/route.ts'
import { type Sweep, startSweeps, sweepOnce } from './platform/sweeps.ts'
import { describeTriggers, triggerKindsOf } from './platform/triggers.ts'
import { listVariables, variableSourcesOf } from './platform/variables.ts'
import { lookingContext, transact, type Workplace } from './platform/work.ts'

export type AppOptions = PlaceOptions & {
  roles?: readonly ('web' | 'worker')[]
  trustProxy?: string | boolean | undefined
  ports?: Ports
}

export type App = Awaited<ReturnType<typeof openApp>>

/**
 * Modules and platform made into a server; main.ts and every test go through here. `http` answers at once,
 * what follows the event table begins with `start`, the port is opened by `listen`.
 */
export async function openApp(options: AppOptions) {
  const { url, dataDir, roles = ['web', 'worker'] } = options
  const records = recordKindsOf(modules.flatMap(module => module.fields ?? []))
  const actions = actionKindsOf(modules.flatMap(module => module.actions ?? []))
  const triggers = triggerKindsOf(modules.flatMap(module => module.triggers ?? []))
  const variables = variableSourcesOf(modules.flatMap(module => module.variables ?? []))
  const place = openPlace({ ...options, records, actions, triggers, variables })
  const metrics = openMetrics(place)
  for (const measure of modules.flatMap(module => module.measures ?? [])) metrics.watch(measure)
  const http = await openHttp(place, everything, {
    url,
    secureCookies: url.startsWith('https:'),
    trustProxy: options.trustProxy ?? false,
  })
  metrics.watchHttp(http)
  logRequests(http, place.log)
  await serveHealth(http, place, metrics)
  await serveContract(http, describeApi(everything, { url, version }))
  if (roles.includes('web')) await servePages(http, pageSources(place))

  const sweeps = [...modules.flatMap(module => module.sweeps ?? []), ...houseKeeping(place, dataDir)]
  const followers: { stop(): Promise<unknown> }[] = []

  async function start({ sweeping = true } = {}) {
    for (const { prepare } of modules) if (prepare) await transact(place, system, prepare)
    const ears: Record<string, (payload: string) => void> = {}
    if (roles.includes('web')) followers.push(await openDoors(place, http, metrics, ears))
    if (roles.includes('worker'))
      followers.push(...(await startWork(place, sweeping ? sweeps : [], options.ports ?? {})))
    followers.push(follow(place, ears))
  }

  return {
    place,
    http,
    start,
    listen: (port: number, host: string) => http.listen({ port, host }),
    /** One round of every sweep at the clock's present time: what tests do instead of waiting a second. */
    async sweep() {
      for (const sweep of sweeps) await sweepOnce(place, sweep)
    },
    act: <T>(work: Parameters<typeof transact<T>>[2]) => transact(place, system, work),
    look: () => lookingContext(place, system),
    async stop() {
      for (const follower of followers.reverse()) await follower.stop()
      await http.close()
      await place.pool.end()
    },
  }
}

async function openDoors(
  place: Place,
  http: FastifyInstance,
  metrics: Metrics,
  ears: Record<string, (payload: string) => void>,
) {
  await http.ready()
  const realtime = startRealtime(place, http.server, {
    doors: modules.flatMap(module => module.sockets ?? []),
    signals: modules.flatMap(module => module.signals ?? []),
    eventTypes: new Map(eventTypes.map(type => [type.name, type])),
    origins: sameSite(place.url),
  })
  metrics.watchSockets(() => realtime.io.engine.clientsCount)
  place.wakes.events.push(realtime.wake)
  ears.afar_whispers = realtime.hear
  return realtime
}

async function startWork(place: Place, sweeps: readonly Sweep[], ports: Ports) {
  await migrateQueue(place.pool)
  const reactions = startReactions(
    place,
    modules.flatMap(module => [...(module.reactions ?? []), ...(module.reactionsTo?.(place.triggers) ?? [])]),
  )
  const queue = await startQueue(
    place,
    modules.flatMap(module => module.jobs ?? []),
  )
  const workers = modules.flatMap(module => module.workers ?? []).map(open => open(place))
  place.wakes.events.push(reactions.wake)
  for (const worker of workers) place.wakes[worker.follows ?? 'events'].push(worker.wake)
  const retry: Sweep = { name: 'platform.retry-reactions', run: async () => void (await reactions.retry()) }
  const sweeping = sweeps.length > 0 ? [startSweeps(place, [...sweeps, retry])] : []
  const listeners = modules.flatMap(module => module.listeners ?? []).map(open => open(place, ports))
  const listening = (await Promise.all(listeners)).filter(listener => listener !== null)
  return [reactions, queue, ...workers, ...sweeping, ...listening]
}

/** Wakes the followers when another process has committed something, after a lost connection, and each second. */
function follow(place: Place, ears: Record<string, (payload: string) => void>) {
  const wakeAll = () => {
    for (const wake of [...place.wakes.events, ...place.wakes.inbound]) wake()
  }
  const fromOthers = (act: (payload: string) => void) => (notice: string) => {
    const [from = ''] = notice.split(' ', 1)
    if (from !== place.me) act(notice.slice(from.length + 1))
  }
  const channels = Object.entries({ ...ears, afar_events: wakeAll }).map(([channel, act]) => [
    channel,
    fromOthers(act),
  ])
  const listening = startListening(place.connection, Object.fromEntries(channels), wakeAll)
  const fallback = setInterval(wakeAll, 1_000)
  wakeAll()
  return {
    async stop() {
      clearInterval(fallback)
      await listening.stop()
    },
  }
}

const version = '0.1.0'

const described = {
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  params: z.record(z.string(), z.unknown()),
}
const TriggerDescription = z.object(described).meta({ id: 'TriggerDescription' })
const ActionDescription = z
  .object({
    ...described,
    /** Whether it says something to the customer. */
    sends: z.boolean(),
  })
  .meta({ id: 'ActionDescription' })

const VariableDescription = z
  .object({ code: z.string(), zh: z.string(), en: z.string() })
  .meta({ id: 'VariableDescription' })

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
    route({
      method: 'GET',
      url: '/actions/:record',
      summary: 'List what may be done to a kind of record by macros, in bulk and by rules',
      permission: 'signed-in',
      params: z.object({ record: z.string().max(60) }),
      returns: z.object({ items: z.array(ActionDescription) }),
      run: (ctx, { params }) => ({ items: describeActions(ctx, params.record) }),
    }),
    route({
      method: 'GET',
      url: '/triggers/:record',
      summary: 'List what may happen to a kind of record that rules can wait for',
      permission: 'signed-in',
      params: z.object({ record: z.string().max(60) }),
      returns: z.object({ items: z.array(TriggerDescription) }),
      run: (ctx, { params }) => ({ items: describeTriggers(ctx, params.record) }),
    }),
    route({
      method: 'GET',
      url: '/variables/:record',
      summary: 'List what texts about a kind of record may name, to be filled in',
      permission: 'signed-in',
      params: z.object({ record: z.string().max(60) }),
      returns: z.object({ items: z.array(VariableDescription) }),
      run: async (ctx, { params }) => ({ items: await listVariables(ctx, params.record) }),
    }),
  ],
}

const everything = [...modules, house]

const houseKeeping = (place: Workplace, dataDir: string): Sweep[] => [
  { name: 'platform.seal-anew', everySeconds: 60, run: () => sealAnew(place, sealedColumns) },
  {
    name: 'platform.seal-audit',
    everySeconds: 2,
    run: async () => void (await sealAudit(place.pool, place.secrets.keysFor('audit')[0]!)),
  },
  {
    name: 'platform.anchor-audit',
    everySeconds: 3_600,
    async run() {
      await anchorAudit(place.pool, dataDir).catch(error =>
        place.log.error({ err: error }, 'the audit log does not hold its anchor'),
      )
    },
  },
  {
    name: 'platform.forget-rate-limits',
    everySeconds: 60,
    run: async ctx => void (await sweepRateLimits(ctx.db, ctx.now)),
  },
]

const pageSources = (place: Workplace): PageSources => ({
  url: place.url,
  async findStore(key) {
    const store = await findStoreByKey(lookingContext(place, system), key)
    return store ? { key: store.key, name: store.name, locale: store.languages[0] ?? 'en' } : null
  },
  frameAncestors: key => widgetFrameAncestors(lookingContext(place, system), key),
})

async function serveHealth(http: FastifyInstance, place: Workplace, metrics: Metrics) {
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
