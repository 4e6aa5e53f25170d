import { z } from 'zod'
import { automations } from './tables.ts'

/** `group` or `group.reason`. */
export const ReasonCode = z
  .string()
  .max(80)
  .regex(/^[a-z0-9_]{1,39}(\.[a-z0-9_]{1,40})?$/, 'A code is group.reason, in small letters, digits and _.')

export const ReasonAddress = z.object({ code: z.string().max(80) })

const Name = z.string().trim().min(1).max(80)
const Words = z.string().trim().max(2_000)
/** What a summary begins with, where it was about this. */
const SummaryTemplate = z.object({ wanted: Words, done: Words, promised: Words })
const Strategy = z.string().trim().max(4_000)

export const ContactReason = z
  .object({
    code: z.string(),
    /** Null for a group. */
    groupCode: z.string().nullable(),
    nameZh: z.string(),
    nameEn: z.string(),
    /** How it is answered, a step on each line. */
    strategyZh: z.string(),
    strategyEn: z.string(),
    automation: z.enum(automations),
    ownerDepartment: z.string(),
    summaryTemplate: SummaryTemplate,
    position: z.number().int(),
    isActive: z.boolean(),
  })
  .meta({ id: 'ContactReason' })
export type ContactReason = z.output<typeof ContactReason>

export const ContactReasonChange = z
  .object({
    nameZh: Name,
    nameEn: Name,
    strategyZh: Strategy,
    strategyEn: Strategy,
    automation: z.enum(automations),
    ownerDepartment: z.string().trim().max(80),
    summaryTemplate: SummaryTemplate,
    position: z.number().int().min(0).max(100_000),
    isActive: z.boolean(),
  })
  .partial()
export type ContactReasonChange = z.output<typeof ContactReasonChange>

export const NewContactReason = ContactReasonChange.extend({ code: ReasonCode, nameZh: Name, nameEn: Name })
export type NewContactReason = z.output<typeof NewContactReason>

export const GivenReason = z.object({
  reason: z.string().max(80),
  expectedVersion: z.number().int().optional(),
})
export type GivenReason = z.output<typeof GivenReason>

export const ReasonSuggestion = z
  .object({
    reason: z.string(),
    probability: z.number(),
    /** Those of the customer that spoke for it, as they are folded for searching. */
    words: z.array(z.string()),
  })
  .meta({ id: 'ReasonSuggestion' })
export type ReasonSuggestion = z.output<typeof ReasonSuggestion>

export const ReasonModelFacts = z
  .object({
    trainedAt: z.date(),
    examples: z.number().int(),
    ownExamples: z.number().int(),
    /** `low` and `high`: Wilson’s interval of 95 %. */
    accuracy: z.object({
      triedOn: z.enum(['own', 'seeds']),
      tried: z.number().int(),
      correct: z.number().int(),
      share: z.number(),
      low: z.number(),
      high: z.number(),
    }),
    /** Every pair that was met, right and wrong; without a prediction where no word was known. */
    confusion: z.array(
      z.object({ actual: z.string(), predicted: z.string().nullable(), count: z.number().int() }),
    ),
    labelsSince: z.number().int(),
  })
  .meta({ id: 'ReasonModel' })
export type ReasonModelFacts = z.output<typeof ReasonModelFacts>
