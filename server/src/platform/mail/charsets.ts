import chardet from 'chardet'
import iconv from 'iconv-lite'
import { guessCharset } from './charset-guess.ts'

export type Decoded = { text: string; guessed: boolean }

/**
 * Reads bytes by their label where it can be true, and by what they look like where it cannot: `guessed` says
 * that the label was missing, unknown or wrong. Never fails.
 */
export function decodeBytes(bytes: Buffer, label: string | null): Decoded {
  const charset = label === null ? null : charsetNamed(label)
  if (isPlain(bytes) && !isSevenBit(charset) && !isWide(charset)) {
    return bytes.includes('\x1b$') ? decodeUnlabelled(bytes, label) : said(bytes.toString('latin1'))
  }
  if (charset === null) return decodeUnlabelled(bytes, label)
  const multibyte = utf8Sequences(bytes)
  if (charset === 'utf-8') return decodeUtf8(bytes, multibyte)
  const isTrue = multibyte > (isDoubleByte(charset) ? 1 : 0) && !isSevenBit(charset) && !isWide(charset)
  if (isTrue) return guess(bytes.toString('utf8'))
  const text = decodeAs(bytes, charset)
  if (charset === 'windows-1252') return isWestern(bytes) ? said(text) : decodeByLooks(bytes)
  return damage(text) > 0.1 ? better(text, decodeByLooks(bytes)) : said(text)
}

/** The name a decoder knows it by, or null. Names of a part of a charset mean the whole: gb2312 is gb18030. */
export function charsetNamed(label: string): string | null {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
  const known = aliases[name] ?? name
  if (known in special) return known
  try {
    return mended[new TextDecoder(known).encoding] ?? new TextDecoder(known).encoding
  } catch {
    return iconv.encodingExists(known) && !notCharsets.has(known) ? known : null
  }
}

const said = (text: string): Decoded => ({ text, guessed: false })
const guess = (text: string): Decoded => ({ text, guessed: true })

const mended: Record<string, string> = { gbk: 'gb18030' }

const aliases: Record<string, string> = {
  cp936: 'gb18030',
  ms936: 'gb18030',
  'gb2312-80': 'gb18030',
  gb18030_2000: 'gb18030',
  cp932: 'shift_jis',
  'shift-jisx0213': 'shift_jis',
  cp949: 'euc-kr',
  uhc: 'euc-kr',
  ms949: 'euc-kr',
  'x-windows-949': 'euc-kr',
  cp950: 'big5',
  ms950: 'big5',
  cp874: 'windows-874',
  'tis-620-2533': 'windows-874',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'iso-2022-jp-3': 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'unicode-1-1-utf-7': 'utf-7',
  utf7: 'utf-7',
  'hz-gb-2312': 'hz',
  'hz-gb2312': 'hz',
  csiso2022kr: 'iso-2022-kr',
  'utf-8mb4': 'utf-8',
  utf8mb4: 'utf-8',
  '8bit': 'utf-8',
  '646': 'windows-1252',
}

// What iconv-lite offers besides charsets, where bytes that are text would come out as their own code.
const notCharsets = new Set(['base64', 'hex', 'binary', 'utf7imap', 'utf-7-imap', 'internal'])

const isSevenBit = (charset: string | null) =>
  charset === 'utf-7' || charset === 'iso-2022-jp' || charset === 'hz' || charset === 'iso-2022-kr'
const isWide = (charset: string | null) =>
  charset?.startsWith('utf-16') || charset?.startsWith('utf-32') || false
const isDoubleByte = (charset: string) =>
  ['gb18030', 'big5', 'shift_jis', 'euc-kr', 'euc-jp'].includes(charset)

/** Two charsets that switch by escapes and that browsers have given up: the other set is EUC without its high bit. */
const special: Record<string, (bytes: Buffer) => string> = {
  hz: bytes => decodeAs(raise(bytes.toString('latin1'), '~{', '~}'), 'gb18030').replaceAll('~~', '~'),
  'iso-2022-kr': bytes =>
    decodeAs(raise(bytes.toString('latin1').replace('\x1b$)C', ''), '\x0e', '\x0f'), 'euc-kr'),
}

