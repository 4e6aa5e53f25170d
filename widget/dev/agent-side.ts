import { createHmac } from 'node:crypto'
import type { Namespace } from 'socket.io'
import type { Attachment } from '../src/api/shapes.ts'
import { type FakeState, freshConfig, type Held, publicly } from './fake-state.ts'

export const identitySecret = 'fake-identity-secret'

export const sign = (userId: string, store: string, expiresAt: number) =>
  createHmac('sha256', identitySecret).update(`${userId}.${store}.${expiresAt}`).digest('hex')

/** What goes wrong next. Counts run down; each fault hits only requests under /api/widget. */
export type Faults = {
  /** Cuts the line before anything is done. */
  drop: number
  /** Does it and cuts the line before the answer. */
  cut: number
  /** Refuses with a status. */
  refuse: { status: number; code: string; retryAfter?: number; times: number; method?: string } | null
  delayMs: number
  /** Hints are not sent at all, or sent twice. */
  hints: 'lost' | 'twice' | null
  /** Accepts connections and never answers. */
  isSilent: boolean
}

type Given = {
  text?: string
  name?: string
  attachments?: Attachment[]
  seq?: number
  userId?: string
  expiresAt?: number
}

type Behind = {
  held: FakeState
  faults: Faults
  seen: object
  hint: (conversation: Held, name: string, seq?: number) => void
  rooms: Namespace
}

/** What the other side does: `POST /dev/<verb>`, or the same verbs called directly. */
export function standBehind({ held, faults, seen, hint, rooms }: Behind) {
  const { state } = held

  const verbs: Record<string, (given: Given) => unknown> = {
    faults: given => Object.assign(faults, given),
    state: () => state,
    seen: () => seen,
    kick: () => void rooms.disconnectSockets(true),
    config(given) {
      Object.assign(state.config, given)
      held.save()
    },
    reset() {
      Object.assign(state, {
        visitors: [],
        conversations: [],
        files: [],
        config: structuredClone(freshConfig),
      })
      held.save()
    },
    expire() {
      for (const visitor of state.visitors) visitor.isExpired = true
      held.save()
    },
    sign: ({ userId = '', expiresAt = 0 }) => ({
      userId,
      expiresAt,
      signature: sign(userId, state.config.store.key, expiresAt),
    }),
  }

  /** In the conversation that was opened last. */
  const replies: Record<string, (conversation: Held, given: Given) => unknown> = {
    agent(conversation, { text = '', name = 'Mei Lin', attachments = [] }) {
      const agent = { name, avatarUrl: null }
      Object.assign(conversation, { status: 'open', queue: null, agent, agentReadSeq: conversation.lastSeq })
      const message = held.addMessage(conversation, { from: 'agent', text, author: { name }, attachments })
      hint(conversation, 'message.added', message.seq)
      return message
    },
    system(conversation, { text = '' }) {
      const message = held.addMessage(conversation, { from: 'system', text })
      hint(conversation, 'message.added', message.seq)
      return message
    },
    note(conversation) {
      conversation.lastSeq++
      hint(conversation, 'message.added', conversation.lastSeq)
    },
    edit(conversation, { seq, text }) {
      Object.assign(conversation.messages.find(message => message.seq === seq)!, { text })
      hint(conversation, 'message.updated', seq)
    },
    typing(conversation, given) {
      rooms.to(conversation.id).emit('typing', { on: true, name: 'Mei Lin', ...given })
    },
    conversation(conversation, given) {
      Object.assign(conversation, given)
      hint(conversation, 'conversation.changed')
      return publicly(conversation)
    },
  }

  return async (verb: string, given: object = {}): Promise<unknown> => {
    if (verbs[verb]) return verbs[verb](given)
    const conversation = state.conversations.at(-1)
    return conversation && replies[verb]?.(conversation, given)
  }
}
