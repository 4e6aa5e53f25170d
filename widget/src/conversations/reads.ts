import type { Call } from '../api/calls.ts'
import type { Conversation } from '../api/shapes.ts'
import { computed, type Signal } from '../signals.ts'
import type { Thread } from './thread.ts'

type Eyes = {
  call: Call
  conversation: Signal<Conversation | null>
  thread: Signal<Thread>
  isShown: Signal<boolean>
  met: (error: unknown) => void
}

/** What the visitor has read. Only what has really been before his eyes counts. */
export function followReading({ call, conversation, thread, isShown, met }: Eyes) {
  let readSeq = 0
  let telling = 0

  const unread = computed(() => {
    const from = Math.max(readSeq, conversation.value?.customerReadSeq ?? 0)
    return [...thread.value.messages.values()].filter(
      message => message.from === 'agent' && message.seq > from,
    ).length
  })

  function mark() {
    const now = conversation.value
    if (!now || !isShown.value || globalThis.document?.visibilityState === 'hidden') return
    const seq = Math.max(
      0,
      ...[...thread.value.messages.values()].map(({ from, seq }) => (from === 'agent' ? seq : 0)),
    )
    if (seq <= Math.max(now.customerReadSeq, telling)) return
    readSeq = telling = seq
    conversation.value = { ...now, customerReadSeq: seq }
    call('PUT', '/read', { seq }).catch(error => {
      // It has been read all the same; the server is told again with the next look.
      telling = 0
      met(error)
      if (conversation.value?.id === now.id)
        conversation.value = { ...conversation.value, customerReadSeq: now.customerReadSeq }
    })
  }

  return {
    unread,
    mark,
    reset() {
      readSeq = telling = 0
    },
  }
}