function raise(text: string, on: string, off: string) {
  const pieces = text.split(on)
  const raised = pieces.slice(1).map(piece => {
    const end = piece.indexOf(off)
    const inside = end < 0 ? piece : piece.slice(0, end)
    const bytes = Buffer.from(inside, 'latin1')
    for (const [n, byte] of bytes.entries()) if (byte > 0x20) bytes[n] = byte | 0x80
    return bytes.toString('latin1') + (end < 0 ? '' : piece.slice(end + off.length))
  })
  return Buffer.from(pieces[0] + raised.join(''), 'latin1')
}

function decodeAs(bytes: Buffer, charset: string): string {
  const decode = special[charset]
  if (decode) return decode(bytes)
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return iconv.decode(bytes, charset)
  }
}

function decodeUtf8(bytes: Buffer, multibyte: number): Decoded {
  const text = new TextDecoder('utf-8').decode(bytes)
  if (multibyte >= 0) return said(text)
  return damage(text) > 0.1 ? better(text, decodeByLooks(bytes)) : said(text)
}

function decodeUnlabelled(bytes: Buffer, label: string | null): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return guess(new TextDecoder('utf-16le').decode(bytes))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return guess(new TextDecoder('utf-16be').decode(bytes))
  if (bytes.includes('\x1b$)C')) return guess(decodeAs(bytes, 'iso-2022-kr'))
  if (bytes.includes('\x1b$')) return guess(decodeAs(bytes, 'iso-2022-jp'))
  if (isPlain(bytes)) return { text: bytes.toString('latin1'), guessed: label !== null }
  if (utf8Sequences(bytes) >= 0) return { text: new TextDecoder().decode(bytes), guessed: label !== null }
  return decodeByLooks(bytes)
}

/** Long enough to be sure, short enough that a text of megabytes costs no more than its decoding. */
const sample = 16 * 1024

function decodeByLooks(bytes: Buffer): Decoded {
  const start = bytes.subarray(0, sample)
  const charset = guessCharset(start) ?? singleByteOf(start)
  return guess(decodeAs(bytes, charset))
}

const singleByte = /^(windows-125\d|iso-8859-\d+|koi8-r)$/i

function singleByteOf(bytes: Buffer) {
  const found = chardet
    .analyse(bytes)
    .find(({ name, confidence }) => confidence > 20 && singleByte.test(name))
  return (found && charsetNamed(found.name)) ?? 'windows-1252'
}

/** Whether so few bytes are above ASCII, as in a Western text, that Latin letters with accents explain them. */
function isWestern(bytes: Buffer) {
  let high = 0
  let low = 0
  for (const byte of bytes.subarray(0, sample)) {
    if (byte >= 0x80) high += 1
    else if (byte > 0x40) low += 1
  }
  return high <= low
}

/** Of what is not ASCII, how much could not be read. */
function damage(text: string) {
  let lost = 0
  let beyond = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    beyond += 1
    if (code === 0xfffd) lost += 1
  }
  return beyond === 0 ? 0 : lost / beyond
}

const better = (text: string, other: Decoded) => (damage(other.text) < damage(text) ? other : said(text))

const isPlain = (bytes: Buffer) => {
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at]! >= 0x80) return false
  return true
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * How many characters of several bytes it has as UTF-8, -1 when it is none. Two bytes of GB18030 often make
 * one character of UTF-8 by chance, three hardly, so only those of three and more count double.
 */
function utf8Sequences(bytes: Buffer) {
  // A text cut off within a character is still UTF-8.
  let end = bytes.length
  while (end > 0 && bytes.length - end < 3 && (bytes[end - 1]! & 0xc0) === 0x80) end -= 1
  if (end > 0 && bytes[end - 1]! >= 0xc0) end -= 1
  else end = bytes.length
  const last = bytes.subarray(end)
  const isWhole = last.length === sequenceLength(last[0] ?? 0)
  const judged = isWhole ? bytes : bytes.subarray(0, end)
  try {
    strictUtf8.decode(judged)
  } catch {
    return -1
  }
  let found = 0
  for (let at = 0; at < judged.length && found < 100; at += 1) {
    if (judged[at]! >= 0xe0) found += 2
    else if (judged[at]! >= 0xc0) found += 0.5
  }
  return found
}

const sequenceLength = (lead: number) => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1)
