import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { conversations } from '../conversations/tables.ts'
import { staff } from '../staff/tables.ts'
import type { ExportMatter } from './schemas.ts'

export const exportFormats = ['csv', 'xlsx'] as const
export const exportStates = ['waiting', 'working', 'done', 'failed', 'expired'] as const

/** Each end of a conversation, also those it was opened again after: a conversation itself only knows the last. */
export const resolutions = pgTable(
  'resolutions',
  {
    /** Of the event that told it, so that one told twice is kept once. */
    eventId: bigint({ mode: 'number' }).primaryKey(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    staffId: uuid(),
    resolvedAt: instant().notNull(),
    reopenedAt: instant(),
  },
  t => [
    index('resolutions_of_conversation').on(t.conversationId, t.resolvedAt),
    index('resolutions_by_time').on(t.resolvedAt),
  ],
)

/** What somebody asked to take out of the house, and what became of it. */
export const dataExports = pgTable(
  'data_exports',
  {
    id: id(),
    staffId: uuid()
      .notNull()
      .references(() => staff.id),
    matter: jsonb().$type<ExportMatter>().notNull(),
    format: oneOf(exportFormats).notNull(),
    state: oneOf(exportStates).notNull().default('waiting'),
    rowsDone: integer().notNull().default(0),
    /** Whether there was more than one file may hold. */
    isCut: boolean().notNull().default(false),
    name: text().notNull(),
    sha256: text(),
    size: bigint({ mode: 'number' }),
    /** Why it failed: a refusal's code. */
    reason: text(),
    createdAt: createdAt(),
    finishedAt: instant(),
    /** Until then it can be fetched. */
    expiresAt: instant(),
  },
  t => [
    index('data_exports_of_staff').on(t.staffId, t.createdAt),
    index('data_exports_expiring').on(t.expiresAt).where(sql`state = 'done'`),
  ],
)
