import type { z } from 'zod'
import type { Piece } from './pieces.ts'
import {
  type Asked,
  addressOf,
  decode,
  noUsage,
  post,
  type TranslationProvider,
  wholeAnswer,
} from './provider.ts'

/** What one service of markup has of its own on the wire. */
type Wire<S extends z.ZodType> = {
  path: string
  headers(key: string): Record<string, string>
  body(texts: string[], asked: Asked): Record<string, unknown>
  answer: S
  translationsOf(answer: z.output<S>): Translated[]
  /** Stands around the number of what is kept; the service leaves alone what is within. */
  kept: { open: string; close: string }
  /** Where line ends have a sign of their own. */
  lines?: { write(text: string): string; read(text: string): string }
}

/** `billed`: the characters it says it has charged. */
type Translated = { text: string; language: string | null; billed?: number | undefined }

/**
 * A service that is given markup and charges by the character, those of the tags too. Its glossaries, where it has
 * any, are objects made beforehand, so terms are put in afterwards.
 */
export function markupProvider<S extends z.ZodType>(wire: Wire<S>): TranslationProvider {
  const { open, close } = wire.kept
  const { write, read } = wire.lines ?? { write: (text: string) => text, read: (text: string) => text }
  const encoded = (pieces: readonly Piece[]) =>
    write(encodeMarkup(pieces, number => `${open}${number}${close}`))
  const charactersOf = ({ texts }: Asked) => texts.reduce((sum, pieces) => sum + encoded(pieces).length, 0)

  return {
    takesGlossary: false,
    takesKey: 'always',
    estimate: asked => ({ ...noUsage, characters: charactersOf(asked) }),
    async translate(outbound, { baseUrl, key }, asked, timeoutMs) {
      const answer = await post(
        outbound,
        {
          url: addressOf(baseUrl, wire.path),
          headers: wire.headers(key),
          body: wire.body(asked.texts.map(encoded), asked),
          timeoutMs,
        },
        wire.answer,
      )
      const translated = wire.translationsOf(answer)
      const isBilled = translated.every(({ billed }) => billed !== undefined)
      return {
        texts: wholeAnswer(
          translated.map(({ text }) => decode(read(text), open, close, readMarkup)),
          asked,
        ),
        languages: translated.map(({ language }) => language),
        usage: {
          ...noUsage,
          characters: isBilled
            ? translated.reduce((sum, { billed = 0 }) => sum + billed, 0)
            : charactersOf(asked),
        },
      }
    },
  }
}

/** What a service of markup is sent: XML’s three signs are escaped, control characters have no place in it. */
export const encodeMarkup = (pieces: readonly Piece[], tag: (number: number) => string) =>
  pieces.map(piece => (typeof piece === 'number' ? tag(piece) : escapeMarkup(piece))).join('')

const escapeMarkup = (text: string) =>
  Array.from(text.toWellFormed(), sign => escapes[sign] ?? (isControl(sign) ? ' ' : sign)).join('')
const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const isControl = (sign: string) => sign < ' ' && sign !== '\n' && sign !== '\t' && sign !== '\r'

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** Entities as markup has them, each once. */
export function readMarkup(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([\da-fA-F]{1,6})|([a-z]{2,5}));/g, (whole, dec, hex, name) => {
    if (name) return entities[name] ?? whole
    const point = Number.parseInt(dec ?? hex, dec ? 10 : 16)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
}
