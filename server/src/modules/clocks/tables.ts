import { sql } from 'drizzle-orm'
import { date, doublePrecision, index, integer, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { stores } from '../settings/tables.ts'

export const clockKinds = ['first_response', 'next_response', 'resolution'] as const
export const clockCalendars = ['always', 'store'] as const
export type ClockKind = (typeof clockKinds)[number]

/** Dated configuration: a change adds a version, and what runs keeps the version it started under. */
export const clockPolicies = pgTable(
  'clock_policies',
  {
    id: id(),
    code: text().notNull(),
    version: integer().notNull(),
    name: text().notNull(),
    kind: oneOf(clockKinds).notNull(),
    channelKind: text().notNull(),
    storeId: uuid().references(() => stores.id),
    windowSeconds: integer().notNull(),
    calendar: oneOf(clockCalendars).notNull(),
    /** Fractions of the window at which those concerned are warned. */
    warnAt: doublePrecision().array().notNull(),
    /** Where the number comes from, and when somebody last looked. */
    source: text().notNull(),
    verifiedAt: date({ mode: 'string' }).notNull(),
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    createdAt: createdAt(),
  },
  t => [unique('clock_policies_once').on(t.code, t.version), index('clock_policies_by_kind').on(t.channelKind, t.kind)],
)

export const clocks = pgTable(
  'clocks',
  {
    id: id(),
    subjectId: uuid().notNull(),
    storeId: uuid().notNull(),
    kind: oneOf(clockKinds).notNull(),
    policyId: uuid().notNull().references(() => clockPolicies.id),
    startedAt: instant().notNull(),
    dueAt: instant().notNull(),
    /** The instants of its warnings and of its breach that are still to come, in order; the first is `nextAt`. */
    comingAt: instant().array().notNull(),
    nextAt: instant(),
    /** The largest fraction that was warned of. */
    warned: doublePrecision().notNull().default(0),
    breachedAt: instant(),
    stoppedAt: instant(),
    stopReason: text(),
  },
  t => [
    uniqueIndex('clocks_running_once').on(t.subjectId, t.kind).where(sql`stopped_at is null`),
    index('clocks_due').on(t.nextAt).where(sql`stopped_at is null and next_at is not null`),
  ],
)
