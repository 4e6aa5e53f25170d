import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, oneOf } from '../../../platform/columns.ts'
import type { Condition } from '../../../platform/filters/conditions.ts'
import { staff, teams } from '../../staff/tables.ts'

export const viewScopes = ['personal', 'team', 'company'] as const
export const viewSorts = ['clock', 'waiting', 'activity'] as const

/** A view of the inbox that somebody put together, for himself, his team or everybody. */
export const savedViews = pgTable(
  'saved_views',
  {
    id: id(),
    name: text().notNull(),
    condition: jsonb().$type<Condition>().notNull(),
    sort: oneOf(viewSorts).notNull(),
    scope: oneOf(viewScopes).notNull(),
    /** Who made it; a personal one is his alone. */
    ownerId: uuid()
      .notNull()
      .references(() => staff.id),
    teamId: uuid().references(() => teams.id, { onDelete: 'cascade' }),
    position: integer().notNull().default(0),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
  },
  t => [index('saved_views_of_owner').on(t.ownerId), index('saved_views_of_team').on(t.teamId)],
)
