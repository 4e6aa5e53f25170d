import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import type { ActionCall } from '../../../platform/actions.ts'
import { createdAt, id, instant, oneOf } from '../../../platform/columns.ts'
import { staff } from '../../staff/tables.ts'
import type { Left } from '../acting.ts'
import { conversations } from '../tables.ts'

export const bulkStates = ['running', 'done', 'cancelled'] as const
export const bulkItemStates = ['waiting', 'done', 'unchanged', 'refused', 'skipped', 'cancelled'] as const

/** Something that is done to many conversations, one after the other, as who asked for it. */
export const bulkJobs = pgTable(
  'bulk_jobs',
  {
    id: id(),
    startedBy: uuid()
      .notNull()
      .references(() => staff.id),
    /** Empty of an undoing: each of its items has what undoes its own. */
    actions: jsonb().$type<ActionCall[]>().notNull(),
    /** The job that this one undoes; each is undone once. */
    undoesId: uuid(),
    state: oneOf(bulkStates).notNull().default('running'),
    createdAt: createdAt(),
    endedAt: instant(),
    /** Until when it can be undone as a whole. */
    undoableUntil: instant(),
  },
  t => [
    unique('bulk_jobs_undone_once').on(t.undoesId),
    index('bulk_jobs_running').on(t.id).where(sql`state = 'running'`),
    index('bulk_jobs_of_staff').on(t.startedBy, t.id),
  ],
)

/** Which conversations, as they were chosen when it began; what became of each is written with the act itself. */
export const bulkItems = pgTable(
  'bulk_items',
  {
    jobId: uuid()
      .notNull()
      .references(() => bulkJobs.id, { onDelete: 'cascade' }),
    place: integer().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    state: oneOf(bulkItemStates).notNull().default('waiting'),
    /** Why not: a refusal's code. */
    code: text(),
    undo: jsonb().$type<ActionCall[]>(),
    left: jsonb().$type<Left>(),
  },
  t => [
    primaryKey({ columns: [t.jobId, t.place] }),
    unique('bulk_items_once').on(t.jobId, t.conversationId),
    index('bulk_items_waiting').on(t.jobId, t.place).where(sql`state = 'waiting'`),
  ],
)
