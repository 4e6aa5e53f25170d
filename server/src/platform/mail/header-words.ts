import { decodeBytes } from './charsets.ts'

/**
 * Encoded words (RFC 2047) to text, forgiving what mailers do: characters split over two words, blanks
 * within, the wrong letter for the encoding. What is no encoded word stays as it is. One pass.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  let result = ''
  let waiting: Word | null = null
  let at = 0
  const lastEnd = text.lastIndexOf('?=')
  const flush = () => {
    if (waiting) result += decodeBytes(Buffer.concat(waiting.pieces), waiting.charset).text
    waiting = null
  }
  while (at < text.length) {
    const start = text.indexOf('=?', at)
    if (start < 0) break
    const word = wordAt(text, start, lastEnd)
    const before = text.slice(at, start)
    if (!word) {
      flush()
      result += `${before}=?`
      at = start + 2
      continue
    }
    // Blanks between two encoded words are not part of the text (RFC 2047, 6.2).
    const isAdjacent = waiting !== null && before.trim() === ''
    if (isAdjacent && (waiting as Word).charset === word.charset) (waiting as Word).pieces.push(word.bytes)
    else {
      flush()
      if (!isAdjacent) result += before
      waiting = { charset: word.charset, pieces: [word.bytes] }
    }
    at = word.end
  }
  flush()
  return result + text.slice(at)
}

/** Where the encoded word that begins here ends, or null where none does. */
export const endOfWord = (text: string, start: number) => wordAt(text, start, text.length)?.end ?? null

type Word = { charset: string; pieces: Buffer[] }

const longestName = 60
const longestWord = 8_000

function wordAt(text: string, start: number, lastEnd: number) {
  const named = text.slice(start + 2, start + 2 + longestName)
  const nameEnd = named.indexOf('?')
  if (nameEnd < 1 || named[nameEnd + 2] !== '?') return null
  const letter = named[nameEnd + 1]!.toLowerCase()
  if (letter !== 'b' && letter !== 'q') return null
  const from = start + 2 + nameEnd + 3
  const length = from > lastEnd ? -1 : text.slice(from, from + longestWord).indexOf('?=')
  if (length < 0) return null
  const encoded = text.slice(from, from + length)
  // RFC 2231 lets a language follow the charset: =?utf-8*en?…
  const charset = named.slice(0, nameEnd).split('*')[0]!.toLowerCase()
  return {
    charset,
    bytes: isBase64(letter, encoded) ? fromBase64(encoded) : fromQ(encoded),
    end: from + length + 2,
  }
}

/** The letter is believed unless the text cannot be what it says. */
function isBase64(letter: string, encoded: string) {
  if (letter === 'b') return !/=[0-9a-f]{2}/i.test(encoded)
  return encoded.length >= 8 && encoded.length % 4 === 0 && /^[a-z0-9+/]+={1,2}$/i.test(encoded)
}

/** Several padded pieces in one word are read one by one: Node stops at the first padding. */
const fromBase64 = (encoded: string) =>
  Buffer.concat(encoded.split(/=+/).map(piece => Buffer.from(piece, 'base64')))

function fromQ(encoded: string) {
  const bytes = Buffer.from(encoded, 'utf8')
  let size = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!
    const value = byte === 0x3d ? Number.parseInt(bytes.toString('latin1', at + 1, at + 3), 16) : Number.NaN
    const isHex = byte === 0x3d && /^[0-9a-f]{2}$/i.test(bytes.toString('latin1', at + 1, at + 3))
    if (isHex) at += 2
    bytes[size] = isHex ? value : byte === 0x5f ? 0x20 : byte
    size += 1
  }
  return bytes.subarray(0, size)
}
