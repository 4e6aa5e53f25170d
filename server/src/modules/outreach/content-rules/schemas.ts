import { z } from 'zod'
import { detectors, severities } from './tables.ts'

const Words = z.object({
  lists: z
    .array(z.array(z.string().trim().min(1).max(120)).max(500))
    .max(4)
    .optional(),
  allowedHosts: z.array(z.string().trim().toLowerCase().min(3).max(253)).max(100).optional(),
})

export const ContentRule = z
  .object({
    id: z.uuid(),
    code: z.string(),
    version: z.number().int(),
    detector: z.enum(detectors),
    channels: z.array(z.string()),
    severity: z.enum(severities),
    isActive: z.boolean(),
    words: Words,
    source: z.string(),
    verifiedAt: z.string(),
    /** Nobody has looked at the source for 180 days. */
    isStale: z.boolean(),
    effectiveFrom: z.date(),
    effectiveTo: z.date().nullable(),
  })
  .meta({ id: 'ContentRule' })

export const ContentRuleChange = z
  .object({
    channels: z
      .array(z.string().regex(/^(\*|[a-z0-9_]{2,40})$/))
      .min(1)
      .max(40),
    severity: z.enum(severities),
    isActive: z.boolean(),
    words: Words,
    source: z.string().trim().min(1).max(500),
    verifiedAt: z.iso.date(),
  })
  .partial()
export type ContentRuleChange = z.output<typeof ContentRuleChange>

/** `pieces`: what was found, as it stands in the text; of a language, its code. */
export const Finding = z
  .object({
    rule: z.string(),
    severity: z.enum(severities),
    pieces: z.array(z.string()),
    source: z.string(),
  })
  .meta({ id: 'ContentFinding' })
export type Finding = z.output<typeof Finding>
