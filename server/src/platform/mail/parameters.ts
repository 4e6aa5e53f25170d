import { decodeBytes } from './charsets.ts'
import { decodeWords } from './header-words.ts'

export type Parameters = { value: string; parameters: Record<string, string> }

/**
 * A header such as Content-Type: its value in lower case and its parameters, with RFC 2231's charsets and
 * continuations put together, and the encoded words that many mailers write there instead.
 */
export function readParameters(header: string): Parameters {
  const [value = '', ...rest] = splitOutsideQuotes(header)
  const pieces = new Map<string, Piece[]>()
  for (const parameter of rest) {
    const equals = parameter.indexOf('=')
    if (equals < 1) continue
    const name = parameter.slice(0, equals).trim().toLowerCase()
    const piece = pieceOf(name, unquote(parameter.slice(equals + 1).trim()))
    const found = pieces.get(piece.name) ?? []
    if (found.length < mostPieces) pieces.set(piece.name, [...found, piece])
  }
  const parameters: Record<string, string> = Object.create(null)
  for (const [name, found] of pieces) parameters[name] = join(found)
  return { value: value.trim().toLowerCase(), parameters }
}

type Piece = { name: string; number: number; isEncoded: boolean; value: string }

const mostParameters = 200
const mostPieces = 100

/** `name`, `name*` (encoded), `name*0` (a piece) or `name*0*` (an encoded piece). */
function pieceOf(given: string, value: string): Piece {
  const isEncoded = given.endsWith('*')
  const bare = isEncoded ? given.slice(0, -1) : given
  const star = bare.lastIndexOf('*')
  const number = star > 0 ? Number(bare.slice(star + 1)) : Number.NaN
  return Number.isInteger(number)
    ? { name: bare.slice(0, star), number, isEncoded, value }
    : { name: bare, number: -1, isEncoded, value }
}

/** The encoded form is the truer one where a mailer writes both; a plain one is never mixed with pieces. */
function join(pieces: Piece[]): string {
  const numbered = pieces.filter(({ number }) => number >= 0).sort((one, other) => one.number - other.number)
  const whole = pieces.find(({ number, isEncoded }) => number < 0 && isEncoded)
  const plain = pieces.find(({ number, isEncoded }) => number < 0 && !isEncoded)
  if (whole) return decodeExtended([whole])
  if (numbered.length > 0) return decodeExtended(numbered)
  return decodeWords(plain?.value ?? '')
}

function decodeExtended(pieces: Piece[]): string {
  const first = pieces[0]!
  if (!pieces.some(({ isEncoded }) => isEncoded))
    return decodeWords(pieces.map(({ value }) => value).join(''))
  const [charset = '', , ...text] = first.isEncoded ? first.value.split("'") : ['']
  const isMarked = first.isEncoded && text.length > 0
  const bytes = pieces.map((piece, n) => {
    const value = n === 0 && isMarked ? text.join("'") : piece.value
    return piece.isEncoded ? fromPercents(value) : Buffer.from(value)
  })
  return decodeBytes(Buffer.concat(bytes), (isMarked && charset) || null).text
}

function fromPercents(value: string) {
  const bytes: Buffer[] = []
  const [before = '', ...rest] = value.split('%')
  bytes.push(Buffer.from(before))
  for (const piece of rest) {
    const isHex = /^[0-9a-f]{2}/i.test(piece)
    if (isHex) bytes.push(Buffer.from(piece.slice(0, 2), 'hex'), Buffer.from(piece.slice(2)))
    else bytes.push(Buffer.from(`%${piece}`))
  }
  return Buffer.concat(bytes)
}

/** At semicolons; comments in parentheses are left out of the value, a quote that never ends ends at the end. */
function splitOutsideQuotes(header: string) {
  const pieces: string[] = []
  let piece = ''
  let isQuoted = false
  let depth = 0
  const lastClosing = header.lastIndexOf(')')
  for (let at = 0; at < header.length && pieces.length < mostParameters; at += 1) {
    const character = header[at]!
    if (character === '\\' && isQuoted) {
      piece += character + (header[at + 1] ?? '')
      at += 1
    } else if (character === '"' && depth === 0) {
      isQuoted = !isQuoted
      piece += character
    } else if (isQuoted) piece += character
    else if (character === '(' && at < lastClosing) depth += 1
    else if (character === ')' && depth > 0) depth -= 1
    else if (depth > 0) continue
    else if (character === ';') {
      pieces.push(piece)
      piece = ''
    } else piece += character
  }
  return [...pieces, piece]
}

function unquote(value: string) {
  if (!value.startsWith('"')) return value
  let text = ''
  for (let at = 1; at < value.length; at += 1) {
    if (value[at] === '"') break
    // A path of Windows is often written with bare backslashes; only quotes and backslashes are escaped.
    if (value[at] === '\\' && (value[at + 1] === '"' || value[at + 1] === '\\')) at += 1
    text += value[at] ?? ''
  }
  return text
}
