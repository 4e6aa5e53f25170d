import { io } from 'socket.io-client'
import type { Crowd, Heard } from './socket-crowd.ts'

const atOnce = 50
let heard: Heard = []

process.on('disconnect', () => process.exit(0))
process.on('message', async (message: Crowd | 'heard') => {
  if (message === 'heard') {
    process.send!(heard)
    heard = []
  } else process.send!({ connected: await connectAll(message) })
})

async function connectAll({ url, namespace, clients }: Crowd) {
  let connected = 0
  for (let from = 0; from < clients.length; from += atOnce) {
    const opened = await Promise.all(
      clients.slice(from, from + atOnce).map(client => connect(url, namespace, client)),
    )
    connected += opened.filter(Boolean).length
  }
  return connected
}

function connect(url: string, namespace: string, { cookie, token }: Crowd['clients'][number]) {
  const socket = io(url + namespace, {
    path: '/api/socket',
    transports: ['websocket'],
    forceNew: true,
    ...(cookie && { extraHeaders: { cookie } }),
    ...(token && { auth: { token } }),
  })
  socket.on('event', ({ name, messageId }: { name: string; messageId?: string }) => {
    if (name === 'message.added' && messageId)
      heard.push({ messageId, at: performance.timeOrigin + performance.now() })
  })
  return new Promise<boolean>(done => {
    socket.once('connect', () => done(true))
    setTimeout(() => done(socket.connected), 30_000).unref()
  })
}
