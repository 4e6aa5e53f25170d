import type { Message } from '../api/shapes.ts'

/**
 * What the visitor has of one conversation. Public numbers have gaps (private notes), so only a page fetched
 * from at or below the cursor may move it: a message known by its own acknowledgement says nothing of those before it.
 */
export type Thread = {
  conversationId: string | null
  /** Everything public in (floor, cursor] is here; below the floor is loaded on demand. */
  floor: number
  cursor: number
  messages: ReadonlyMap<number, Message>
  /** Of the conversation before this one, while the page lives. */
  earlier: readonly Message[]
}

const tail = 150

export const noThread: Thread = {
  conversationId: null,
  floor: 0,
  cursor: 0,
  messages: new Map(),
  earlier: [],
}

export function startThread(
  conversation: { id: string; lastSeq: number },
  earlier: readonly Message[] = [],
): Thread {
  const floor = conversation.lastSeq > 2 * tail ? conversation.lastSeq - tail : 0
  return { conversationId: conversation.id, floor, cursor: floor, messages: new Map(), earlier }
}

export function mergePage(thread: Thread, afterSeq: number, items: readonly Message[]): Thread {
  const messages = new Map(thread.messages)
  let { cursor } = thread
  for (const message of items) if (message.seq > thread.floor) messages.set(message.seq, message)
  if (afterSeq <= cursor) for (const { seq } of items) cursor = Math.max(cursor, seq)
  return { ...thread, messages, cursor }
}

export function mergeEarlier(thread: Thread, floor: number, items: readonly Message[]): Thread {
  const messages = new Map(thread.messages)
  for (const message of items)
    if (message.seq > floor && !messages.has(message.seq)) messages.set(message.seq, message)
  return { ...thread, messages, floor: Math.min(floor, thread.floor) }
}

/** An acknowledged message; a page that has it already is fresher. It moves the cursor only if it is the very next. */
export function mergeAcknowledged(thread: Thread, message: Message): Thread {
  const { seq } = message
  if (thread.messages.has(seq)) return thread
  const cursor = seq === thread.cursor + 1 ? seq : thread.cursor
  return { ...thread, cursor, messages: new Map(thread.messages).set(seq, message) }
}

export function listMessages({ messages, earlier }: Thread): { earlier: Message[]; current: Message[] } {
  const current = [...messages.values()].sort((a, b) => a.seq - b.seq)
  const here = new Set(current.map(message => message.id))
  return { earlier: earlier.filter(message => !here.has(message.id)), current }
}
