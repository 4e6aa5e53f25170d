import { z } from 'zod'
import { markupProvider } from './markup.ts'

/**
 * Google’s Cloud Translation, version 2 (cloud.google.com/translate/docs/reference/rest/v2/translate), which takes a
 * plain key. It is given HTML: what is marked `translate="no"` it leaves alone.
 */
export const google = markupProvider({
  path: '/language/translate/v2',
  headers: key => ({ 'x-goog-api-key': key }),
  kept: { open: '<span translate="no">', close: '</span>' },
  // HTML takes a line’s end for a blank.
  lines: {
    write: text => text.replaceAll('\n', '<br>'),
    read: text => text.replaceAll('<br>', '\n').replaceAll('<br/>', '\n'),
  },
  body: (texts, { from, to }) => ({
    q: texts,
    ...(from && { source: codeOf(from) }),
    target: codeOf(to),
    format: 'html',
  }),
  answer: z.object({
    data: z.object({
      translations: z.array(
        z.object({ translatedText: z.string(), detectedSourceLanguage: z.string().optional() }),
      ),
    }),
  }),
  translationsOf: ({ data }) =>
    data.translations.map(({ translatedText, detectedSourceLanguage }) => ({
      text: translatedText,
      language: detectedSourceLanguage?.split('-')[0] ?? null,
    })),
})

const codeOf = (language: string) => (language === 'zh' ? 'zh-CN' : language)
