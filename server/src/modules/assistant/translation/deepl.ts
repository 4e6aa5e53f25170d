import { z } from 'zod'
import {
  type Asked,
  addressOf,
  decode,
  encodeMarkup,
  noUsage,
  post,
  readMarkup,
  type TranslationProvider,
  wholeAnswer,
} from './provider.ts'

const Answer = z.object({
  translations: z.array(
    z.object({
      detected_source_language: z.string().optional(),
      text: z.string(),
      billed_characters: z.number().int().nonnegative().optional(),
    }),
  ),
})

/**
 * DeepL’s API, version 2 (developers.deepl.com/api-reference/translate). Numbers stand in for what is kept, in a tag
 * that it is told to leave alone. Its glossaries are objects made beforehand, so terms are put in afterwards.
 */
export const deepl: TranslationProvider = {
  takesGlossary: false,
  takesKey: 'always',
  estimate: asked => ({ ...noUsage, characters: charactersOf(asked) }),
  async translate(outbound, { baseUrl, key }, asked, timeoutMs) {
    const { translations } = await post(
      outbound,
      {
        url: addressOf(baseUrl, '/v2/translate'),
        headers: { authorization: `DeepL-Auth-Key ${key}` },
        body: {
          text: asked.texts.map(encoded),
          ...(asked.from && { source_lang: asked.from.toUpperCase() }),
          target_lang: targets[asked.to] ?? asked.to.toUpperCase(),
          ...(asked.context && { context: asked.context }),
          tag_handling: 'xml',
          tag_handling_version: 'v2',
          ignore_tags: ['x'],
          preserve_formatting: true,
          show_billed_characters: true,
        },
        timeoutMs,
      },
      Answer,
    )
    const billed = translations.every(({ billed_characters }) => billed_characters !== undefined)
      ? translations.reduce((sum, { billed_characters }) => sum + (billed_characters ?? 0), 0)
      : charactersOf(asked)
    return {
      texts: wholeAnswer(
        translations.map(({ text }) => decode(text, '<x>', '</x>', readMarkup)),
        asked,
      ),
      languages: translations.map(({ detected_source_language: found }) => found?.toLowerCase() ?? null),
      usage: { ...noUsage, characters: billed },
    }
  },
}

const encoded = (pieces: Asked['texts'][number]) => encodeMarkup(pieces, number => `<x>${number}</x>`)
const charactersOf = ({ texts }: Asked) => texts.reduce((sum, pieces) => sum + encoded(pieces).length, 0)

/** Where a language has several spellings it wants to be told which. */
const targets: Record<string, string> = { en: 'EN-US', pt: 'PT-BR', zh: 'ZH-HANS' }
