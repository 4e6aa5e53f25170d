import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { deflateSync } from 'node:zlib'
import { Server as SocketServer } from 'socket.io'
import type { Connect, Plugin } from 'vite'
import type { components } from '../src/api/schema.d.ts'
import { settingsRoutes } from './fake-settings.ts'
import {
  ago,
  customers,
  id,
  manyRow,
  me,
  messages,
  quickReplies,
  type Row,
  rows,
  staff,
  statusLabels,
  stores,
  teams,
} from './fake-world.ts'

type S = components['schemas']
// biome-ignore lint/suspicious/noExplicitAny: a fake takes what it is given
export type Ask = { params: string[]; query: URLSearchParams; body: any }
export type FakeRoute = [method: string, pattern: RegExp, run: (ask: Ask) => unknown]
class Refused extends Error {
  status = 500
  details: unknown
}
export const refuse = (status: number, code: string, details?: unknown): never => {
  throw Object.assign(new Refused(code), { status, details })
}

let io: SocketServer | undefined
let eventId = 0
const tell = (name: string, conversationId?: string) =>
  io?.of('/staff').emit('event', { id: ++eventId, name, conversationId })
const many = Number(process.env.AFAR_FAKE_MANY ?? 400)
let isSignedIn = process.env.AFAR_FAKE_SIGNED_OUT === undefined
let needsSetup = process.env.AFAR_FAKE_SETUP !== undefined

const find = (conversationId: string) =>
  rows.find(row => row.id === conversationId) ??
  (conversationId.startsWith('018f1111')
    ? manyRow(Number.parseInt(conversationId.slice(-12), 16))
    : refuse(404, 'conversation_not_found'))
const isDone = (row: Row) => row.status.category === 'resolved' || row.status.category === 'closed'

function inView(row: Row, query: URLSearchParams) {
  const view = query.get('view') ?? 'all'
  if (query.get('storeId') && row.store.id !== query.get('storeId')) return false
  if (query.get('customerId') && row.customer.id !== query.get('customerId')) return false
  if (view === 'resolved') return isDone(row)
  if (isDone(row)) return false
  if (view === 'mine') return row.assignee?.id === me.id
  if (view === 'unassigned') return row.assignee === null
  if (view === 'team') return row.team?.id === query.get('teamId')
  if (view === 'mentions')
    return messages.get(row.id)?.some(message => message.mentions.includes(me.id)) ?? false
  return true
}

function list({ query }: Ask) {
  const time = (at: string | null | undefined) => (at ? Date.parse(at) : Number.MAX_SAFE_INTEGER)
  const sort = query.get('sort') ?? 'clock'
  const by = (row: Row) =>
    sort === 'activity'
      ? -time(row.lastActivityAt)
      : sort === 'waiting'
        ? time(row.waitingSince)
        : time(row.clock?.dueAt)
  const own = rows.filter(row => inView(row, query)).sort((a, b) => by(a) - by(b))
  const limit = Number(query.get('limit') ?? 25)
  const from = Number(query.get('cursor') ?? 0)
  const extra = query.get('view') === 'all' && !query.get('storeId') && !query.get('customerId') ? many : 0
  const total = own.length + extra
  const items = Array.from(
    { length: Math.max(0, Math.min(limit, total - from)) },
    (_, at) => own[from + at] ?? manyRow(from + at - own.length),
  )
  return { items, next: from + limit < total ? String(from + limit) : null }
}

function add(row: Row, over: Partial<S['Message']> & Pick<S['Message'], 'kind' | 'text'>) {
  const thread = messages.get(row.id) ?? []
  messages.set(row.id, thread)
  const known = over.clientId && thread.find(message => message.clientId === over.clientId)
  if (known) return known
  const message: S['Message'] = {
    id: id(),
    seq: thread.length + 1,
    author: null,
    language: null,
    attachments: [],
    mentions: [],
    delivery: null,
    clientId: null,
    createdAt: ago(0),
    system: null,
    mail: null,
    ...over,
  }
  thread.push(message)
  row.lastSeq = message.seq
  row.version += 1
  if (message.kind !== 'system') {
    row.preview = { kind: message.kind, text: message.text || '📎', at: message.createdAt }
    row.lastActivityAt = message.createdAt
  }
  tell('message.added', row.id)
  return message
}

const note = (row: Row, event: string, params: Record<string, unknown> = {}) =>
  add(row, { kind: 'system', text: '', system: { event, params } })
const mine = { kind: 'staff' as const, id: me.id, name: me.name }
const files = new Map<string, { name: string; type: string; body: Buffer }>()
const attached = (ids: string[]) =>
  ids.map(fileId => ({
    id: fileId,
    name: files.get(fileId)?.name ?? '?',
    type: files.get(fileId)?.type ?? '',
    size: files.get(fileId)?.body.length ?? 0,
    url: `/api/files/${fileId}`,
    width: null,
    height: null,
    isInline: false,
  }))

