import type { EventEmitter } from 'node:events'
import type { Server as HttpServer, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Server, type Socket } from 'socket.io'
import type { z } from 'zod'
import type { Actor } from './context.ts'
import { type Cursor, type EventRow, type EventType, newestEventId, readEvents } from './events.ts'
import type { Workplace } from './work.ts'

export type Handshake = { headers: IncomingHttpHeaders; auth: Record<string, unknown>; address: string }

/** One kind of client: how it proves who it is, which rooms it may hear, what it is told of an event. */
export type SocketDoor = {
  namespace: `/${string}`
  admit: (place: Workplace, handshake: Handshake) => Promise<{ actor: Actor; rooms: string[] } | null>
  /** What of an event this kind of client learns: ids and numbers, never contents. */
  tells: (row: EventRow) => object
  /** The room whose sockets an event shuts out, where it takes access away. */
  shutsOut?: (row: EventRow) => string | null
  entered?: (place: Workplace, actor: Actor) => Promise<void>
  left?: (place: Workplace, actor: Actor) => Promise<void>
}

export type Speaker = { actor: Actor; whisper: Whisper }
/** Tells a room something that is true for a moment only (typing, looking): not stored, may be lost. */
export type Whisper = (namespace: string, room: string | string[], name: string, body: unknown) => void

export type SocketSignal<B extends z.ZodType> = {
  namespace: `/${string}`
  name: string
  body: B
  run: (place: Workplace, speaker: Speaker, body: z.output<B>) => Promise<void>
}

export const signal = <B extends z.ZodType>(declaration: SocketSignal<B>): SocketSignal<z.ZodType> =>
  declaration as never

type Options = {
  doors: readonly SocketDoor[]
  signals: readonly SocketSignal<z.ZodType>[]
  eventTypes: ReadonlyMap<string, EventType<unknown>>
  origins: (origin: string | undefined, host: string | undefined) => boolean
}

type EngineConnection = EventEmitter & { request: IncomingMessage }

const signalsPerSecond = 20
const pageSize = 200

/**
 * Follows the event table with a cursor of this process and pushes hints to its own sockets, so no adapter
 * stands between processes. A client that was away fetches from its own cursor; nothing is replayed here.
 */
export function startRealtime(
  place: Workplace,
  http: HttpServer,
  { doors, signals, eventTypes, origins }: Options,
) {
  const io = new Server(http, {
    path: '/api/socket',
    pingInterval: 15_000,
    pingTimeout: 15_000,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: 16_384,
    serveClient: false,
    allowRequest: (request, decide) => decide(null, origins(request.headers.origin, request.headers.host)),
    cors: { origin: true, credentials: true },
  })

  // What waits for a socket goes out as one write, not one for each event: the writes are what a push costs.
  io.engine.on('connection', (connection: EngineConnection) => {
    const line = connection.request.socket
    connection.on('flush', () => {
      line.cork()
      process.nextTick(() => line.uncork())
    })
  })

  const emitHere: Whisper = (namespace, room, name, body) => void io.of(namespace).to(room).emit(name, body)
  const whisper: Whisper = (namespace, room, name, body) => {
    emitHere(namespace, room, name, body)
    place.shout('afar_whispers', JSON.stringify([namespace, room, name, body]))
  }

  for (const door of doors) {
    const heard = signals.filter(s => s.namespace === door.namespace)
    io.of(door.namespace).use((socket, next) => {
      const { headers, auth, address } = socket.handshake
      door.admit(place, { headers, auth, address }).then(
        admitted => {
          if (!admitted) return next(new Error('not_signed_in'))
          socket.data.actor = admitted.actor
          socket.join(admitted.rooms)
          next()
        },
        () => next(new Error('unavailable')),
      )
    })
    io.of(door.namespace).on('connection', socket => {
      const { actor } = socket.data as { actor: Actor }
      door.entered?.(place, actor).catch(error => place.log.warn({ err: error }, 'a socket entered badly'))
      socket.on('disconnect', () =>
        door.left?.(place, actor).catch(error => place.log.warn({ err: error }, 'a socket left badly')),
      )
      const allowed = throttle(signalsPerSecond)
      for (const { name, body, run } of heard)
        socket.on(name, (raw: unknown) => {
          const said = body.safeParse(raw)
          if (!said.success || !allowed()) return
          run(place, { actor, whisper }, said.data).catch(error =>
            place.log.warn({ signal: name, err: error }, 'a signal failed'),
          )
        })
    })
  }

  function push(row: EventRow) {
    const type = eventTypes.get(row.name)
    const rooms = type?.rooms(row.payload) ?? []
    for (const door of doors) {
      if (rooms.length > 0) io.of(door.namespace).to(rooms).emit('event', door.tells(row))
      const room = door.shutsOut?.(row)
      if (room) io.of(door.namespace).in(room).disconnectSockets(true)
    }
  }

  let cursor: Cursor | null = null
  let stopped = false
  let asked = false
  let running: Promise<void> = Promise.resolve()

  async function catchUp() {
    cursor ??= { id: await newestEventId(place.pool), gapSeenAt: null }
    for (;;) {
      const read = await readEvents(place.pool, cursor, pageSize)
      for (const row of read.rows) push(row)
      cursor = read.cursor
      if (read.waiting && !stopped) setTimeout(wake, 3)
      if (stopped || read.waiting || read.rows.length < pageSize) return
    }
  }

  function wake() {
    if (asked || stopped) return
    asked = true
    running = running.then(() => {
      asked = false
      return stopped ? undefined : catchUp().catch(error => place.log.warn({ err: error }, 'the push paused'))
    })
  }
  wake()

  return {
    io,
    wake,
    whisper,
    hear: (payload: string) => emitHere(...(JSON.parse(payload) as Parameters<Whisper>)),
    async stop() {
      stopped = true
      await running
      io.disconnectSockets(true)
      await new Promise<void>(done => io.close(() => done()))
    },
  }
}

export const socketActor = (socket: Socket): Actor => socket.data.actor

function throttle(perSecond: number) {
  let second = 0
  let count = 0
  return () => {
    const now = Math.floor(Date.now() / 1_000)
    if (now !== second) [second, count] = [now, 0]
    count += 1
    return count <= perSecond
  }
}

/** The rooms of those who may see a store; colleagues who see every store sit in one room instead of hundreds. */
export const storeRooms = (storeId: string) => [`store:${storeId}`, 'store:all']
