import type { z } from 'zod'
import { type Outbound, type OutboundAnswer, OutboundError } from '../../../platform/outbound.ts'
import type { Piece } from './pieces.ts'

/** Whom to ask, and by which key. */
export type Account = { baseUrl: string; model: string | null; key: string }

export type Asked = {
  /** At most 40 texts of 20,000 characters together. */
  texts: readonly Piece[][]
  /** ISO 639-1; null where the service has to find out. */
  from: string | null
  to: string
  /** Terms with one right translation, for services that take them. */
  glossary: readonly { term: string; translation: string }[]
  /** What was said before, for the sense of it; not translated. */
  context: string
}

export type Usage = { characters: number; inputTokens: number; outputTokens: number }

export type Answered = {
  texts: Piece[][]
  /** As the service found it, of each text. */
  languages: (string | null)[]
  usage: Usage
}

/** One service of translation: how it is asked over the wire. It throws a `ProviderFailure` and nothing else. */
export type TranslationProvider = {
  /** Puts terms into the sentence by itself; elsewhere they are put in afterwards, uninflected. */
  takesGlossary: boolean
  takesKey: 'always' | 'maybe'
  /** The most it can cost to ask this. */
  estimate(asked: Asked): Usage
  translate(outbound: Outbound, account: Account, asked: Asked, timeoutMs: number): Promise<Answered>
}

export const failureCodes = [
  'unreachable',
  'no_answer',
  'not_allowed',
  'busy',
  'quota',
  'key_refused',
  'request_refused',
  'server_error',
  'bad_answer',
] as const
export type FailureCode = (typeof failureCodes)[number]

/** `isCharged`: the service may have done the work all the same. */
export class ProviderFailure extends Error {
  readonly code: FailureCode
  readonly isCharged: boolean
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: FailureCode,
    { isCharged = false, retryAfterSeconds = undefined as number | undefined } = {},
  ) {
    super(`A service of translation failed: ${code}.`)
    this.name = 'ProviderFailure'
    this.code = code
    this.isCharged = isCharged
    this.retryAfterSeconds = retryAfterSeconds
  }
}

const mostBytes = 2_000_000

/** Posts JSON and reads JSON of a shape; whatever else comes back is a failure. */
export async function post<S extends z.ZodType>(
  outbound: Outbound,
  {
    url,
    headers,
    body,
    timeoutMs,
  }: { url: string; headers: Record<string, string>; body: unknown; timeoutMs: number },
  shape: S,
): Promise<z.output<S>> {
  const answer = await send(outbound, {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    timeoutMs,
    maxBytes: mostBytes,
  })
  if (answer.status !== 200) throw failureOf(answer)
  const read = shape.safeParse(readJson(answer.body.toString('utf8')))
  if (!read.success) throw new ProviderFailure('bad_answer', { isCharged: true })
  return read.data
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function send(outbound: Outbound, request: Parameters<Outbound['request']>[0]) {
  try {
    return await outbound.request(request)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    if (error.outcome === 'refused') throw new ProviderFailure('not_allowed')
    if (error.outcome === 'not_sent') throw new ProviderFailure('unreachable')
    throw new ProviderFailure(error.code === 'answer_too_large' ? 'bad_answer' : 'no_answer', {
      isCharged: true,
    })
  }
}

function failureOf({ status, headers, body }: OutboundAnswer) {
  const isQuota =
    status === 456 || /quota|dailyLimitExceeded|insufficient_/.test(body.toString('utf8', 0, 4_000))
  if (isQuota) return new ProviderFailure('quota')
  if (status === 429 || status === 529 || status === 503)
    return new ProviderFailure('busy', { retryAfterSeconds: secondsOf(headers['retry-after']) })
  if (status === 401 || status === 403) return new ProviderFailure('key_refused')
  return new ProviderFailure(status >= 500 ? 'server_error' : 'request_refused')
}

/** Only the seconds of RFC 9110 §10.2.3; a date there would be by their clock. */
const secondsOf = (header: string | undefined) =>
  header && /^\d{1,6}$/.test(header) ? Number(header) : undefined

export const addressOf = (baseUrl: string, path: string) => baseUrl.replace(/\/+$/, '') + path

/** Reads back what `open` and `close` enclose as numbers, and the rest as text. Null where it is not of that form. */
export function decode(
  text: string,
  open: string,
  close: string,
  read = (plain: string) => plain,
): Piece[] | null {
  const pieces: Piece[] = []
  for (let at = 0; at < text.length; ) {
    const start = text.indexOf(open, at)
    const end = start < 0 ? text.length : start
    if (end > at) pieces.push(read(text.slice(at, end)))
    if (start < 0) break
    const from = start + open.length
    const until = text.indexOf(close, from)
    const number = until < 0 || until - from > 12 ? '' : text.slice(from, until).trim()
    if (!/^\d{1,5}$/.test(number)) return null
    pieces.push(Number(number))
    at = until + close.length
  }
  return pieces
}

/** A decoded answer of as many texts as were asked for. */
export function wholeAnswer(texts: (Piece[] | null)[], asked: Asked): Piece[][] {
  if (texts.length !== asked.texts.length) throw new ProviderFailure('bad_answer', { isCharged: true })
  // What could not be read back is given on as nothing: the check of this one text then refuses it.
  return texts.map(pieces => pieces ?? [])
}

export const noUsage: Usage = { characters: 0, inputTokens: 0, outputTokens: 0 }
