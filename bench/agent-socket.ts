import { io } from 'socket.io-client'
import type { BenchHouse } from './house.ts'

type Told = { id: number; name: string; messageId?: string }

/** A console at work: online, its heart beating, every event noted with the moment it came. */
export async function openAgentSocket(house: BenchHouse) {
  await house.call('PUT', '/session/availability', { state: 'online' })
  const socket = io(`${house.url}/staff`, {
    path: '/api/socket',
    transports: ['websocket'],
    extraHeaders: { cookie: house.cookie },
  })
  await new Promise<void>((done, fail) => socket.once('connect', done).once('connect_error', fail))
  const heard = new Map<string, number>()
  let twice = 0
  socket.on('event', ({ name, messageId }: Told) => {
    if (name !== 'message.added' || !messageId) return
    if (heard.has(messageId)) twice += 1
    else heard.set(messageId, performance.now())
  })
  const beating = setInterval(() => socket.emit('heartbeat', {}), 15_000)
  return {
    heard,
    twice: () => twice,
    close() {
      clearInterval(beating)
      socket.close()
    },
  }
}
