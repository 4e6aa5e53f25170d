import type { Segment } from './mail.ts'
import {
  findAttribution,
  isForwardLine,
  isHeaderBlock,
  isOriginalLine,
  isRule,
  type Line,
} from './reply-headers.ts'
import { isSignatureDelimiter, isSignatureLine } from './signatures.ts'

type Kind = Segment['kind']
type TextLine = Line & { start: number; kind: Kind }

/**
 * Tells what the writer said from what was quoted or signed, line by line and in linear time; all segments joined
 * are the text. Answers between quoted lines stay said, a forwarded mail is what the writer wants read, and a text
 * of nothing but quote is given back as said. When unsure, a line is said: hiding a customer's word costs more
 * than showing a quote.
 */
export function foldText(text: string): Segment[] {
  const lines = linesOf(text)
  const end = markTail(lines)
  markQuoted(lines, end)
  markSignatures(lines, end)
  if (!lines.some(line => line.kind === 'said' && line.text !== '')) {
    return text === '' ? [] : [{ kind: 'said', text }]
  }
  return segmentsOf(text, lines)
}

/** Marks attributions, and all from a quoted mail's header on. Gives the line up to which single quotes may be looked for. */
function markTail(lines: TextLine[]) {
  let saidCharacters = 0
  let room = mostAttributions
  for (const [at, line] of lines.entries()) {
    if (line.text === '' || line.isQuoted) continue
    if (isForwardLine(line.text)) {
      if (saidCharacters <= littleSaid) return at
      return mark(lines, at, lines.length)
    }
    if (isOriginalLine(line.text) || isHeaderBlock(lines, at)) {
      return mark(lines, withRule(lines, at), lines.length)
    }
    const next = nextFilled(lines, at + 1)
    const quoteFollows = lines[next]?.isQuoted ?? false
    const mayEnd = quoteFollows || /[:：\-*_]$/.test(line.text)
    const attribution = mayEnd && room > 0 ? findAttribution(lines, at, quoteFollows) : null
    if (mayEnd) room -= 1
    if (attribution && quoteFollows) mark(lines, attribution.from, next)
    else if (attribution?.isCertain) return mark(lines, attribution.from, lines.length)
    saidCharacters += line.text.length
  }
  return lines.length
}

/** Lines with `>`, the blank ones after them, and the links a program broke out of them. */
function markQuoted(lines: TextLine[], end: number) {
  const quoted = lines.slice(0, end).filter(line => line.isQuoted)
  // One marked line alone, under no attribution, may be an ornament: `>>> our shop <<<`.
  const isOrnament = quoted.length === 1
  for (let at = 0; at < end; at += 1) {
    const line = lines[at]!
    const before = lines[at - 1]
    if (line.isQuoted && (!isOrnament || isAfterQuote(lines, at))) line.kind = 'quote'
    else if (line.kind !== 'said' || before?.kind !== 'quote') continue
    else if (line.text === '' || (isLink(line.text) && lines[at + 1]?.isQuoted)) line.kind = 'quote'
  }
}

function isAfterQuote(lines: TextLine[], at: number) {
  let before = at - 1
  while (lines[before]?.text === '') before -= 1
  return lines[before]?.kind === 'quote'
}

const isLink = (text: string) => /^[(<[]?(?:https?:|mailto:|www\.)\S+( ?>)?$/.test(text)

function markSignatures(lines: TextLine[], end: number) {
  for (let at = 0; at < end; at += 1) {
    const line = lines[at]!
    if (line.kind !== 'said' || line.text === '') continue
    const isDelimiter = isSignatureDelimiter(line.text)
    if (!isDelimiter && !isSignatureLine(line.text)) continue
    let stop = at + 1
    let filled = 0
    while (stop < end && lines[stop]!.kind === 'said' && filled <= mostSignatureLines) {
      if (lines[stop]!.text !== '') {
        if (!isDelimiter) break
        filled += 1
      }
      stop += 1
    }
    if (isDelimiter && (filled === 0 || filled > mostSignatureLines)) continue
    for (let signed = at; signed < stop; signed += 1) lines[signed]!.kind = 'signature'
    at = stop - 1
  }
}

function mark(lines: TextLine[], from: number, to: number) {
  for (let at = from; at < to; at += 1) lines[at]!.kind = 'quote'
  return to
}

/** The line drawn above a quoted header belongs to it. */
function withRule(lines: TextLine[], at: number) {
  let above = at - 1
  while (lines[above]?.text === '') above -= 1
  const line = lines[above]
  return line && isRule(line.text) ? above : at
}

function nextFilled(lines: TextLine[], from: number) {
  let at = from
  while (at < lines.length && at < from + 5 && lines[at]!.text === '') at += 1
  return at
}

function segmentsOf(text: string, lines: TextLine[]) {
  const segments: Segment[] = []
  for (const [at, { start, kind }] of lines.entries()) {
    const piece = text.slice(start, lines[at + 1]?.start)
    const last = segments.at(-1)
    if (last?.kind === kind) last.text += piece
    else segments.push({ kind, text: piece })
  }
  return segments
}

/** The last line holds all that is beyond the most; of a long line only its beginning and end are looked at. */
function linesOf(text: string) {
  const lines: TextLine[] = []
  let start = 0
  while (start < text.length) {
    const isLast = lines.length === mostLines
    const newline = isLast ? -1 : text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline + 1
    const raw = shortened(text, start, end)
    const cut = raw.length === end - start ? innerAttribution(raw) : 0
    if (cut > 0) lines.push(lineOf(raw.slice(0, cut), start))
    const line = lineOf(raw.slice(cut), start + cut)
    if (line.isQuoted && endsAttribution(line.text, lines)) line.isQuoted = false
    lines.push(line)
    start = end
  }
  return lines
}

function lineOf(raw: string, start: number): TextLine {
  const text = raw.replace(directions, '').trim()
  return { start, text, isQuoted: /^[>＞]/.test(text), kind: 'said' }
}

const shortened = (text: string, start: number, end: number) =>
  end - start <= longestLine
    ? text.slice(start, end)
    : text.slice(start, start + 500) + text.slice(end - 500, end)

/** Some programs begin it on the last line of the answer: `Thanks--- On Wed, Jane wrote:`. */
function innerAttribution(raw: string) {
  const dashes = raw.indexOf('--- On ')
  if (dashes <= 0 || !/[\p{L}\p{N}.!?)]\s*$/u.test(raw.slice(0, dashes))) return 0
  return isColonEnded(raw.trimEnd()) ? dashes : 0
}

/** Gmail breaks the line before the bracket that closes the address, and `> wrote:` looks quoted then. */
function endsAttribution(text: string, lines: TextLine[]) {
  if (text.length > 60 || !isColonEnded(text)) return false
  let above = lines.length - 1
  while (above > lines.length - 4 && lines[above]?.text === '') above -= 1
  const before = lines[above]
  return before !== undefined && !before.isQuoted && before.text.length < 300 && before.text.includes('@')
}

const isColonEnded = (text: string) => text.endsWith(':') || text.endsWith('：')

// Apple Mail and Gmail put these around names and dates of right-to-left languages.
const directions = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

const littleSaid = 400
const longestLine = 1_000
// More than any mail written by people; bounds the work on one made to cost some.
const mostLines = 10_000
const mostAttributions = 200
const mostSignatureLines = 15
