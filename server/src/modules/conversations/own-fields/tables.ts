import { sql } from 'drizzle-orm'
import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, oneOf } from '../../../platform/columns.ts'
import type { ChannelKind } from '../../channels/tables.ts'

export const conversationFieldTypes = ['text', 'number', 'choice', 'date', 'boolean'] as const
export type ConversationFieldType = (typeof conversationFieldTypes)[number]

/** What a company notes of its conversations beside what Afar knows; a field keeps its key and its type. */
export const conversationFields = pgTable('conversation_fields', {
  id: id(),
  key: text().notNull().unique(),
  nameZh: text().notNull(),
  nameEn: text().notNull(),
  type: oneOf(conversationFieldTypes).notNull(),
  choices: text().array().notNull().default(sql`'{}'`),
  /** Whether a conversation that shows it is resolved only with it. */
  isRequired: boolean().notNull().default(false),
  /** Groups of contact reasons it is shown for; none is all, also where no reason was given yet. */
  reasonGroups: text().array().notNull().default(sql`'{}'`),
  channelKinds: text().array().$type<ChannelKind[]>().notNull().default(sql`'{}'`),
  storeId: uuid(),
  position: integer().notNull().default(0),
  isActive: boolean().notNull().default(true),
  createdAt: createdAt(),
})
