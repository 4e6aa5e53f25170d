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
  data: z.object({
    translations: z.array(
      z.object({ translatedText: z.string(), detectedSourceLanguage: z.string().optional() }),
    ),
  }),
})

/**
 * Google’s Cloud Translation, version 2 (cloud.google.com/translate/docs/reference/rest/v2/translate), which takes a
 * plain key. It is given HTML: what is marked `translate="no"` it leaves alone.
 */
export const google: TranslationProvider = {
  takesGlossary: false,
  takesKey: 'always',
  estimate: asked => ({ ...noUsage, characters: charactersOf(asked) }),
  async translate(outbound, { baseUrl, key }, asked, timeoutMs) {
    const { data } = await post(
      outbound,
      {
        url: addressOf(baseUrl, '/language/translate/v2'),
        headers: { 'x-goog-api-key': key },
        body: {
          q: asked.texts.map(encoded),
          ...(asked.from && { source: codeOf(asked.from) }),
          target: codeOf(asked.to),
          format: 'html',
        },
        timeoutMs,
      },
      Answer,
    )
    return {
      texts: wholeAnswer(
        data.translations.map(({ translatedText }) =>
          decode(withLines(translatedText), open, '</span>', readMarkup),
        ),
        asked,
      ),
      languages: data.translations.map(({ detectedSourceLanguage: found }) => found?.split('-')[0] ?? null),
      usage: { ...noUsage, characters: charactersOf(asked) },
    }
  },
}

const open = '<span translate="no">'

/** HTML takes a line’s end for a blank. */
const encoded = (pieces: Asked['texts'][number]) =>
  encodeMarkup(pieces, number => `${open}${number}</span>`).replaceAll('\n', '<br>')
const withLines = (text: string) => text.replaceAll('<br>', '\n').replaceAll('<br/>', '\n')

/** Every sign is counted, those of the tags too. */
const charactersOf = ({ texts }: Asked) => texts.reduce((sum, pieces) => sum + encoded(pieces).length, 0)

const codeOf = (language: string) => (language === 'zh' ? 'zh-CN' : language)
