export type Direction = 'ltr' | 'rtl'

export type Config = {
  store: { key: string; name: string; colour: string }
  locale: string
  dir: Direction
  locales: string[]
  texts: Record<string, string>
  open: boolean
  opensAt: string | null
  agentsOnline: boolean
  uploads: { maxBytes: number; accept: string[] }
  /** The edge of the page the launcher sits at. */
  position?: 'start' | 'end'
  requireContactWhenClosed?: boolean
  /** Only visitors the shop vouches for may chat. */
  enforceIdentity?: boolean
}

export type Conversation = {
  id: string
  status: 'waiting' | 'open' | 'resolved'
  lastSeq: number
  agent: { name: string; avatarUrl: string | null } | null
  queue: { place: number; estimateSeconds: number | null } | null
  agentReadSeq: number
  customerReadSeq: number
  mode: 'chat' | 'message'
}

export type Attachment = { id: string; name: string; type: string; size: number; url: string }

export type Message = {
  id: string
  seq: number
  from: 'customer' | 'agent' | 'system'
  author: { name: string } | null
  text: string
  attachments: Attachment[]
  clientId: string | null
  createdAt: string
}

export type Contact = { name?: string; email?: string; phone?: string }
export type Page = { url: string; title: string; referrer: string }

/** What a shop's page says about its visitor; without `signature` or `jwt` it is only contact details. */
export type Identity = Contact & { userId?: string; expiresAt?: number; signature?: string; jwt?: string }

export type Opened = { token: string; verified: boolean; conversation: Conversation | null }
export type MessagePage = { items: Message[]; lastSeq: number }
export type Posted = { message: Message; conversation: Conversation | null }
