import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Attachment, Config, Contact, Conversation, Message } from '../src/api/shapes.ts'

export type Visitor = {
  id: string
  token: string
  userId: string | null
  contact: Contact
  conversationIds: string[]
  isExpired?: boolean
}
export type Held = Conversation & { visitorId: string; messages: Message[] }
export type State = {
  visitors: Visitor[]
  conversations: Held[]
  files: (Attachment & { body: string; visitorId: string })[]
  config: Config
}

export const freshConfig: Config = {
  store: { key: 'demo', name: 'Bambu & Co', colour: '#0e6e6e' },
  locale: 'en',
  dir: 'ltr',
  locales: ['zh', 'en', 'ja', 'de', 'fr', 'es', 'pt', 'ar'],
  texts: {},
  open: true,
  opensAt: null,
  agentsOnline: true,
  uploads: {
    maxBytes: 10_000_000,
    accept: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf', 'text/plain'],
  },
}

/** What the server knows; with a file it is written down before anything is acknowledged, so a kill loses nothing. */
export function openState(path?: string) {
  const state: State =
    path && existsSync(path)
      ? JSON.parse(readFileSync(path, 'utf8'))
      : { visitors: [], conversations: [], files: [], config: structuredClone(freshConfig) }

  const save = () => {
    if (!path) return
    writeFileSync(`${path}.new`, JSON.stringify(state))
    renameSync(`${path}.new`, path)
  }

  const visitorOf = (token: string | undefined) =>
    state.visitors.find(visitor => visitor.token === token && !visitor.isExpired)
  const current = (visitor: Visitor) =>
    state.conversations.find(({ id }) => id === visitor.conversationIds.at(-1)) ?? null

  function addVisitor(userId: string | null): Visitor {
    const visitor: Visitor = {
      id: randomUUID(),
      token: randomUUID(),
      userId,
      contact: {},
      conversationIds: [],
    }
    state.visitors.push(visitor)
    return visitor
  }

  function addMessage(conversation: Held, part: Partial<Message> & Pick<Message, 'from' | 'text'>): Message {
    conversation.lastSeq++
    const message: Message = {
      id: randomUUID(),
      seq: conversation.lastSeq,
      author: null,
      attachments: [],
      clientId: null,
      createdAt: new Date().toISOString(),
      ...part,
    }
    conversation.messages.push(message)
    return message
  }

  function post(visitor: Visitor, said: { clientId: string; text: string; attachmentIds?: string[] }) {
    const known = state.conversations
      .filter(({ visitorId }) => visitorId === visitor.id)
      .flatMap(conversation => conversation.messages.map(message => ({ conversation, message })))
      .find(({ message }) => message.clientId === said.clientId)
    if (known) return known
    let conversation = current(visitor)
    if (!conversation || conversation.status === 'resolved') {
      conversation = newConversation(visitor)
      state.conversations.push(conversation)
      visitor.conversationIds.push(conversation.id)
    }
    const attachments = (said.attachmentIds ?? []).flatMap(id => {
      const file = state.files.find(one => one.id === id)
      return file ? [{ id, name: file.name, type: file.type, size: file.size, url: file.url }] : []
    })
    const message = addMessage(conversation, {
      from: 'customer',
      text: said.text,
      clientId: said.clientId,
      attachments,
    })
    return { conversation, message }
  }

  function newConversation(visitor: Visitor): Held {
    const isChat = state.config.open && state.config.agentsOnline
    return {
      id: randomUUID(),
      visitorId: visitor.id,
      status: 'waiting',
      lastSeq: 0,
      agent: null,
      queue: isChat ? { place: 2, estimateSeconds: 170 } : null,
      agentReadSeq: 0,
      customerReadSeq: 0,
      mode: isChat ? 'chat' : 'message',
      messages: [],
    }
  }

  return { state, save, visitorOf, addVisitor, current, addMessage, post }
}

export type FakeState = ReturnType<typeof openState>

export const publicly = (conversation: Held | null): Conversation | null => {
  if (!conversation) return null
  const { messages: _messages, visitorId: _visitorId, ...rest } = conversation
  return rest
}
