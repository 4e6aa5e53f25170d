import { sql } from 'drizzle-orm'
import { check, index, pgTable, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant, oneOf } from '../../../platform/columns.ts'
import { conversations } from '../tables.ts'

export const linkKinds = ['related', 'duplicate', 'follows'] as const

/** Two conversations that stand beside one another. Of those with a direction, `from` follows `to`. */
export const conversationLinks = pgTable(
  'conversation_links',
  {
    id: id(),
    fromId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    toId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    kind: oneOf(linkKinds).notNull(),
    at: instant().notNull(),
    by: uuid(),
  },
  t => [
    // Neither is related twice, nor does each follow the other.
    uniqueIndex('conversation_links_once').on(
      sql`least(from_id, to_id)`,
      sql`greatest(from_id, to_id)`,
      t.kind,
    ),
    index('conversation_links_from').on(t.fromId),
    index('conversation_links_to').on(t.toId),
    check('conversation_links_of_two', sql`from_id <> to_id`),
  ],
)
