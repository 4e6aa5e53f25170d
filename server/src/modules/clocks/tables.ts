import { sql } from 'drizzle-orm'
import {
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { channelKinds } from '../channels/tables.ts'
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
    channelKind: oneOf(channelKinds).notNull(),
    /** Without one it holds for every store that has none of its own. */
    storeId: uuid().references(() => stores.id),
    windowSeconds: integer().notNull(),
    calendar: oneOf(clockCalendars).notNull(),
    /** Fractions of the window at which those concerned are warned, in order. */
    warnAt: doublePrecision().array().notNull(),
    /** Where the number comes from, and when somebody last looked. */
    source: text().notNull(),
    verifiedAt: date({ mode: 'string' }).notNull(),
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    createdAt: createdAt(),
  },
  t => [
    unique('clock_policies_once').on(t.code, t.version),
    uniqueIndex('clock_policies_of_store')
      .on(t.storeId, t.channelKind, t.kind)
      .where(sql`effective_to is null`),
    uniqueIndex('clock_policies_of_company')
      .on(t.channelKind, t.kind)
      .where(sql`effective_to is null and store_id is null`),
  ],
)

export const clocks = pgTable(
  'clocks',
  {
    id: id(),
    subjectId: uuid().notNull(),
    storeId: uuid().notNull(),
    kind: oneOf(clockKinds).notNull(),
    policyId: uuid()
      .notNull()
      .references(() => clockPolicies.id),
    startedAt: instant().notNull(),
    dueAt: instant().notNull(),
    /** When it warns, in order, and last when it is due. */
    moments: instant().array().notNull(),
    /** The first of its moments that has not been fired. */
    nextAt: instant(),
    breachedAt: instant(),
    stoppedAt: instant(),
    stopReason: text(),
  },
  t => [
    uniqueIndex('clocks_running_once').on(t.subjectId, t.kind).where(sql`stopped_at is null`),
    index('clocks_due').on(t.nextAt).where(sql`stopped_at is null and next_at is not null`),
  ],
)
