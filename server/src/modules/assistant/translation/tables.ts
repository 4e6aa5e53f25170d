import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../../platform/columns.ts'
import { conversations, messages } from '../../conversations/tables.ts'

export const providerKinds = ['openai', 'deepl', 'google'] as const
export const purposes = ['incoming', 'outgoing', 'trial'] as const
export const translationStates = ['waiting', 'done', 'untranslated'] as const

/** Millionths of the currency's unit: a message costs less than a cent. */
const micros = () => bigint({ mode: 'number' })

/** One row: what the company spends on translation, and whether it is asked for unasked. */
export const translationSettings = pgTable('translation_settings', {
  isOnly: boolean().primaryKey().default(true),
  currency: text().notNull().default('USD'),
  /** Per day of the company's clock; what would cost more stays untranslated. */
  dailyBudgetMicros: micros().notNull().default(10_000_000),
  /** Whether what customers write is translated before somebody asks. */
  isAutomatic: boolean().notNull().default(true),
  /** Moves with every change of a term: what was translated by earlier terms is translated anew. */
  glossaryVersion: integer().notNull().default(1),
})

/** Services that translate, tried by `position`. Empty lists of languages mean any. */
export const translationProviders = pgTable(
  'translation_providers',
  {
    id: id(),
    name: text().notNull(),
    kind: oneOf(providerKinds).notNull(),
    baseUrl: text().notNull(),
    model: text(),
    keySealed: text(),
    position: integer().notNull(),
    isActive: boolean().notNull().default(true),
    fromLanguages: text().array().notNull().default(sql`'{}'`),
    toLanguages: text().array().notNull().default(sql`'{}'`),
    /** At most so many requests at once from each process. */
    atOnce: integer().notNull().default(4),
    /** In a row; enough of them pause it. */
    failures: integer().notNull().default(0),
    /** Nobody asks it until then; who comes first afterwards tries it for all. */
    pausedUntil: instant(),
    failure: text(),
    failedAt: instant(),
    createdAt: createdAt(),
    /** What it cost still names it. */
    archivedAt: instant(),
  },
  t => [index('translation_providers_in_order').on(t.position, t.id).where(sql`archived_at is null`)],
)

/** What a service takes, as the company read it from its price list; in millionths per million. */
export const translationPrices = pgTable(
  'translation_prices',
  {
    id: id(),
    providerId: uuid()
      .notNull()
      .references(() => translationProviders.id),
    perMillionCharacters: micros().notNull(),
    perMillionInputTokens: micros().notNull(),
    perMillionOutputTokens: micros().notNull(),
    source: text().notNull(),
    effectiveFrom: instant().notNull(),
  },
  t => [unique('translation_prices_once').on(t.providerId, t.effectiveFrom)],
)

/** Words with one right translation, or none: null leaves them as they are. */
export const glossaryTerms = pgTable(
  'glossary_terms',
  {
    id: id(),
    /** Null for every language. */
    fromLanguage: text(),
    toLanguage: text(),
    term: text().notNull(),
    translation: text(),
    isCaseSensitive: boolean().notNull().default(false),
    /** A brand's promise, which no machine may word. */
    isLocked: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  t => [unique('glossary_terms_once').on(t.fromLanguage, t.toLanguage, t.term).nullsNotDistinct()],
)

/** What was paid for once. `key` is the hash of text, languages, service, model and version of the glossary. */
export const translations = pgTable(
  'translations',
  {
    key: text().primaryKey(),
    text: text().notNull(),
    fromLanguage: text(),
    toLanguage: text().notNull(),
    providerId: uuid()
      .notNull()
      .references(() => translationProviders.id),
    /** Words that the glossary requires and that are not there. */
    missingTerms: text().array().notNull().default(sql`'{}'`),
    micros: micros().notNull(),
    at: instant().notNull(),
  },
  t => [index('translations_by_age').on(t.at)],
)

/** A message in a reader's language, or why not. What waits here is the worker's line. */
export const messageTranslations = pgTable(
  'message_translations',
  {
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    toLanguage: text().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    fromLanguage: text(),
    state: oneOf(translationStates).notNull().default('waiting'),
    /** Why it is untranslated. */
    reason: text(),
    key: text().references(() => translations.key),
    askedAt: instant().notNull(),
    attempts: integer().notNull().default(0),
    /** Not before then, and not by two at once. */
    dueAt: instant().notNull(),
    doneAt: instant(),
  },
  t => [
    primaryKey({ columns: [t.messageId, t.toLanguage] }),
    index('message_translations_of_conversation').on(t.conversationId, t.messageId),
    index('message_translations_waiting').on(t.askedAt).where(sql`state = 'waiting'`),
    index('message_translations_by_key').on(t.key),
  ],
)

/** What a day has cost or may still cost: taken before a service is asked, corrected when it has answered. */
export const translationDays = pgTable('translation_days', {
  day: date().primaryKey(),
  micros: micros().notNull().default(0),
})

export const translationCosts = pgTable(
  'translation_costs',
  {
    day: date().notNull(),
    providerId: uuid()
      .notNull()
      .references(() => translationProviders.id),
    purpose: oneOf(purposes).notNull(),
    fromLanguage: text().notNull(),
    toLanguage: text().notNull(),
    requests: integer().notNull().default(0),
    characters: bigint({ mode: 'number' }).notNull().default(0),
    inputTokens: bigint({ mode: 'number' }).notNull().default(0),
    outputTokens: bigint({ mode: 'number' }).notNull().default(0),
    micros: micros().notNull().default(0),
  },
  t => [
    primaryKey({
      name: 'translation_costs_pk',
      columns: [t.day, t.providerId, t.purpose, t.fromLanguage, t.toLanguage],
    }),
  ],
)
