import { boolean, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../../platform/columns.ts'
import type { NewSummary } from '../summaries/schemas.ts'
import type { ReasonModel } from './classifier.ts'

/** How far an answer may go without a person: all the way, a draft, not at all, to somebody, to a page of its own. */
export const automations = ['full', 'draft', 'never', 'route', 'self_service'] as const

/** Two levels in one table: `wismo` is a group, `wismo.in_transit` one of its reasons. */
export const contactReasons = pgTable('contact_reasons', {
  code: text().primaryKey(),
  /** Null for a group. */
  groupCode: text(),
  nameZh: text().notNull(),
  nameEn: text().notNull(),
  /** How it is answered, a step on each line. */
  strategyZh: text().notNull().default(''),
  strategyEn: text().notNull().default(''),
  automation: oneOf(automations).notNull().default('draft'),
  ownerDepartment: text().notNull().default(''),
  /** What a summary begins with, where it was about this. */
  summaryTemplate: jsonb().$type<NewSummary>().notNull().default({ wanted: '', done: '', promised: '' }),
  position: integer().notNull().default(0),
  isActive: boolean().notNull().default(true),
  createdAt: createdAt(),
})

/** What was learnt, and how it did where it was tried; the newest is the one in use. */
export const reasonModels = pgTable('reason_models', {
  id: id(),
  trainedAt: instant().notNull(),
  examples: integer().notNull(),
  ownExamples: integer().notNull(),
  /** Whose examples it was tried on: the company's own, or those it came with. */
  triedOn: oneOf(['own', 'seeds']).notNull(),
  tried: integer().notNull(),
  correct: integer().notNull(),
  confusion: jsonb().$type<{ actual: string; predicted: string | null; count: number }[]>().notNull(),
  model: jsonb().$type<ReasonModel>().notNull(),
  /** How many reasons people set since. */
  labelsSince: integer().notNull().default(0),
})
