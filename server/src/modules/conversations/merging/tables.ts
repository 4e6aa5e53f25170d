import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from '../../../platform/columns.ts'
import { conversations } from '../tables.ts'

/** How the merged one stood, as far as a merge changes it; moments as text. */
export type StoodAs = {
  category: (typeof conversations.$inferSelect)['category']
  waitingFor: (typeof conversations.$inferSelect)['waitingFor']
  labelId: string | null
  snoozedUntil: string | null
  waitingSince: string | null
  resolvedAt: string | null
  resolvedBy: string | null
}

/** One conversation taken into another, with what is needed to take it out again. */
export const conversationMerges = pgTable(
  'conversation_merges',
  {
    id: id(),
    fromId: uuid()
      .notNull()
      .references(() => conversations.id),
    intoId: uuid()
      .notNull()
      .references(() => conversations.id),
    fromStood: jsonb().$type<StoodAs>().notNull(),
    intoWaitingSince: instant(),
    /** The last line of the other when it took this one in. */
    intoSeq: integer().notNull(),
    /** The clocks that went on there. */
    carriedIds: uuid().array().notNull().default(sql`'{}'`),
    at: instant().notNull(),
    by: uuid(),
    undoneAt: instant(),
    undoneBy: uuid(),
  },
  t => [
    uniqueIndex('conversation_merges_one_standing').on(t.fromId).where(sql`undone_at is null`),
    index('conversation_merges_into').on(t.intoId).where(sql`undone_at is null`),
  ],
)
