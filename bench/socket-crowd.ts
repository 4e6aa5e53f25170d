import { fork } from 'node:child_process'
import path from 'node:path'

export type Crowd = {
  url: string
  namespace: '/staff' | '/widget'
  clients: readonly { cookie?: string; token?: string }[]
}

/** Moments, in ms since 1970 with fractions, at which each socket heard of a message. */
export type Heard = { messageId: string; at: number }[]

/** Many sockets in a process of their own, so that neither the server nor the driver pays for the clients. */
export async function openSockets(crowd: Crowd) {
  const child = fork(path.join(import.meta.dirname, 'socket-crowd.client.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const gone = new Promise<void>(done => child.once('exit', () => done()))
  const answer = <T>() =>
    Promise.race([
      new Promise<T>(done => child.once('message', message => done(message as T))),
      gone.then(() => Promise.reject(new Error("The sockets' process ended by itself."))),
    ])
  child.send(crowd)
  const { connected } = await answer<{ connected: number }>()
  if (connected !== crowd.clients.length)
    throw new Error(`Only ${connected} of ${crowd.clients.length} sockets opened.`)
  return {
    /** What was heard since the last time. */
    heard() {
      const heard = answer<Heard>()
      child.send('heard')
      return heard
    },
    async close() {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
