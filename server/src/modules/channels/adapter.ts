import type { z } from 'zod'
import type { StoredContent } from '../../platform/file-store.ts'
import type { Mail } from '../../platform/mail/mail.ts'
import type { Outbound } from '../../platform/outbound.ts'
import type { Workplace } from '../../platform/work.ts'
import type { OutgoingMail } from './mail/outgoing.ts'
import type { ChannelKind } from './tables.ts'

/** What an adapter may know of its channel; secrets are given only where they are used. */
export type ChannelFacts = {
  id: string
  storeId: string
  kind: ChannelKind
  settings: Record<string, unknown>
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** A customer's message, understood, but not yet anybody's. `identity.verified`: the channel vouches for it. */
export type InboundMessage = {
  channelId: string
  storeId: string
  externalId: string
  identity: {
    kind: 'email' | 'phone' | 'visitor' | 'user' | 'external'
    scope: string
    value: string
    display?: string
    verified: boolean
  }
  /** Further ways to reach the sender, by his own word: worth noting, never a reason to merge. */
  contact: { email?: string; phone?: string }
  name?: string
  language?: string
  text: string
  /** Where its sender's own window made it: sent again it is the same message. */
  clientId?: string
  attachments: { fileId: string }[]
  /** They were found to be his before they were kept. */
  isVouchedFor?: boolean
  sentAt?: Date
  /** Where it is one: its subject, its thread, what it carries and what a machine reports in it. */
  mail?: Mail
}

export type RawItem = { raw: Buffer; rawFile: StoredContent | null; headers: Record<string, string> }

/** What is to go out, as the delivery keeps it. `to` is the value of the customer's identity in this channel. */
export type OutboundMessage = {
  seq: number
  to: string
  text: string
  attachments: { fileId: string; name: string; type: string; size: number }[]
  /** ISO 8601 */
  sentAt: string
  /** Where it goes out as mail. */
  mail?: OutgoingMail
}

export type Sending = { id: string; messageId: string; conversationId: string; payload: OutboundMessage }

/** Who did not get it although others did. */
export type RefusedRecipient = { address: string; code: number; text: string }

/**
 * What became of one attempt. `later`: not taken, or not known, and trying again does no harm. `uncertain`: it
 * may have arrived and must not be sent again by itself. `pauseSeconds`: how long the other side wants rest;
 * `isOnlyThis`: others in the same channel would have been taken.
 */
export type SendResult =
  | { outcome: 'done'; providerRef?: string; refusedRecipients?: RefusedRecipient[] }
  | { outcome: 'refused' | 'uncertain'; reason: string }
  | { outcome: 'later'; reason: string; pauseSeconds?: number; isOnlyThis?: boolean }

export type SendingDoor = {
  outbound: Outbound
  now: Date
  url: string
  secrets: readonly string[]
  /** For what an adapter keeps beside its channel's row, and for the files a message carries. */
  place: Workplace
}

/** What people send each other and browsers do not run. */
export const ordinaryFiles: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
  'text/csv',
  'application/zip',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'audio/mpeg',
  'audio/mp4',
  'video/mp4',
]

/** One channel, one file: the whole of what Afar knows of how it speaks. */
export type Adapter = {
  kind: ChannelKind
  settings: z.ZodType<Record<string, unknown>>
  limits: { maxText: number; maxAttachments: number; maxAttachmentBytes: number; accept: readonly string[] }
  /** Before anything else is done with the bytes; a channel without a webhook believes nobody. */
  verify(headers: Headers, raw: Buffer, secrets: readonly string[], now: Date): boolean
  /** Names a verified item and the line it stands in, or refuses what is not of the channel's shape. */
  label(raw: Buffer): { externalId: string; line: string }
  /** What an item of the ledger says; nothing, where it says nothing a person should read. */
  parse(item: { raw: Buffer; mail?: Mail }, channel: ChannelFacts): InboundMessage[]
  /** What comes in is mail: it is read before the transaction that places it begins, by a process that may die of it. */
  isMail?: boolean
  /** Absent where the customer fetches by himself. */
  send?(door: SendingDoor, channel: ChannelFacts, delivery: Sending): Promise<SendResult>
  /** The other side knows a repeated delivery by its id, so one that may have arrived may be sent again. */
  isRepeatable?: boolean
}