function reply({ params: [conversationId], body }: Ask) {
  const row = find(conversationId!)
  const { clientId, text, attachmentIds, lastSeenSeq, then } = body
  const missed = (messages.get(row.id) ?? []).filter(
    message => message.seq > lastSeenSeq && message.kind === 'customer',
  )
  if (missed.length) refuse(409, 'missed_messages', { messages: missed })
  const message = add(row, {
    kind: 'reply',
    text,
    clientId,
    attachments: attached(attachmentIds),
    author: mine,
    delivery: { id: null, state: 'sent', reason: null },
  })
  row.waitingSince = null
  row.clock = null
  row.unread = 0
  if (then) setStatus(row, then === 'resolve' ? 'resolved' : 'waiting_customer')
  for (const [ms, state] of [
    [900, 'delivered'],
    [2600, 'read'],
  ] as const)
    setTimeout(() => {
      message.delivery = { id: null, state, reason: null }
      tell('conversation.read', row.id)
    }, ms)
  answerLater(row)
  return message
}

function answerLater(row: Row) {
  if (process.env.AFAR_FAKE_QUIET) return
  const typing = (on: boolean) =>
    io?.of('/staff').emit('presence', {
      conversationId: row.id,
      staffId: 'customer',
      name: null,
      typing: on,
      viewing: true,
    })
  setTimeout(() => typing(true), 4_000)
  setTimeout(() => {
    typing(false)
    customerSays(row, 'OK 👍')
  }, 9_000)
}

export function customerSays(row: Row, text: string) {
  add(row, {
    kind: 'customer',
    text,
    language: row.language,
    author: { kind: 'customer', id: row.customer.id, name: row.customer.name },
  })
  row.unread += 1
  row.waitingSince ??= ago(0)
  row.clock ??= { kind: 'next_response', startedAt: ago(0), dueAt: ago(-60), breachedAt: null }
  tell('conversation.changed', row.id)
}

function setStatus(row: Row, category: Row['status']['category'], labelId?: string | null) {
  row.status = { category, label: statusLabels.find(label => label.id === labelId) ?? null }
  row.version += 1
  row.lastActivityAt = ago(0)
  if (isDone(row)) row.clock = null
  note(
    row,
    category === 'resolved'
      ? 'conversation.resolved'
      : category === 'open'
        ? 'conversation.reopened'
        : 'conversation.status_changed',
    { by: me.name, to: row.status.label?.name ?? category },
  )
  tell('conversation.changed', row.id)
  return row
}

function assign({ params: [conversationId], body }: Ask) {
  const row = find(conversationId!)
  const { staffId, teamId, note: word } = body
  const from = row.assignee?.name
  const to = staff.find(person => person.id === staffId)
  row.assignee = to ? { id: to.id, name: to.name } : null
  const team = teams.find(entry => entry.id === teamId)
  if (team) row.team = { id: team.id, name: team.name }
  note(row, to ? (from ? 'conversation.transferred' : 'conversation.assigned') : 'conversation.unassigned', {
    from,
    to: to?.name,
  })
  if (word) add(row, { kind: 'note', text: word, author: mine })
  tell('conversation.assigned', row.id)
  return row
}

