import { z } from 'zod'
import { longestText } from '../schemas.ts'

export const QuickReply = z
  .object({
    id: z.uuid(),
    shortcut: z.string(),
    title: z.string(),
    text: z.string(),
    language: z.string().nullable(),
    storeId: z.uuid().nullable(),
    isPersonal: z.boolean(),
  })
  .meta({ id: 'QuickReply' })

export const NewQuickReply = z.object({
  shortcut: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}_-]{1,40}$/u),
  title: z.string().trim().min(1).max(120),
  text: z.string().min(1).max(longestText),
  language: z.string().max(12).nullable().default(null),
  storeId: z.uuid().nullable().default(null),
  isPersonal: z.boolean().default(false),
})
export type NewQuickReply = z.output<typeof NewQuickReply>

/** Null where there is nothing to put in. */
export const VariableValue = z
  .object({ code: z.string(), zh: z.string(), en: z.string(), value: z.string().nullable() })
  .meta({ id: 'VariableValue' })
