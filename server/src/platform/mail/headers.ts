import { charsetNamed, decodeBytes } from './charsets.ts'
import { decodeWords } from './header-words.ts'
import type { Header } from './mail.ts'

export const mostHeaders = 1_000
export const mostHeaderCharacters = 64 * 1024

export type HeaderBlock = {
  headers: Header[]
  /** What stands in the block but is text: a mailer forgot the empty line. */
  bodyFrom: number | null
  findings: string[]
}

/**
 * The headers of one part, up to and without its empty line. Bytes beyond ASCII are read as UTF-8, else in the
 * charset the part declares, else by their looks. `raw` keeps folds and encoded words.
 */
export function readHeaders(block: Buffer): HeaderBlock {
  const findings = new Set<string>()
  const headers: Header[] = []
  const { fields, bodyFrom } = fieldsOf(block)
  if (fields.length > mostHeaders) findings.add('headers_too_many')
  const charset = declaredCharset(block)
  for (const field of fields.slice(0, mostHeaders)) {
    const { text, guessed } = decodeBytes(field.bytes.subarray(0, mostHeaderCharacters), charset)
    if (field.bytes.length > mostHeaderCharacters) findings.add('header_too_long')
    if (guessed) findings.add('charset_guessed')
    const raw = text.slice(text.indexOf(':') + 1)
    headers.push({ name: field.name, value: decodeWords(unfold(raw)), raw: raw.trim() })
  }
  if (fields.some(({ isBroken }) => isBroken)) findings.add('header_broken')
  return { headers, bodyFrom, findings: [...findings] }
}

/** The value of the first header of this name, which is given in lower case. */
export const headerOf = (headers: readonly Header[], name: string) =>
  headers.find(header => header.name.toLowerCase() === name)?.value ?? null

export const headersOf = (headers: readonly Header[], name: string) =>
  headers.filter(header => header.name.toLowerCase() === name)

/** A fold is a line break before a blank (RFC 5322, 2.2.3); what breaks without one is joined as well. */
export const unfold = (raw: string) =>
  raw
    .replace(/[\r\n]+[ \t]?/g, ' ')
    .replaceAll('\0', '')
    .trim()

type Field = { name: string; bytes: Buffer; isBroken: boolean }

/**
 * A line that is neither header nor fold: where headers follow it, a broken fold; where none do, the text
 * begins there.
 */
function fieldsOf(block: Buffer): { fields: Field[]; bodyFrom: number | null } {
  const lines = linesOf(block)
  const last = lines.findLastIndex(({ name }) => name !== null)
  const fields: Field[] = []
  let open: { name: string; start: number; isBroken: boolean } | null = null
  const close = (end: number) => {
    if (open)
      fields.push({ name: open.name, bytes: block.subarray(open.start, end), isBroken: open.isBroken })
  }
  for (const [n, line] of lines.entries()) {
    if (line.name !== null) {
      close(line.start)
      open = { name: line.name, start: line.start, isBroken: false }
    } else if (!line.isFold && n > last && !(n === 0 && line.isEnvelope)) {
      close(line.start)
      return { fields, bodyFrom: line.start }
    } else if (!line.isFold && open) open.isBroken = true
  }
  close(block.length)
  return { fields, bodyFrom: null }
}

type Line = { start: number; name: string | null; isFold: boolean; isEnvelope: boolean }

function linesOf(block: Buffer): Line[] {
  const lines: Line[] = []
  for (let start = 0; start < block.length; ) {
    const newline = block.indexOf(0x0a, start)
    const end = newline < 0 ? block.length : newline + 1
    const head = block.toString('latin1', start, Math.min(end, start + longestName))
    const isEnvelope = /^>?From /.test(head)
    const name = isEnvelope ? null : (/^([!-9;-~]+)[ \t]*:/.exec(head)?.[1] ?? null)
    lines.push({ start, name, isFold: /^[ \t]/.test(head), isEnvelope })
    start = end
  }
  return lines
}

const longestName = 100

/** UTF-8 is tried before it anyway; ASCII says nothing about bytes beyond it. */
function declaredCharset(block: Buffer) {
  const text = block.toString('latin1', 0, mostHeaderCharacters)
  const named = /\bcharset\*?="?([\w.:-]{1,40})/i.exec(text)?.[1]
  return named && !/ascii|utf-?8|8859-1$/i.test(named) && charsetNamed(named) ? named : null
}
