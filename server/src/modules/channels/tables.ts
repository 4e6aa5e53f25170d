import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytes, createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import type { StoredContent } from '../../platform/file-store.ts'
import { identities } from '../customers/tables.ts'
import { stores } from '../settings/tables.ts'

export const channelKinds = ['web_chat', 'api', 'mail'] as const
export const inboundStates = ['received', 'done', 'ignored', 'parked'] as const

export type ChannelKind = (typeof channelKinds)[number]
export type InboundState = (typeof inboundStates)[number]

/**
 * What is worked on side by side, so that chats never wait behind mail nor new mail behind what lay in a mailbox
 * before Afar knew it. Mail has one lane each: an answer must not overtake what it answers. Stored with each row,
 * so it changes only with a migration.
 */
export const lanes = { live: [0, 1], mail: [2], history: [3] } as const
export const laneCount = Object.values(lanes).flat().length

export type Traffic = keyof typeof lanes

export const channels = pgTable(
  'channels',
  {
    id: id(),
    storeId: uuid()
      .notNull()
      .references(() => stores.id),
    kind: oneOf(channelKinds).notNull(),
    name: text().notNull(),
    settings: jsonb().$type<Record<string, unknown>>().notNull(),
    secretSealed: text(),
    /** Lives on beside the new one until it is ended or replaced, so that the other side can change over. */
    previousSecretSealed: text(),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
  },
  t => [
    index('channels_by_store').on(t.storeId),
    // The widget's snippet names a store, so a store has one chat.
    uniqueIndex('channels_one_web_chat').on(t.storeId).where(sql`kind = 'web_chat' and active`),
  ],
)

/**
 * What came in, as it came, before anybody understood it. The unique key is the only judge of what came twice;
 * rows stay after their message is gone.
 */
export const inbound = pgTable(
  'inbound',
  {
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id),
    externalId: text().notNull(),
    /** Who sent it, in the channel's own terms: rows of one line are worked on in order. */
    line: text().notNull(),
    lane: smallint().notNull(),
    /** Empty where the bytes are many: then they lie in the file store. */
    raw: bytes().notNull(),
    rawFile: jsonb().$type<StoredContent>(),
    headers: jsonb().$type<Record<string, string>>().notNull(),
    receivedAt: instant().notNull(),
    state: oneOf(inboundStates).notNull().default('received'),
    attempts: integer().notNull().default(0),
    /** Set after a failed attempt; its line waits as long. */
    nextAt: instant(),
    reason: text(),
    messageId: uuid(),
    conversationId: uuid(),
    /** Whose it was, where it was ignored because he is blocked. */
    identityId: uuid(),
    doneAt: instant(),
  },
  t => [
    unique('inbound_once').on(t.channelId, t.externalId),
    index('inbound_waiting').on(t.lane, t.id).where(sql`state = 'received'`),
    index('inbound_waiting_again').on(t.lane).where(sql`state = 'received' and next_at is not null`),
    index('inbound_set_aside').on(t.id).where(sql`state in ('ignored', 'parked')`),
    index('inbound_of_channel').on(t.channelId, t.id),
    index('inbound_of_blocked').on(t.identityId).where(sql`identity_id is not null`),
  ],
)

/** A browser or app that may speak for one identity. Whose that is, the identity says: merges move it. */
export const visitors = pgTable(
  'visitors',
  {
    id: id(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id),
    identityId: uuid()
      .notNull()
      .references(() => identities.id),
    tokenHash: text().notNull().unique(),
    verified: boolean().notNull(),
    locale: text().notNull(),
    page: jsonb().$type<VisitedPage>(),
    createdAt: createdAt(),
    lastSeenAt: instant().notNull(),
    expiresAt: instant().notNull(),
    endedAt: instant(),
  },
  t => [index('visitors_by_identity').on(t.identityId)],
)

export type VisitedPage = { url: string; title?: string | undefined; referrer?: string | undefined }
