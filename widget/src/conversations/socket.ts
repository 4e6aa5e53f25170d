import { io, type Socket } from 'socket.io-client'
import type { Connection, Hearing } from './connection.ts'

const deadAfterMs = 32_000
const attemptWithinMs = 5_000
// Drawn half as much up or down: at most two seconds between two attempts.
const quickly = 1_300

/** Socket.IO to Afar's own origin, that comes back by itself for as long as the page lives. */
export function openSocket(origin: string, hearing: Hearing): Connection {
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
