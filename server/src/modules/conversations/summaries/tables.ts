import { sql } from 'drizzle-orm'
import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from '../../../platform/columns.ts'
import { conversations } from '../tables.ts'

/** What came of a conversation, one for each time it was resolved; until then the one in hand has no `closedAt`. */
export const conversationSummaries = pgTable(
  'conversation_summaries',
  {
    id: id(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    wanted: text().notNull(),
    done: text().notNull(),
    promised: text().notNull(),
    byId: uuid(),
    writtenAt: instant().notNull(),
    closedAt: instant(),
  },
  t => [
    index('conversation_summaries_of').on(t.conversationId, t.writtenAt),
    uniqueIndex('conversation_summaries_in_hand').on(t.conversationId).where(sql`closed_at is null`),
  ],
)
