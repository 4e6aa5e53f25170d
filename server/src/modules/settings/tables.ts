import { boolean, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { locales } from '../staff/tables.ts'
import type { NewCalendar, TextKey } from './schemas.ts'

export const usualRevealsPerHour = 20
export const summaryPolicies = ['none', 'optional', 'required'] as const

/** One company lives in one database schema, so this table has one row. */
export const company = pgTable('company', {
  isOnly: boolean().primaryKey().default(true),
  name: text().notNull(),
  zone: text().notNull(),
  locale: oneOf(locales).notNull(),
  /** Whether a conversation is resolved only with a contact reason. */
  requiresReason: boolean().notNull().default(false),
  /** How many masked contact details one colleague may have shown to him within an hour. */
  revealsPerHour: integer().notNull().default(usualRevealsPerHour),
  /** Whether it is said what came of a conversation when it is resolved. */
  summaryPolicy: oneOf(summaryPolicies).notNull().default('none'),
  isSample: boolean().notNull().default(false),
  createdAt: createdAt(),
})

/** `version` moves with every change, so hours once read can be kept and known again. */
export const calendars = pgTable('calendars', {
  id: id(),
  name: text().notNull(),
  zone: text().notNull(),
  weekly: jsonb().$type<NewCalendar['weekly']>().notNull(),
  closed: jsonb().$type<NewCalendar['closed']>().notNull(),
  special: jsonb().$type<NewCalendar['special']>().notNull(),
  version: integer().notNull().default(1),
  createdAt: createdAt(),
})

export const stores = pgTable('stores', {
  id: id(),
  /** Public: it stands in the shop's pages and picks the store in the widget. */
  key: text().notNull().unique(),
  name: text().notNull(),
  brand: text().notNull(),
  /** BCP 47; the first one is the store's own, used where a customer's is not known. */
  languages: text().array().notNull(),
  zone: text().notNull(),
  currency: text().notNull(),
  country: text().notNull(),
  colour: text().notNull(),
  /** Without one the store is open day and night. */
  calendarId: uuid().references(() => calendars.id),
  createdAt: createdAt(),
  archivedAt: instant(),
})

/** The company's own wording of what customers read; without a store it holds for all of them. */
export const texts = pgTable(
  'texts',
  {
    id: id(),
    storeId: uuid().references(() => stores.id),
    key: text().$type<TextKey>().notNull(),
    locale: text().notNull(),
    text: text().notNull(),
    createdAt: createdAt(),
  },
  t => [unique('texts_once').on(t.storeId, t.key, t.locale).nullsNotDistinct()],
)
