import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import type { ActionCall } from '../../../platform/actions.ts'
import { createdAt, id, instant } from '../../../platform/columns.ts'
import { conversations } from '../tables.ts'

export type Translated = { language: string; title: string; text: string }

/** What is said often, and what is done with it: with steps it is a macro. */
export const quickReplies = pgTable(
  'quick_replies',
  {
    id: id(),
    shortcut: text().notNull(),
    title: text().notNull(),
    text: text().notNull(),
    language: text(),
    /** The same in other languages. */
    translations: jsonb().$type<Translated[]>().notNull().default([]),
    category: text().notNull().default(''),
    storeId: uuid(),
    /** Set for a personal one. */
    ownerId: uuid(),
    /** Files of its own: whoever uses it gets copies. */
    fileIds: uuid().array().notNull().default(sql`'{}'`),
    steps: jsonb().$type<ActionCall[]>().notNull().default([]),
    /** Sends its text with its steps, which else waits in the composer to be looked at. */
    sendsAtOnce: boolean().notNull().default(false),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
  },
  t => [unique('quick_replies_once').on(t.shortcut, t.language, t.ownerId, t.storeId).nullsNotDistinct()],
)

export const quickReplyUses = pgTable(
  'quick_reply_uses',
  {
    id: id(),
    quickReplyId: uuid()
      .notNull()
      .references(() => quickReplies.id, { onDelete: 'cascade' }),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    byId: uuid(),
    /** Made by the client that asked for it; asked again with the same one it is the same use. */
    clientId: uuid().notNull(),
    at: instant().notNull(),
    /** What brings back what its steps changed, in that order, as long as the conversation is as they left it. */
    undo: jsonb().$type<ActionCall[]>().notNull(),
    versionAfter: integer().notNull(),
    undoneAt: instant(),
  },
  t => [
    unique('quick_reply_uses_once').on(t.conversationId, t.clientId),
    index('quick_reply_uses_recent').on(t.quickReplyId, t.at),
  ],
)
