import { pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id } from '../../../platform/columns.ts'

export const quickReplies = pgTable(
  'quick_replies',
  {
    id: id(),
    shortcut: text().notNull(),
    title: text().notNull(),
    text: text().notNull(),
    language: text(),
    storeId: uuid(),
    /** Set for a personal one. */
    ownerId: uuid(),
    createdAt: createdAt(),
  },
  t => [unique('quick_replies_once').on(t.shortcut, t.language, t.ownerId).nullsNotDistinct()],
)
