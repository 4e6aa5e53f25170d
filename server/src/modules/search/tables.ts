import { desc } from 'drizzle-orm'
import { bigint, index, integer, pgTable, uuid } from 'drizzle-orm/pg-core'
import { instant, oneOf, tsvector } from '../../platform/columns.ts'
import { messages } from '../conversations/tables.ts'

/** Lines of the system say nothing anybody would look for. */
export const foundKinds = ['customer', 'reply', 'note'] as const

/** What messages are found by. A row lies here a moment after its message, and goes with it. */
export const messageSearch = pgTable(
  'message_search',
  {
    messageId: uuid()
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    conversationId: uuid().notNull(),
    storeId: uuid().notNull(),
    kind: oneOf(foundKinds).notNull(),
    authorId: uuid(),
    at: instant().notNull(),
    /** Of its text, a mail's subject and the names of its files; and a mark of its store. */
    words: tsvector().notNull(),
  },
  t => [
    // What lies in the list of newcomers is read by every search.
    index('message_search_words').using('gin', t.words).with({ gin_pending_list_limit: 512 }),
    index('message_search_newest').on(desc(t.at)),
    index('message_search_of_conversation').on(t.conversationId, desc(t.at)),
  ],
)

/** How far the index is, in one row: behind the events, and on the walk over the messages that were there before. */
export const searchProgress = pgTable('search_progress', {
  id: integer().primaryKey(),
  eventId: bigint({ mode: 'number' }).notNull(),
  messageId: uuid().notNull(),
  walked: bigint({ mode: 'number' }).notNull(),
  /** When the walk first came to the newest. It goes on, for what came in without an event. */
  completedAt: instant(),
})
