import { z } from 'zod'
import { markupProvider } from './markup.ts'

/**
 * DeepL’s API, version 2 (developers.deepl.com/api-reference/translate). Numbers stand in for what is kept, in a tag
 * that it is told to leave alone.
 */
export const deepl = markupProvider({
  path: '/v2/translate',
  headers: key => ({ authorization: `DeepL-Auth-Key ${key}` }),
  kept: { open: '<x>', close: '</x>' },
  body: (texts, { from, to, context }) => ({
    text: texts,
    ...(from && { source_lang: from.toUpperCase() }),
    target_lang: targets[to] ?? to.toUpperCase(),
    ...(context && { context }),
    tag_handling: 'xml',
    tag_handling_version: 'v2',
    ignore_tags: ['x'],
    preserve_formatting: true,
    show_billed_characters: true,
  }),
  answer: z.object({
    translations: z.array(
      z.object({
        detected_source_language: z.string().optional(),
        text: z.string(),
        billed_characters: z.number().int().nonnegative().optional(),
      }),
    ),
  }),
  translationsOf: ({ translations }) =>
    translations.map(({ text, detected_source_language, billed_characters }) => ({
      text,
      language: detected_source_language?.toLowerCase() ?? null,
      billed: billed_characters,
    })),
})

/** Where a language has several spellings it wants to be told which. */
const targets: Record<string, string> = { en: 'EN-US', pt: 'PT-BR', zh: 'ZH-HANS' }
