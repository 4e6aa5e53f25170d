import { isPassing, Refused } from '../../api/client.ts'
import type { Attachment, Message } from './api.ts'
import type { MailOptions } from './mail/recipients.ts'
import type { NewOriginal } from './translation/api.ts'

export type Outgoing = {
  clientId: string
  conversationId: string
  kind: 'reply' | 'note'
  text: string
  attachments: Attachment[]
  mentionIds: string[]
  lastSeenSeq: number
  afterwards?: 'resolve' | 'wait_customer'
  /** Put aside until then, once it has arrived. */
  snoozeUntil?: string
  mail?: MailOptions
  original?: NewOriginal
  /** Written down to be sent later: after the seconds of undoing, or at a moment. */
  hold?: { why: 'undo' } | { why: 'scheduled'; sendAt: string }
  writtenAt: string
}

export type Kept = Outgoing & { state: 'sending' | 'waiting' | 'failed'; tries: number; code?: string }

/** A reply that was not sent because the customer had written meanwhile. */
export type Held = { outgoing: Outgoing; missed: Message[] }

type Outside<Sent> = {
  post: (outgoing: Outgoing) => Promise<Sent>
  sent: (outgoing: Outgoing, what: Sent) => void
  later: (run: () => void, ms: number) => void
  storage?: Pick<Storage, 'getItem' | 'setItem'>
}

const key = 'afar.outbox'
const pauses = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]

/**
 * What was written and has not arrived yet. Each keeps its `clientId` over every try, so a reply whose
 * answer was lost on the way is not sent twice. Within a conversation one goes after the other.
 */
export function createOutbox<Sent = Message>({ post, sent, later, storage }: Outside<Sent>) {
  let kept: Kept[] = restore(storage)
  let held = new Map<string, Held>()
  const watchers = new Set<() => void>()

  function change(next: Kept[]) {
    kept = next
    storage?.setItem(key, JSON.stringify(kept))
    for (const watch of watchers) watch()
  }

  const patch = (clientId: string, over: Partial<Kept>) =>
    change(kept.map(one => (one.clientId === clientId ? { ...one, ...over } : one)))
  const drop = (clientId: string) => change(kept.filter(one => one.clientId !== clientId))

  function hold(conversationId: string, value: Held | null) {
    held = new Map(held)
    if (value) held.set(conversationId, value)
    else held.delete(conversationId)
    for (const watch of watchers) watch()
  }

  async function go(conversationId: string) {
    const next = kept.find(one => one.conversationId === conversationId && one.state !== 'failed')
    if (!next || next.state === 'sending') return
    patch(next.clientId, { state: 'sending', tries: next.tries + 1 })
    try {
      sent(next, await post(next))
      drop(next.clientId)
    } catch (error) {
      if (fail(next, error) === 'pauses') return
    }
    if (kept.some(one => one.conversationId === conversationId && one.state === 'waiting')) go(conversationId)
  }

  function fail(one: Kept, error: unknown): 'pauses' | 'ends' {
    if (error instanceof Refused && error.code === 'missed_messages') {
      drop(one.clientId)
      hold(one.conversationId, { outgoing: one, missed: missedIn(error) })
    } else if (isPassing(error) && one.tries < pauses.length) {
      patch(one.clientId, { state: 'waiting' })
      later(() => go(one.conversationId), pauses[one.tries]!)
      return 'pauses'
    } else {
      patch(one.clientId, { state: 'failed', code: error instanceof Refused ? error.code : 'unreachable' })
    }
    return 'ends'
  }

  return {
    send(outgoing: Outgoing) {
      hold(outgoing.conversationId, null)
      change([...kept, { ...outgoing, state: 'waiting', tries: 0 }])
      return go(outgoing.conversationId)
    },
    retry(clientId: string) {
      const one = kept.find(entry => entry.clientId === clientId)
      if (!one || one.state === 'sending') return
      patch(clientId, { state: 'waiting', tries: 0, code: undefined })
      return go(one.conversationId)
    },
    /** When the line is back: what waited goes now, and so does what had given up on the line. */
    retryAll() {
      change(
        kept.map(one =>
          one.code === 'unreachable' ? { ...one, state: 'waiting', tries: 0, code: undefined } : one,
        ),
      )
      for (const id of new Set(kept.map(one => one.conversationId))) go(id)
    },
    discard: drop,
    release: (conversationId: string) => hold(conversationId, null),
    all: () => kept,
    held: () => held,
    watch(watcher: () => void) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>

const missedIn = ({ details }: Refused) => (details as { messages?: Message[] } | undefined)?.messages ?? []

/** What was under way when the page went is tried again: the server knows its `clientId` if it had arrived. */
function restore(storage: Outside<never>['storage']): Kept[] {
  try {
    const stored: Kept[] = JSON.parse(storage?.getItem(key) ?? '[]')
    return stored.map(one => (one.state === 'sending' ? { ...one, state: 'waiting', tries: 0 } : one))
  } catch {
    return []
  }
}
