import type { Socket } from 'socket.io-client'

export type Hint = { name: string; seq?: number }

export type Hearing = {
  token: () => string | null
  up: () => void
  down: () => void
  hint: (hint: Hint) => void
  typing: (typing: { on: boolean; name: string | null }) => void
  /** The server does not know this token any more. */
  refused: () => void
}

export type Connection = {
  isUp(): boolean
  say(on: boolean): void
  /** After sleep or a change of network the socket may only seem alive. */
  check(): void
  close(): void
}

export type Connect = (hearing: Hearing) => Promise<Connection>

const deadAfterMs = 32_000
const attemptWithinMs = 5_000
// Drawn half as much up or down: at most two seconds between two attempts.
const quickly = 1_300

export const loadSocket = () => import('./socket-io.ts')

/** Socket.IO to Afar's own origin; loaded only when there is a conversation to hear of. */
export const connectTo =
  (origin: string): Connect =>
  async hearing => {
    const { io } = await loadSocket()
    const socket: Socket = io(`${origin}/widget`, {
      path: '/api/socket',
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      auth: tell => tell({ token: hearing.token() }),
      timeout: attemptWithinMs,
      reconnectionDelay: 300,
      reconnectionDelayMax: quickly,
      forceNew: true,
    })
    let heardAt = Date.now()
    let attempts = 0
    let retry: ReturnType<typeof setTimeout> | undefined
    const heard = () => {
      heardAt = Date.now()
    }
    const listenBelow = () => socket.io.engine.on('packet', heard)
    const again = (ms: number) => {
      clearTimeout(retry)
      retry = setTimeout(() => socket.connect(), ms)
    }

    socket.io.on('open', listenBelow)
    socket.io.on('reconnect_attempt', attempt => {
      // The first minutes count most; a shop left open overnight need not knock every two seconds.
      socket.io.reconnectionDelayMax(attempt > 120 ? 15_000 : quickly)
    })
    socket.on('connect', () => {
      attempts = 0
      heard()
      hearing.up()
    })
    socket.on('disconnect', reason => {
      hearing.down()
      if (reason === 'io server disconnect') again(500 + Math.random() * 1_000)
    })
    socket.on('connect_error', error => {
      hearing.down()
      if (socket.active) return
      if (error.message === 'not_signed_in') hearing.refused()
      again(Math.min(15_000, 500 * 2 ** attempts++) * (0.5 + Math.random() / 2))
    })
    socket.on('event', hearing.hint)
    socket.on('typing', hearing.typing)

    return {
      isUp: () => socket.connected,
      say: on => void socket.volatile.emit('typing', { on }),
      check() {
        if (Date.now() - heardAt < deadAfterMs) {
          if (!socket.connected && !socket.active) socket.connect()
          return
        }
        heard()
        socket.disconnect().connect()
      },
      close() {
        clearTimeout(retry)
        socket.io.off('open', listenBelow)
        socket.removeAllListeners()
        socket.disconnect()
      },
    }
  }
