import { sql } from 'drizzle-orm'
import { boolean, date, integer, jsonb, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../../platform/columns.ts'

/** What a rule looks for; how, is code, and of what words is data. */
export const detectors = [
  'link',
  'contact',
  'words',
  'words_together',
  'only_thanks',
  'decoration',
  'card_number',
  'unkept_promise',
  'language',
] as const
export type Detector = (typeof detectors)[number]

export const severities = ['warn', 'block'] as const
export type Severity = (typeof severities)[number]

/** Lists of words and phrases in any languages; of words that must meet, each list gives one. */
export type RuleWords = { lists?: string[][]; allowedHosts?: string[] }

/** Dated configuration: a change adds a version, and the one before it ends. */
export const contentRules = pgTable(
  'content_rules',
  {
    id: id(),
    code: text().notNull(),
    version: integer().notNull(),
    detector: oneOf(detectors).notNull(),
    /** Kinds of channels and codes of marketplaces; `*` stands for all. */
    channels: text().array().notNull(),
    severity: oneOf(severities).notNull(),
    isActive: boolean().notNull(),
    words: jsonb().$type<RuleWords>().notNull(),
    source: text().notNull(),
    verifiedAt: date({ mode: 'string' }).notNull(),
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    createdAt: createdAt(),
  },
  t => [
    unique('content_rules_once').on(t.code, t.version),
    uniqueIndex('content_rules_in_force').on(t.code).where(sql`effective_to is null`),
  ],
)