const changed = (row: Row, over: Partial<Row>) => {
  Object.assign(row, over)
  tell('conversation.changed', row.id)
  return row
}

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
  ['GET', /^\/conversations$/, list],
  [
    'GET',
    /^\/conversations\/counts$/,
    () => {
      const open = rows.filter(row => !isDone(row))
      return {
        mine: open.filter(row => row.assignee?.id === me.id).length,
        unassigned: open.filter(row => !row.assignee).length,
        all: open.length + many,
        mentions: 0,
        waitingChats: open.filter(row => !row.assignee).length,
        teams: teams.map(team => ({
          id: team.id,
          count: open.filter(row => row.team?.id === team.id).length,
        })),
        stores: stores.map(store => ({
          id: store.id,
          count: open.filter(row => row.store.id === store.id).length,
        })),
      }
    },
  ],
  ['GET', /^\/conversations\/([^/]+)$/, ({ params }) => find(params[0]!)],
  [
    'GET',
    /^\/conversations\/([^/]+)\/messages$/,
    ({ params, query }) => {
      const thread = messages.get(params[0]!) ?? []
      const limit = Number(query.get('limit') ?? 50)
      const after = query.get('afterSeq')
      const items = after
        ? thread.filter(message => message.seq > Number(after)).slice(0, limit)
        : thread.filter(message => message.seq < Number(query.get('beforeSeq') ?? 2 ** 31)).slice(-limit)
      return { items, lastSeq: thread.length, hasEarlier: (items[0]?.seq ?? 1) > 1 }
    },
  ],
  ['POST', /^\/conversations\/([^/]+)\/replies$/, reply],
  [
    'POST',
    /^\/conversations\/([^/]+)\/notes$/,
    ({ params, body }) =>
      add(find(params[0]!), {
        kind: 'note',
        author: mine,
        text: body.text,
        clientId: body.clientId,
        mentions: body.mentionIds,
        attachments: attached(body.attachmentIds),
      }),
  ],
  ['PUT', /^\/conversations\/([^/]+)\/assignee$/, assign],
  [
    'PUT',
    /^\/conversations\/([^/]+)\/status$/,
    ({ params, body }) => setStatus(find(params[0]!), body.category, body.labelId),
  ],
  [
    'PUT',
    /^\/conversations\/([^/]+)\/read$/,
    ({ params }) => {
      changed(find(params[0]!), { unread: 0 })
      return {}
    },
  ],
  [
    'PUT',
    /^\/conversations\/([^/]+)\/(priority|tags)$/,
    ({ params, body }) => changed(find(params[0]!), body),
  ],
  [
    'GET',
    /^\/conversations\/([^/]+)\/assignments$/,
    ({ params }) => {
      const row = find(params[0]!)
      return {
        items: row.assignee
          ? [
              {
                id: 'a2',
                at: ago(300),
                staff: row.assignee,
                from: null,
                by: { kind: 'system', name: null },
                reason: 'fewest_chats_in_language',
                params: { language: row.language, openChats: 2, chatLimit: 5 },
                waitedSeconds: 12,
              },
              {
                id: 'a1',
                at: ago(3600),
                staff: null,
                from: { id: 'x', name: '陈志远' },
                by: { kind: 'system', name: null },
                reason: 'agent_left',
                params: {},
                waitedSeconds: null,
              },
              {
                id: 'a0',
                at: ago(3 * 86_400),
                staff: { id: 'x', name: '陈志远' },
                from: null,
                by: { kind: 'staff', name: 'Layla Haddad' },
                reason: 'assigned',
                params: {},
                waitedSeconds: 4,
              },
            ]
          : [],
      }
    },
  ],
  [
    'GET',
    /^\/routing\/queue$/,
    () => ({
      items: rows
        .filter(row => !row.assignee && !isDone(row))
        .map((row, at) => ({
          conversationId: row.id,
          number: row.number,
          storeId: row.store.id,
          language: row.language ?? 'en',
          reason: 'nobody_free',
          waitingSince: row.waitingSince ?? ago(20),
          place: at + 1,
        })),
    }),
  ],
  ['GET', /^\/contact-reasons$/, () => ({ items: [] })],
  ['GET', /^\/conversations\/([^/]+)\/reason-suggestion$/, () => ({ items: [] })],
  ['GET', /^\/reason-model$/, () => null],
  ['GET', /^\/status-labels$/, () => ({ items: statusLabels })],
  ['GET', /^\/quick-replies$/, () => ({ items: quickReplies })],
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
  ...settingsRoutes,
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

function serveFile(request: IncomingMessage, response: ServerResponse, path: string, raw: Buffer) {
  if (request.method === 'POST') {
    const head = raw.subarray(0, 600).toString('latin1')
    const start = raw.indexOf('\r\n\r\n') + 4
    const boundary = head.slice(0, head.indexOf('\r\n'))
    const body = raw.subarray(start, raw.indexOf(`\r\n${boundary}`, start))
    const name = Buffer.from(/filename="([^"]*)"/.exec(head)?.[1] ?? 'file', 'latin1').toString()
    const type = /content-type: ([^\r]+)/i.exec(head)?.[1] ?? 'application/octet-stream'
    const fileId = id()
    files.set(fileId, { name, type, body })
    response.setHeader('content-type', 'application/json')
    return response.end(
      JSON.stringify({
        id: fileId,
        name,
        type,
        size: body.length,
        url: `/api/files/${fileId}`,
        width: null,
        height: null,
        isInline: false,
      }),
    )
  }
  const file = files.get(path.split('/').at(-1)!)
  response.setHeader('content-type', file?.type ?? 'image/png')
  response.end(file?.body ?? paint(520, 340))
}

/** A soft gradient with a dark line, standing in for a customer's photo. */
function paint(width: number, height: number) {
  const data = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3
      const crack = Math.abs(x - width / 2 - Math.sin(y / 22) * 18 - y / 9) < 2
      const shade = Math.hypot(x - width / 2, y - height / 2) / 300
      data[at] = crack ? 60 : 214 - shade * 70
      data[at + 1] = crack ? 50 : 205 - shade * 60
      data[at + 2] = crack ? 45 : 190 - shade * 40
    }
  const chunk = (type: string, body: Buffer) => {
    const out = Buffer.alloc(body.length + 12)
    out.writeUInt32BE(body.length)
    out.write(type, 4)
    body.copy(out, 8)
    out.writeUInt32BE(crc(out.subarray(4, body.length + 8)), body.length + 8)
    return out
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc(bytes: Buffer) {
  let value = ~0
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return ~value >>> 0
}

export function listen(http: Server) {
  io = new SocketServer(http, { path: '/api/socket', serveClient: false })
  io.of('/staff').on('connection', socket => {
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
