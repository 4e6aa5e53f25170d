import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import type { OutboundMessage, RefusedRecipient } from '../channels/adapter.ts'
import { channels } from '../channels/tables.ts'

export const deliveryStates = ['pending', 'leased', 'done', 'refused', 'uncertain', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]

const isOpenSql = sql`state in ('pending', 'leased')`

/** What is to reach somebody outside, once. `id` is what the other side knows a repetition by. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    /** The order of a conversation: it is taken while the conversation's row is locked. */
    position: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id),
    messageId: uuid().notNull(),
    conversationId: uuid().notNull(),
    idemKey: text().notNull().unique(),
    payload: jsonb().$type<OutboundMessage>().notNull(),
    state: oneOf(deliveryStates).notNull().default('pending'),
    attempts: integer().notNull().default(0),
    notBefore: instant().notNull(),
    giveUpAt: instant().notNull(),
    /** Who sends it at present, and until when nobody else may. */
    leaseToken: uuid(),
    leaseUntil: instant(),
    reason: text(),
    providerRef: text(),
    /** Who did not get it although others did. */
    refusedRecipients: jsonb().$type<RefusedRecipient[]>(),
    createdAt: createdAt(),
    doneAt: instant(),
  },
  t => [
    index('deliveries_open_by_channel').on(t.channelId, t.position).where(isOpenSql),
    index('deliveries_open_by_conversation').on(t.conversationId, t.position).where(isOpenSql),
    index('deliveries_set_aside').on(t.position).where(sql`state in ('refused', 'uncertain', 'dead')`),
    index('deliveries_by_message').on(t.messageId),
    index('deliveries_by_position').on(t.position),
  ],
)

/** A channel whose other side does not answer. After some failures in a row only one is sent now and then. */
export const deliveryBreakers = pgTable('delivery_breakers', {
  channelId: uuid()
    .primaryKey()
    .references(() => channels.id),
  failures: integer().notNull(),
  pausedUntil: instant(),
})

export const suppressionReasons = [
  'hard_bounce',
  'soft_bounces',
  'complaint',
  'unsubscribe',
  'manual',
] as const

/**
 * What is known against writing to an address. Without `suppressedAt` it only counts soft bounces; with it nothing
 * but what a person or the law insists on is sent there.
 */
export const suppressions = pgTable(
  'suppressions',
  {
    id: id(),
    kind: oneOf(['email', 'phone']).notNull(),
    address: text().notNull(),
    /** Null: whatever the topic. */
    topic: text(),
    reason: oneOf(suppressionReasons),
    suppressedAt: instant(),
    /** Soft bounces in a row, and when the last of them happened: an earlier sign of life resets nothing. */
    softBounces: integer().notNull().default(0),
    lastBounceAt: instant(),
    lastAliveAt: instant(),
    detail: text(),
    createdAt: createdAt(),
  },
  t => [unique('suppressions_once').on(t.kind, t.address, t.topic).nullsNotDistinct()],
)
