import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Server } from 'socket.io'
import { type Faults, sign, standBehind } from './agent-side.ts'
import { type Held, openState, publicly, type Visitor } from './fake-state.ts'
import { servePages } from './pages.ts'

class Refused extends Error {
  status: number
  constructor(status: number, code: string) {
    super(code)
    this.status = status
  }
}

type Options = { port?: number; file?: string; log?: boolean }

/** The widget's side of the contract, with faults on demand: for development and for tests. */
export async function startFake({ port = 0, file, log = false }: Options = {}) {
  const held = openState(file)
  const { state } = held
  const faults: Faults = { drop: 0, cut: 0, refuse: null, delayMs: 0, hints: null, isSilent: false }
  const seen = { posts: [] as string[], requests: 0 }
  const lines = new Set<Socket>()

  const http = createServer((request, response) => void answer(request, response))
  http.on('connection', line => {
    lines.add(line)
    line.on('close', () => lines.delete(line))
  })
  const io = new Server(http, {
    path: '/api/socket',
    pingInterval: 15_000,
    pingTimeout: 15_000,
    serveClient: false,
  })
  const rooms = io.of('/widget')
  rooms.use((socket, next) => {
    const visitor = held.visitorOf(socket.handshake.auth.token)
    if (!visitor) return next(new Error('not_signed_in'))
    const conversation = held.current(visitor)
    if (conversation) socket.join(conversation.id)
    next()
  })
  rooms.on('connection', socket => socket.on('typing', typing => log && console.log('typing', typing)))

  function hint(conversation: Held, name: string, seq?: number) {
    held.save()
    if (faults.hints === 'lost') return
    for (let i = 0; i < (faults.hints === 'twice' ? 2 : 1); i++)
      rooms.to(conversation.id).emit('event', { name, seq })
  }

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
    if (pathname.startsWith('/dev/'))
      return reply(response, 200, await control(pathname.slice(5), await readJson(request)))
    if (!pathname.startsWith('/api/widget')) return servePages(pathname, request, response, state.config)
    seen.requests++
    if (faults.isSilent) return
    if (faults.delayMs) await new Promise(done => setTimeout(done, faults.delayMs))
    if (faults.drop > 0) {
      faults.drop--
      return void request.socket.destroy()
    }
    const { refuse } = faults
    if (refuse && refuse.times > 0 && (!refuse.method || refuse.method === request.method)) {
      refuse.times--
      if (refuse.retryAfter) response.setHeader('retry-after', refuse.retryAfter)
      return reply(response, refuse.status, { error: { code: refuse.code, message: refuse.code } })
    }
    try {
      const body = await run(request, response, pathname.slice('/api/widget'.length), searchParams)
      if (faults.cut > 0 && request.method !== 'GET') {
        faults.cut--
        return void request.socket.destroy()
      }
      if (response.headersSent) return
      if (body === undefined) response.writeHead(204).end()
      else reply(response, request.method === 'POST' ? 201 : 200, body)
    } catch (error) {
      const status = error instanceof Refused ? error.status : 500
      reply(response, status, {
        error: { code: (error as Error).message, message: (error as Error).message },
      })
    }
  }

  async function run(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ) {
    const route = `${request.method} ${path}`
    if (route === 'GET /config')
      return { ...state.config, locale: query.get('locale') ?? state.config.locale }
    if (route === 'POST /session') return open(await readJson(request))
    const visitor = held.visitorOf(request.headers.authorization?.replace('Bearer ', ''))
    if (!visitor) throw new Refused(401, 'not_signed_in')
    const conversation = held.current(visitor)
    switch (route) {
      case 'DELETE /session':
        visitor.isExpired = true
        return held.save()
      case 'GET /conversation':
        return publicly(conversation)
      case 'GET /messages': {
        const after = Number(query.get('afterSeq') ?? 0)
        const items = (conversation?.messages ?? [])
          .filter(({ seq }) => seq > after)
          .slice(0, Number(query.get('limit') ?? 100))
        return { items, lastSeq: conversation?.lastSeq ?? 0 }
      }
      case 'POST /messages': {
        const said = await readJson(request)
        if (String(said.text).includes('FORBIDDEN')) throw new Refused(422, 'text_refused')
        seen.posts.push(said.clientId)
        const posted = held.post(visitor, said)
        hint(posted.conversation, 'message.added', posted.message.seq)
        return { message: posted.message, conversation: publicly(posted.conversation) }
      }
      case 'PUT /read':
        if (conversation)
          conversation.customerReadSeq = Math.max(conversation.customerReadSeq, (await readJson(request)).seq)
        return held.save()
      case 'PUT /contact':
        Object.assign(visitor.contact, await readJson(request))
        return held.save()
      case 'POST /files':
        return upload(visitor, request)
    }
    const file = state.files.find(
      ({ url, visitorId }) => url === `/api/widget${path}` && visitorId === visitor.id,
    )
    if (!file) throw new Refused(404, 'file_not_found')
    response.writeHead(200, {
      'content-type': file.type,
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
    })
    response.end(Buffer.from(file.body, 'base64'))
  }

  function open({
    token,
    identity,
  }: {
    token?: string
    identity?: { userId: string; expiresAt: number; signature: string }
  }) {
    let visitor = held.visitorOf(token)
    if (token && !visitor) throw new Refused(401, 'token_expired')
    if (identity) {
      const { userId, expiresAt, signature } = identity
      if (expiresAt * 1_000 < Date.now()) throw new Refused(401, 'identity_expired')
      if (signature !== sign(userId, state.config.store.key, expiresAt))
        throw new Refused(401, 'identity_signature_wrong')
      if (visitor?.userId !== userId)
        visitor = state.visitors.find(one => one.userId === userId && !one.isExpired)
      const earlier = state.visitors.findLast(one => one.userId === userId)
      visitor ??= held.addVisitor(userId)
      if (earlier && earlier !== visitor) visitor.conversationIds = earlier.conversationIds
    }
    visitor ??= held.addVisitor(null)
    held.save()
    return {
      token: visitor.token,
      verified: visitor.userId !== null,
      conversation: publicly(held.current(visitor)),
    }
  }

  async function upload(visitor: Visitor, request: IncomingMessage) {
    const type = request.headers['content-type'] ?? ''
    const form = await new Response(await readAll(request), { headers: { 'content-type': type } }).formData()
    const given = form.get('file') as File
    const id = randomUUID()
    const attachment = {
      id,
      name: given.name,
      type: given.type,
      size: given.size,
      url: `/api/widget/files/${id}`,
    }
    state.files.push({
      ...attachment,
      body: Buffer.from(await given.arrayBuffer()).toString('base64'),
      visitorId: visitor.id,
    })
    held.save()
    return attachment
  }

  const control = standBehind({ held, faults, seen, hint, rooms })

  const listen = () =>
    new Promise<void>((done, fail) => http.listen(port, '127.0.0.1', done).once('error', fail))
  await listen()
  const address = http.address()
  const at = typeof address === 'object' && address ? address.port : port
  return {
    url: `http://localhost:${at}`,
    state,
    faults,
    seen,
    listeners: () => rooms.sockets.size,
    control,
    /** Cuts every line and refuses new ones, as a killed process does. */
    async kill() {
      await new Promise<void>(done => {
        http.close(() => done())
        rooms.disconnectSockets(true)
        for (const line of lines) line.destroy()
      })
    },
    revive: () => new Promise<void>((done, fail) => http.listen(at, '127.0.0.1', done).once('error', fail)),
    async stop() {
      for (const line of lines) line.destroy()
      await io.close()
    },
  }
}

export type Fake = Awaited<ReturnType<typeof startFake>>

function reply(response: ServerResponse, status: number, body: unknown) {
  if (response.destroyed) return
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(JSON.stringify(body ?? null))
}

async function readAll(request: IncomingMessage) {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

async function readJson(request: IncomingMessage) {
  const text = (await readAll(request)).toString()
  return text ? JSON.parse(text) : {}
}
