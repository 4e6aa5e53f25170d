import { backoffMs, isPassing, Refusal } from '../api/calls.ts'
import type { Attachment, Contact, Page } from '../api/shapes.ts'
import type { BrowserMemory } from '../browser-memory.ts'
import { newClientId, takeTurn } from './tabs.ts'

/** A message the visitor has written and the server has not yet acknowledged. */
export type Unsent = {
  clientId: string
  /** Whose it is: never sent under another person's session. */
  owner: string
  text: string
  attachments: Attachment[]
  contact?: Contact
  page?: Page
  at: number
  n: number
  /** The server's refusal; waits for the visitor to retry or delete it. */
  failed?: string
}

export type Draft = Pick<Unsent, 'text' | 'attachments' | 'contact' | 'page'>

type Post = {
  memory: BrowserMemory
  lock: string
  owner: () => string
  /** Resolves once acknowledged; called again with the same clientId until then. */
  deliver: (unsent: Unsent) => Promise<void>
  changed: () => void
  met: (error: unknown) => void
  random?: () => number
  schedule?: (run: () => void, ms: number) => unknown
  now?: () => number
}

const place = (clientId: string) => `out:${clientId}`

/** One stored key per message, so that two tabs never overwrite each other's. */
export function openOutbox({
  memory,
  lock,
  owner,
  deliver,
  changed,
  met,
  random,
  schedule = setTimeout,
  now = Date.now,
}: Post) {
  let tries = 0
  let flushing: Promise<void> | null = null
  let again = false
  let waiting: unknown = null

  const list = () =>
    memory
      .keys('out:')
      .flatMap(key => memory.get<Unsent>(key) ?? [])
      .filter(unsent => unsent.owner === owner())
      .sort((a, b) => a.at - b.at || a.n - b.n)

  const next = (settled: ReadonlySet<string>) =>
    list().find(unsent => !unsent.failed && !settled.has(unsent.clientId))

  async function deliverAll() {
    const settled = new Set<string>()
    for (let unsent = next(settled); unsent; unsent = next(settled)) {
      settled.add(unsent.clientId)
      try {
        await deliver(unsent)
        tries = 0
        memory.remove(place(unsent.clientId))
      } catch (error) {
        met(error)
        const isUnknownVisitor = error instanceof Refusal && error.status === 401
        if (isPassing(error) || isUnknownVisitor) return later(error)
        // A person who has meanwhile signed out took his message with him.
        const still = memory.get<Unsent>(place(unsent.clientId))
        if (still)
          memory.set(place(unsent.clientId), {
            ...still,
            failed: error instanceof Refusal ? error.code : 'unknown',
          })
      }
      changed()
    }
  }

  function later(error: unknown) {
    clearTimeout(waiting as number)
    waiting = schedule(() => void flush(), backoffMs(tries++, error, random))
  }

  function flush(): Promise<void> {
    again = true
    flushing ??= flushWhileAsked()
    return flushing
  }

  async function flushWhileAsked() {
    // Nothing may come between the last look at `again` and the end, or what is added there would lie forgotten.
    await null
    try {
      while (again) {
        again = false
        clearTimeout(waiting as number)
        if (next(new Set())) await takeTurn(lock, deliverAll)
      }
    } finally {
      flushing = null
    }
  }

  return {
    list,
    flush,
    stop: () => clearTimeout(waiting as number),
    add(draft: Draft): Unsent {
      // The clock may have been set back; what is written later must still stand later.
      const last = list().at(-1)
      const at = Math.max(now(), last?.at ?? 0)
      const n = last?.at === at ? last.n + 1 : 0
      const unsent: Unsent = { ...draft, clientId: newClientId(), owner: owner(), at, n }
      memory.set(place(unsent.clientId), unsent)
      changed()
      void flush()
      return unsent
    },
    retry(clientId: string) {
      const unsent = memory.get<Unsent>(place(clientId))
      if (!unsent) return
      memory.set(place(clientId), { ...unsent, failed: undefined })
      tries = 0
      changed()
      void flush()
    },
    remove(clientId: string) {
      memory.remove(place(clientId))
      changed()
    },
    clear() {
      for (const key of memory.keys('out:')) memory.remove(key)
      tries = 0
      changed()
    },
  }
}

export type Outbox = ReturnType<typeof openOutbox>
