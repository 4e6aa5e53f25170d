import { headerOf, readHeaders } from './headers.ts'
import type { Header } from './mail.ts'
import { type Parameters, readParameters } from './parameters.ts'

export type Head = Parameters & { headers: Header[]; within: readonly string[]; isPreamble: boolean }

/** A leaf comes as its head, any number of pieces of its body, still encoded for transfer, and its end. */
export type Piece = { kind: 'head'; head: Head } | { kind: 'body'; bytes: Buffer } | { kind: 'end' }

export type Splitter = {
  read(bytes: Buffer): Generator<Piece>
  end(): Generator<Piece>
  headers: Header[]
  findings: Set<string>
}

export type SplitterCaps = { mostParts: number; mostLevels: number; mostHeaderBytes: number }

export const caps: SplitterCaps = { mostParts: 1_000, mostLevels: 20, mostHeaderBytes: 512 * 1024 }

/**
 * Cuts a mail at its delimiters (RFC 2046) as its bytes arrive. Forgives what is often broken: an inner
 * multipart that is never closed, blanks after a delimiter, parts after the last delimiter, a boundary that
 * never comes (its preamble is then all there is). Past a cap it descends no further, and never throws.
 */
export function openSplitter({ mostParts, mostLevels, mostHeaderBytes }: SplitterCaps = caps): Splitter {
  const levels: Level[] = []
  const findings = new Set<string>()
  const splitter: Splitter = { read, end, headers: [], findings }
  let state: 'head' | 'body' | 'outside' | 'done' = 'head'
  let isRoot = true
  let parts = 0
  let held: Buffer = nothing
  let isLineStart = true
  let lines: Buffer[] = []
  let headBytes = 0

  return splitter

  function* read(bytes: Buffer) {
    yield* scan(held.length > 0 ? Buffer.concat([held, bytes]) : bytes, false)
  }

  function* end() {
    yield* scan(held, true)
    if (state === 'head') yield* finishHead()
    if (state === 'body') yield { kind: 'end' as const }
    state = 'done'
  }

  function* scan(all: Buffer, isFinal: boolean): Generator<Piece> {
    held = nothing
    let at = 0
    while (at < all.length && state !== 'done') {
      const next: number =
        state === 'head' ? yield* readHead(all, at, isFinal) : yield* readBody(all, at, isFinal)
      if (next === at) break
      at = next
    }
    if (state !== 'done') held = all.subarray(at)
  }

  function* readHead(all: Buffer, at: number, isFinal: boolean): Generator<Piece, number> {
    const newline = all.indexOf(0x0a, at)
    if (newline < 0 && !isFinal && all.length - at < mostHeaderBytes) return at
    const end = newline < 0 ? all.length : newline + 1
    const line = all.subarray(at, end)
    const delimiter = isLineStart ? delimiterIn(line) : null
    isLineStart = newline >= 0
    if (delimiter) {
      yield* finishHead()
      yield* turn(delimiter)
    } else if (line.length <= 2 && line.toString('latin1').trim() === '' && newline >= 0) yield* finishHead()
    else {
      headBytes += line.length
      if (headBytes <= mostHeaderBytes) lines.push(line)
      else findings.add('headers_too_large')
    }
    return end
  }

  function* finishHead(): Generator<Piece> {
    // A copy, since a line kept as it lies keeps the whole piece of the mail it came in.
    const block = Buffer.concat(lines)
    lines = []
    headBytes = 0
    const { headers, bodyFrom, findings: broken } = readHeaders(block)
    for (const finding of broken) findings.add(finding)
    if (isRoot) splitter.headers = headers
    isRoot = false
    const within = levels.map(level => level.type)
    const head = { ...contentOf(headers, within), headers, within, isPreamble: false }
    const boundary = head.parameters.boundary?.trimEnd()
    const isMultipart = head.value.startsWith('multipart/')
    if (isMultipart && boundary && levels.length < mostLevels) {
      levels.push({ boundary: Buffer.from(boundary).toString('latin1'), type: head.value })
      yield* open({ ...head, value: 'text/plain', isPreamble: true })
    } else {
      if (isMultipart) findings.add(boundary ? 'nested_too_deep' : 'boundary_missing')
      yield* open(isMultipart && !boundary ? { ...head, value: 'text/plain' } : head)
    }
    if (bodyFrom === null) return
    findings.add('header_broken')
    // The empty line that ended the block belongs to the text as well.
    yield { kind: 'body', bytes: Buffer.concat([block.subarray(bodyFrom), Buffer.from('\r\n')]) }
  }

  function* open(head: Head): Generator<Piece> {
    if (!head.isPreamble) parts += 1
    state = 'body'
    isLineStart = true
    yield { kind: 'head', head }
  }

  function* readBody(all: Buffer, at: number, isFinal: boolean): Generator<Piece, number> {
    if (levels.length === 0) {
      yield* emit(all.subarray(at))
      return all.length
    }
    // Only where a body begins is there no line break before a delimiter.
    if (isLineStart && !isFinal && all.length - at < 2) return at
    let from = at
    for (;;) {
      const isFirst = isLineStart && from === at && startsDelimiter(all, at)
      const lineBreak = isFirst ? at - 1 : all.indexOf('\n--', from)
      if (lineBreak < 0 && !isFirst) break
      const start = lineBreak + 1
      const newline = all.indexOf(0x0a, start)
      const end = newline < 0 ? all.length : newline + 1
      const isCut = newline < 0 && !isFinal && all.length - start <= longestDelimiter
      const delimiter = isCut ? null : delimiterIn(all.subarray(start, end))
      if (isCut || delimiter) {
        // The line break before a delimiter is its own.
        const bodyEnd = Math.max(at, lineBreakBefore(all, start))
        yield* emit(all.subarray(at, bodyEnd))
        if (isCut) return bodyEnd
        yield* turn(delimiter!)
        return end
      }
      if (newline < 0) break
      from = newline
      if (start === at) isLineStart = false
    }
    const safe = isFinal ? all.length : safeEnd(all, at)
    yield* emit(all.subarray(at, safe))
    return safe
  }

  function* emit(bytes: Buffer): Generator<Piece> {
    if (bytes.length === 0) return
    isLineStart = false
    if (state === 'body') yield { kind: 'body', bytes }
  }

  function* turn({ level, isClosing }: Delimiter): Generator<Piece> {
    if (state === 'body') yield { kind: 'end' }
    levels.length = level + 1
    state = isClosing ? 'outside' : 'head'
    isLineStart = true
    if (parts < mostParts || isClosing) return
    findings.add('parts_too_many')
    state = 'done'
  }

  function delimiterIn(line: Buffer): Delimiter | null {
    if (line.length < 3 || line.length > longestDelimiter || !startsDelimiter(line, 0)) return null
    const text = line.toString('latin1', 2).trimEnd()
    for (let level = levels.length - 1; level >= 0; level -= 1) {
      const { boundary } = levels[level]!
      if (text === boundary) return { level, isClosing: false }
      if (text === `${boundary}--`) return { level, isClosing: true }
    }
    return null
  }
}

