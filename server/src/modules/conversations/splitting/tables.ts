import { sql } from 'drizzle-orm'
import { index, pgTable, unique, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/columns.ts'
import { conversations } from '../tables.ts'

/** A conversation that was made of messages of another. They stay where they were written. */
export const conversationSplits = pgTable(
  'conversation_splits',
  {
    intoId: uuid()
      .primaryKey()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    fromId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    messageIds: uuid().array().notNull().default(sql`'{}'`),
    /** Made by the client that asked for it; asked again with the same one it is the same split. */
    clientId: uuid().notNull(),
    at: instant().notNull(),
    by: uuid(),
  },
  t => [
    unique('conversation_splits_once').on(t.fromId, t.clientId),
    index('conversation_splits_from').on(t.fromId),
  ],
)
