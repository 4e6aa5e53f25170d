import { z } from 'zod'
import { providerKinds, purposes, translationStates } from './tables.ts'

export const Language = z.string().regex(/^[a-z]{2,3}$/)
const Languages = z.array(Language).max(50)

/** Millionths of the company's currency. */
const Micros = z.number().int().min(0).max(1_000_000_000_000)

export const TranslationSettings = z
  .object({
    currency: z.string(),
    dailyBudgetMicros: z.number(),
    isAutomatic: z.boolean(),
    /** Spent or set aside today. */
    todayMicros: z.number(),
  })
  .meta({ id: 'TranslationSettings' })
export const TranslationSettingsChange = z
  .strictObject({
    currency: z.string().regex(/^[A-Z]{3}$/),
    dailyBudgetMicros: Micros,
    isAutomatic: z.boolean(),
  })
  .partial()
export type TranslationSettingsChange = z.output<typeof TranslationSettingsChange>

/** Per million characters or tokens. What a service does not count by stays at nothing. */
export const Price = z.strictObject({
  perMillionCharacters: Micros.default(0),
  perMillionInputTokens: Micros.default(0),
  perMillionOutputTokens: Micros.default(0),
  source: z.string().trim().min(1).max(500),
})
export type Price = z.output<typeof Price>

export const Provider = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(providerKinds),
    baseUrl: z.string(),
    model: z.string().nullable(),
    hasKey: z.boolean(),
    position: z.number().int(),
    isActive: z.boolean(),
    fromLanguages: z.array(z.string()),
    toLanguages: z.array(z.string()),
    atOnce: z.number().int(),
    price: z.object({
      perMillionCharacters: z.number(),
      perMillionInputTokens: z.number(),
      perMillionOutputTokens: z.number(),
      source: z.string(),
      effectiveFrom: z.date(),
    }),
    pausedUntil: z.date().nullable(),
    failure: z.string().nullable(),
    failedAt: z.date().nullable(),
  })
  .meta({ id: 'TranslationProvider' })

const provider = {
  name: z.string().trim().min(1).max(80),
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  model: z.string().trim().min(1).max(200).nullable(),
  /** Never shown again. */
  key: z.string().min(1).max(1_000).nullable(),
  position: z.number().int().min(0).max(1_000),
  isActive: z.boolean(),
  fromLanguages: Languages,
  toLanguages: Languages,
  atOnce: z.number().int().min(1).max(32),
}

export const NewProvider = z
  .strictObject({
    ...provider,
    kind: z.enum(providerKinds),
    model: provider.model.default(null),
    key: provider.key.default(null),
    position: provider.position.default(0),
    isActive: provider.isActive.default(true),
    fromLanguages: Languages.default([]),
    toLanguages: Languages.default([]),
    atOnce: provider.atOnce.default(4),
    price: Price,
  })
  .refine(({ kind, model }) => kind !== 'openai' || model !== null, {
    message: 'Say which model.',
    path: ['model'],
  })
export type NewProvider = z.output<typeof NewProvider>
export const ProviderChange = z.strictObject(provider).partial()
export type ProviderChange = z.output<typeof ProviderChange>

export const ProviderTrial = z
  .object({
    ok: z.boolean(),
    /** What was sent, and what came of it. */
    source: z.string(),
    text: z.string().nullable(),
    reason: z.string().nullable(),
    milliseconds: z.number(),
    micros: z.number(),
  })
  .meta({ id: 'TranslationTrial' })
export const TrialTarget = z.strictObject({ to: Language.default('en') })

export const GlossaryTerm = z
  .object({
    id: z.uuid(),
    fromLanguage: z.string().nullable(),
    toLanguage: z.string().nullable(),
    term: z.string(),
    translation: z.string().nullable(),
    isCaseSensitive: z.boolean(),
    isLocked: z.boolean(),
  })
  .meta({ id: 'GlossaryTerm' })
const Word = z.string().trim().min(1).max(200)
export const NewGlossaryTerm = z.strictObject({
  fromLanguage: Language.nullable().default(null),
  toLanguage: Language.nullable().default(null),
  term: Word,
  translation: Word.nullable().default(null),
  isCaseSensitive: z.boolean().default(false),
  isLocked: z.boolean().default(false),
})
export type NewGlossaryTerm = z.output<typeof NewGlossaryTerm>
export const GlossaryFile = z.strictObject({ csv: z.string().max(1_000_000) })
export const GlossaryImport = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  /** Lines that were not understood, counted from 1, and why. */
  refused: z.array(z.object({ line: z.number().int(), reason: z.string() })),
})

export const MessageTranslation = z
  .object({
    messageId: z.uuid(),
    to: z.string(),
    from: z.string().nullable(),
    state: z.enum(translationStates),
    text: z.string().nullable(),
    /** Why it is untranslated. */
    reason: z.string().nullable(),
    /** Who translated it. */
    provider: z.string().nullable(),
    missingTerms: z.array(z.string()),
    at: z.date().nullable(),
  })
  .meta({ id: 'MessageTranslation' })
export type MessageTranslation = z.output<typeof MessageTranslation>

export const MessageTranslations = z
  .object({
    /** Whether there is a service at all, and whether it is asked unasked. */
    isSetUp: z.boolean(),
    isAutomatic: z.boolean(),
    items: z.array(MessageTranslation),
  })
  .meta({ id: 'MessageTranslations' })

export const TranslationsWanted = z.object({ to: Language })
export const NewTranslations = z.strictObject({
  messageIds: z.array(z.uuid()).min(1).max(50),
  to: Language,
  /** A person asks: also in a language that he is said to read, and what failed before once more. */
  again: z.boolean().default(false),
})
export type NewTranslations = z.output<typeof NewTranslations>

export const NewDraftTranslation = z.strictObject({
  text: z.string().min(1).max(20_000),
  from: Language.nullable().default(null),
  to: Language,
})
export type NewDraftTranslation = z.output<typeof NewDraftTranslation>
export const DraftTranslation = z
  .object({
    state: z.enum(['done', 'untranslated']),
    text: z.string().nullable(),
    from: z.string().nullable(),
    to: z.string(),
    reason: z.string().nullable(),
    provider: z.string().nullable(),
    missingTerms: z.array(z.string()),
  })
  .meta({ id: 'DraftTranslation' })

const Day = z.iso.date().refine(day => day >= '2000-01-01' && day < '2200-01-01')
export const CostFilter = z.object({ from: Day, to: Day })
export const Costs = z
  .object({
    currency: z.string(),
    items: z.array(
      z.object({
        day: z.string(),
        provider: z.object({ id: z.uuid(), name: z.string() }),
        purpose: z.enum(purposes),
        from: z.string(),
        to: z.string(),
        requests: z.number(),
        characters: z.number(),
        inputTokens: z.number(),
        outputTokens: z.number(),
        micros: z.number(),
      }),
    ),
    /** Of replies that a machine drafted: how much of the draft people changed. */
    edits: z.array(
      z.object({
        provider: z.string(),
        to: z.string(),
        replies: z.number(),
        draftChars: z.number(),
        editedChars: z.number(),
      }),
    ),
  })
  .meta({ id: 'TranslationCosts' })
