import { Worker } from 'node:worker_threads'
import type { Envelope } from './authentication.ts'
import { authenticationFailed } from './authentication-results.ts'
import { compileCache } from './compile-cache.ts'
import type { Authentication } from './mail.ts'

export type Authenticator = {
  authenticate(raw: Buffer | { path: string }, envelope: Envelope): Promise<Authentication>
  /** Somebody is about to ask: it starts meanwhile. */
  expect(): void
  stop(): Promise<void>
}

const patienceMs = 15_000
/** It holds forty megabytes, and starts in a third of a second. */
const idleMs = 10_000

/**
 * Checks senders in a thread of its own, many at a time, since it mostly waits for name servers. A mail that
 * keeps the thread busy costs all that are in it their result, which then is `temperror`, and nothing else.
 */
export function openAuthenticator(): Authenticator {
  const asked = new Map<number, (result: Authentication) => void>()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let ids = 0

  function open() {
    const opened = new Worker(new URL('./authenticator-thread.ts', import.meta.url), {
      env: compileCache(),
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    })
    opened.on('message', ({ id, result }: { id: number; result: Authentication }) => settle(id, result))
    opened.on('error', () => {})
    opened.on('exit', () => {
      if (worker !== opened) return
      worker = null
      for (const id of [...asked.keys()]) settle(id, authenticationFailed('temperror'))
    })
    return opened
  }

  function settle(id: number, result: Authentication) {
    asked.get(id)?.(result)
    asked.delete(id)
    if (asked.size === 0) rest()
  }

  function rest() {
    worker?.unref()
    clearTimeout(idle)
    idle = setTimeout(() => void worker?.terminate(), idleMs).unref()
  }

  return {
    authenticate(raw, envelope) {
      worker ??= open()
      worker.ref()
      clearTimeout(idle)
      ids += 1
      const id = ids
      const { clientIp, helo, mailFrom } = envelope
      return new Promise(resolve => {
        const timer = setTimeout(() => void worker?.terminate(), patienceMs)
        asked.set(id, result => {
          clearTimeout(timer)
          resolve(result)
        })
        worker!.postMessage({ id, raw, envelope: { clientIp, helo, mailFrom } })
      })
    },
    expect() {
      worker ??= open()
      if (asked.size === 0) rest()
    },
    async stop() {
      clearTimeout(idle)
      await worker?.terminate()
    },
  }
}
