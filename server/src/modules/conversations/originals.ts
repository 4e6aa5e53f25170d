import { z } from 'zod'
import { maskCardNumbers } from '../../platform/card-numbers.ts'
import { editDistance } from '../../platform/edit-distance.ts'
import type { Original as Stored } from './tables.ts'

const Language = z.string().regex(/^[a-z]{2,3}$/)

/** `draft` is what the machine made of it; the same text as is sent says that it is sent untranslated. */
export const NewOriginal = z.strictObject({
  text: z.string().min(1).max(20_000),
  language: Language,
  to: Language,
  provider: z.string().max(80).nullable().default(null),
  draft: z.string().max(40_000).nullable().default(null),
})
export type NewOriginal = z.output<typeof NewOriginal>

export const Original = z
  .object({
    text: z.string(),
    language: z.string(),
    to: z.string(),
    provider: z.string().nullable(),
    isUntranslated: z.boolean(),
    draftChars: z.number().nullable(),
    editedChars: z.number().nullable(),
  })
  .meta({ id: 'MessageOriginal' })

/** What is kept of a reply’s original, and the language that it went out in. */
export function originalOf(
  { text, language, to, provider, draft }: NewOriginal,
  sent: string,
): { language: string; original: Stored } {
  const isUntranslated = sent.trim() === text.trim()
  const isDrafted = draft !== null && provider !== null && !isUntranslated
  return {
    language: isUntranslated ? language : to,
    original: {
      text: maskCardNumbers(text),
      language,
      to,
      provider: isDrafted ? provider : null,
      isUntranslated,
      draftChars: isDrafted ? draft.length : null,
      editedChars: isDrafted ? editDistance(draft, sent) : null,
    },
  }
}
