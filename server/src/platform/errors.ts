/**
 * What the caller can act on. `code` is stable and part of the API; `message` is English prose for
 * developers, people read the console's translation of the code. Everything else thrown becomes a 500.
 */
export class Refusal extends Error {
  status: number
  code: string
  details: unknown
  retryAfterSeconds: number | undefined

  constructor(status: number, code: string, message: string, details?: unknown, retryAfterSeconds?: number) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.code = code
    this.details = details
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export const unauthorized = (code = 'not_signed_in', message = 'Sign in first.') =>
  new Refusal(401, code, message)
export const forbidden = (code: string, message: string) => new Refusal(403, code, message)
export const notFound = (noun: string) =>
  new Refusal(404, `${noun}_not_found`, `There is no such ${noun.replaceAll('_', ' ')}.`)
export const conflict = (code: string, message: string, details?: unknown) =>
  new Refusal(409, code, message, details)
export const invalid = (code: string, message: string, details?: unknown) =>
  new Refusal(422, code, message, details)
export const tooMany = (retryAfterSeconds: number) =>
  new Refusal(429, 'too_many_requests', 'Too many requests; try again later.', undefined, retryAfterSeconds)
export const unavailable = (code: string, message: string, retryAfterSeconds = 2) =>
  new Refusal(503, code, message, undefined, retryAfterSeconds)

export function found<T>(row: T | undefined | null, noun: string): T {
  if (row === undefined || row === null) throw notFound(noun)
  return row
}

/** Connection lost or refused, server shutting down or starting, no connection free in time. A file that is missing is none of it; a socket is. */
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08001',
  '08003',
])

export function isDatabaseAway(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code = '', syscall } = e as NodeJS.ErrnoException
    if (awayCodes.has(code) || (code === 'ENOENT' && syscall === 'connect')) return true
    if (
      /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout/.test(
        e.message,
      )
    )
      return true
  }
  return false
}

/** What went wrong, for a person to read: the database's own words, without the values of the statement. */
export function reasonOf(error: unknown): string {
  for (let e = error; e instanceof Error; e = e.cause)
    if (!(e.cause instanceof Error)) return `${e.name}: ${e.message}`
  return String(error)
}

const sqlState = (error: unknown): string | undefined => {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as { code?: string }
    if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return code
  }
  return undefined
}

/** Two transactions met; running the work again is right and enough. */
export const isCollision = (error: unknown) => ['40001', '40P01'].includes(sqlState(error) ?? '')

/** Only this means "exists already"; every other database error is an error. */
/** Something that is kept still refers to it. */
export const isForeignKeyViolation = (error: unknown) => sqlState(error) === '23503'

export const isUniqueViolation = (error: unknown) => sqlState(error) === '23505'

/** A statement or lock took longer than it may. */
export const isTimeout = (error: unknown) => ['57014', '55P03'].includes(sqlState(error) ?? '')
