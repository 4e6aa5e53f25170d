import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'
import type { components } from '../src/api/schema.d.ts'
import { channelRoutes } from './fake-channels.ts'
import { clockRoutes } from './fake-clocks.ts'
import { customerRoutes } from './fake-customers.ts'
import { serveFile } from './fake-files.ts'
import { flowRoutes } from './fake-flows.ts'
import { customerSays, find, inboxRoutes } from './fake-inbox.ts'
import { insightRoutes } from './fake-insight.ts'
import { linkRoutes } from './fake-links.ts'
import { customers, me, staff } from './fake-people.ts'
import { quickReplyRoutes } from './fake-quick-replies.ts'
import { searchRoutes } from './fake-search.ts'
import { settingsRoutes } from './fake-settings.ts'
import { rows } from './fake-threads.ts'
import { viewRoutes } from './fake-views.ts'
import { type FakeRoute, openSocket, Refused, refuse } from './fake-wire.ts'

type S = components['schemas']

let isSignedIn = process.env.AFAR_FAKE_SIGNED_OUT === undefined
let needsSetup = process.env.AFAR_FAKE_SETUP !== undefined

const routes: FakeRoute[] = [
  ['GET', /^\/setup$/, () => ({ needed: needsSetup })],
  [
    'POST',
    /^\/setup$/,
    () => {
      needsSetup = false
      isSignedIn = true
      return me
    },
  ],
  ['GET', /^\/session$/, () => (isSignedIn && !needsSetup ? me : refuse(401, 'not_signed_in'))],
  [
    'POST',
    /^\/session$/,
    ({ body }) => {
      if (body.password === 'wrong') refuse(401, 'wrong_credentials')
      if (String(body.email).startsWith('totp')) return { state: 'second_factor' }
      isSignedIn = true
      return { state: 'signed_in' }
    },
  ],
  [
    'POST',
    /^\/session\/second-factor$/,
    () => {
      isSignedIn = true
      return { state: 'signed_in' }
    },
  ],
  ['PATCH', /^\/session$/, ({ body }) => Object.assign(me, body)],
  ['GET', /^\/session\/notifications$/, () => notifications],
  ['PUT', /^\/session\/notifications$/, ({ body }) => Object.assign(notifications, body)],
  [
    'DELETE',
    /^\/session$/,
    () => {
      isSignedIn = false
      return {}
    },
  ],
  [
    'PUT',
    /^\/session\/availability$/,
    ({ body }) => (me.availability = { reason: null, ...body } as unknown as S['Availability']),
  ],
  [
    'GET',
    /^\/customers$/,
    ({ query }) => {
      const wanted = (query.get('search') ?? '').toLowerCase()
      const items = customers.filter(one => !one.mergedIntoId && one.name.toLowerCase().includes(wanted))
      return { items, next: null }
    },
  ],
  [
    'GET',
    /^\/customers\/([^/]+)$/,
    ({ params }) => customers.find(one => one.id === params[0]) ?? refuse(404, 'customer_not_found'),
  ],
  ...inboxRoutes,
  ...quickReplyRoutes,
  ...flowRoutes,
  ...insightRoutes,
  ...linkRoutes,
  ...searchRoutes,
  ...viewRoutes,
  ...settingsRoutes,
  ...channelRoutes,
  ...clockRoutes,
  ...customerRoutes,
]

export async function answer(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url!, 'http://fake')
  const path = url.pathname.replace(/^\/api/, '')
  const raw = await bytes(request)
  if (path.startsWith('/files')) return serveFile(request, response, path, raw)
  const say = (status: number, body: unknown) => {
    response.statusCode = status
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(body))
  }
  for (const [method, pattern, run] of routes) {
    const match = method === request.method && pattern.exec(path)
    if (!match) continue
    try {
      const result = run({
        params: match.slice(1),
        query: url.searchParams,
        body: raw.length ? JSON.parse(raw.toString()) : {},
      })
      return say(200, result ?? {})
    } catch (error) {
      if (error instanceof Refused)
        return say(error.status, {
          error: { code: error.message, message: error.message, details: error.details },
        })
      console.error(error)
      return say(500, { error: { code: 'unknown', message: String(error) } })
    }
  }
  say(404, { error: { code: 'no_such_route', message: `${request.method} ${path}` } })
}

async function bytes(request: IncomingMessage) {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export function listen(http: Server) {
  openSocket(http).on('connection', socket => {
    setTimeout(() => {
      socket.emit('presence', {
        conversationId: rows[0]!.id,
        staffId: staff[1]!.id,
        name: staff[1]!.name,
        typing: false,
        viewing: true,
      })
      socket.emit('presence', {
        conversationId: rows[1]!.id,
        staffId: 'customer',
        name: null,
        typing: true,
        viewing: true,
      })
    }, 600)
    socket.on('fake-say', ({ conversationId, text }) => customerSays(find(conversationId), text))
  })
}

/** A server of make-believe for building screens: stands in vite's dev server, never in a build. */
export const fakeApi = (): Plugin => ({
  name: 'afar-fake-api',
  configureServer(server) {
    if (server.httpServer) listen(server.httpServer as Server)
    server.middlewares.use('/api', ((
      request: IncomingMessage,
      response: ServerResponse,
      next: () => void,
    ) => {
      if (request.url?.startsWith('/socket')) return next()
      answer(request, response)
    }) as Connect.NextHandleFunction)
  },
})

const told = { sound: true, desktop: true, title: true }
const notifications = {
  ways: {
    assigned: told,
    customer_wrote: told,
    mention: told,
    whisper: told,
    escalation: told,
    queued: told,
  },
  ...{ volume: 60, quietWhileLooking: true, doNotDisturb: null },
}
