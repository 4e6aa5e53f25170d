import { backoffMs, type Call } from '../api/calls.ts'
import type { Conversation, Message, MessagePage } from '../api/shapes.ts'
import { mergePage, startThread, type Thread } from './thread.ts'

const pageSize = 100
const snapshotBeyond = 1_000
const hintsWithinMs = 15

type Reading = {
  call: Call
  thread: () => Thread
  setThread: (thread: Thread) => void
  /** Takes the server's word on the conversation; the thread is another one afterwards if the conversation is. */
  adopt: (conversation: Conversation | null) => void
  /** Changes whenever an answer that is under way has become somebody else's, or older than what is known. */
  epoch: () => number
  arrived: (fresh: Message[]) => void
  met: (error: unknown) => void
}

/** Push is a hint, the cursor is the truth: every hint ends here, one reading at a time. */
export function readAlong({ call, thread, setThread, adopt, epoch, arrived, met }: Reading) {
  let reading: Promise<void> | null = null
  let again = false
  let low = Number.POSITIVE_INFINITY
  let tries = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  let soon: ReturnType<typeof setTimeout> | undefined

  const readPage = (afterSeq: number) =>
    call<MessagePage>('GET', `/messages?afterSeq=${afterSeq}&limit=${pageSize}`)

  function take(afterSeq: number, page: MessagePage) {
    const before = thread()
    const fresh = page.items.filter(({ seq }) => seq > before.floor && !before.messages.has(seq))
    if (page.items.length > 0) setThread(mergePage(before, afterSeq, page.items))
    if (fresh.length > 0) arrived(fresh)
  }

  /** True when what came is of another conversation or time, so that it must be read once more. */
  async function pass(lowest: number): Promise<boolean> {
    const started = epoch()
    const { conversationId, cursor } = thread()
    let from = Math.max(0, Math.min(cursor, lowest))
    let [conversation, page] = await Promise.all([
      call<Conversation | null>('GET', '/conversation'),
      readPage(from),
    ])
    if (epoch() !== started) return true
    const missed = (conversation?.lastSeq ?? 0) - cursor
    adopt(conversation)
    if (!conversation) return false
    // The page may be of the conversation before; the new one is read from its own beginning.
    if (conversation.id !== conversationId) return true
    if (missed > snapshotBeyond) {
      setThread(startThread(conversation))
      return true
    }
    for (;;) {
      take(from, page)
      from = Math.max(from, ...page.items.map(({ seq }) => seq))
      if (page.items.length === 0 || from >= page.lastSeq) return false
      page = await readPage(from)
      if (epoch() !== started) return true
    }
  }

  async function readWhileAsked() {
    await null
    clearTimeout(retry)
    while (again) {
      again = false
      const lowest = low
      low = Number.POSITIVE_INFINITY
      try {
        if (await pass(lowest)) again = true
        tries = 0
        met(null)
      } catch (error) {
        low = Math.min(low, lowest)
        met(error)
        // Asked again meanwhile: whoever asked knows something new, such as that the line is back.
        if (again) continue
        retry = setTimeout(refresh, backoffMs(tries++, error))
        break
      }
    }
    // In the same breath as the last look at `again`: a hint in between would be lost.
    reading = null
  }

  /** `from` makes it read again what it already has above that number, for what has been changed since. */
  function refresh(from = Number.POSITIVE_INFINITY): Promise<void> {
    low = Math.min(low, from)
    again = true
    reading ??= readWhileAsked()
    return reading
  }

  /** One event often says several things in a row; they are read together. */
  function refreshSoon(from = Number.POSITIVE_INFINITY) {
    low = Math.min(low, from)
    soon ??= setTimeout(() => {
      soon = undefined
      void refresh()
    }, hintsWithinMs)
  }

  return {
    refresh,
    refreshSoon,
    /** What was changed while nobody listened is most likely near the end. */
    refreshTail: () => refresh(Math.max(thread().floor, thread().cursor - 50)),
    stop() {
      clearTimeout(retry)
      clearTimeout(soon)
    },
  }
}