type Level = { boundary: string; type: string }
type Delimiter = { level: number; isClosing: boolean }

const nothing = Buffer.alloc(0)

// RFC 2046 allows a boundary of 70 characters; nobody needs more than this.
const longestDelimiter = 2_000

const startsDelimiter = (bytes: Buffer, at: number) => bytes[at] === 0x2d && bytes[at + 1] === 0x2d

function lineBreakBefore(bytes: Buffer, start: number) {
  if (bytes[start - 1] !== 0x0a) return start
  return bytes[start - 2] === 0x0d ? start - 2 : start - 1
}

/** How far a body may be passed on while the beginning of a delimiter may stand at its end. */
function safeEnd(all: Buffer, at: number) {
  const length = all.length
  for (const tail of ['\r\n-', '\n-', '\r\n', '\n', '\r']) {
    if (length - tail.length >= at && all.toString('latin1', length - tail.length) === tail)
      return length - tail.length
  }
  return length
}

/** Within a digest a part is a mail unless it says otherwise (RFC 2046, 5.1.5). */
function contentOf(headers: Header[], within: readonly string[]): Parameters {
  const declared = headers.find(header => header.name.toLowerCase() === 'content-type')
  const usual = within.at(-1) === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  if (!declared || headerOf(headers, 'content-type') === '') return { value: usual, parameters: {} }
  return readParameters(declared.raw.replace(/[\r\n]+[ \t]?/g, ' '))
}
