import type { FastifyInstance } from 'fastify'
import pino from 'pino'

/** Words for what may not stand in a log. As field names they do not compile, and their values are never written. */
type Personal =
  | ('email' | 'phone' | 'text' | 'name' | 'body' | 'query' | 'authorization')
  | ('cookie' | 'token' | 'secret' | 'password')

export type LogFields = { [field: string]: unknown } & { [field in Personal]?: never }

type Line = {
  (message: string): void
  (fields: LogFields, message: string): void
}

export type Logger = Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', Line> & {
  level: string
  child(fields: LogFields): Logger
}

/**
 * Ids, names of code, counts and durations; never what a person wrote or is called. One JSON object a line, or,
 * when a person sits before it, one readable line. Errors keep their kind, code and stack and lose the values
 * that databases like to quote in them.
 */
export function openLog({
  level = 'info',
  isReadable = process.stdout.isTTY === true,
  write = undefined as ((line: string) => void) | undefined,
} = {}): Logger {
  const out = write ?? (isReadable ? (line: string) => process.stdout.write(line) : undefined)
  const destination = out
    ? { write: (line: string) => out(isReadable ? readable(line) : line) }
    : pino.destination(1)
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Ours run in `formatters`; pino's own would see the error before it is stripped.
      serializers: { err: kept => kept },
      formatters: {
        level: label => ({ level: label }),
        log: fields => redact(fields),
      },
      hooks: {
        logMethod(args, method) {
          method.apply(
            this,
            args.map(arg => (typeof arg === 'string' ? withoutAddresses(arg) : arg)) as typeof args,
          )
        },
      },
    },
    destination,
  ) as unknown as Logger
  // Pino lets children be born without the formatters above.
  const { child } = log
  log.child = function (fields) {
    return child.call(this, redact(fields) as LogFields)
  }
  return log
}

/** One line a request, by the route's template: addresses carry ids, searches and tokens. */
export function logRequests(http: FastifyInstance, log: Logger) {
  http.addHook('onResponse', async (request, reply) => {
    const line = {
      reqId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }
    if (quietRoutes.has(line.route)) log.debug(line, 'request')
    else log.info(line, 'request')
  })
}

const quietRoutes = new Set(['/live', '/ready', '/metrics'])

const hiddenLast = new Set(['email', 'phone', 'text', 'name', 'body', 'query', 'ip', 'address', 'url'])
const hiddenAnywhere = new Set([
  'authorization',
  'cookie',
  'cookies',
  'token',
  'secret',
  'secrets',
  'password',
  'headers',
])

function isHidden(field: string) {
  const words = field
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return hiddenLast.has(words.at(-1)!) || words.some(word => hiddenAnywhere.has(word))
}

const redact = (fields: object) => redacted(fields, 0) as Record<string, unknown>

function redacted(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutAddresses(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  if (depth > 4) return '[deep]'
  if (value instanceof Error) return describeError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.slice(0, 20).map(item => redacted(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [
      field,
      isHidden(field) ? '[hidden]' : redacted(item, depth + 1),
    ]),
  )
}

function describeError(error: Error, depth: number): object {
  const { code, table, constraint, outcome, status } = error as Error & Record<string, unknown>
  return {
    type: error.name,
    ...Object.fromEntries(
      Object.entries({ code, table, constraint, outcome, status }).filter(([, value]) => value),
    ),
    message: describeMessage(error.message, code),
    ...(error.cause === undefined ? {} : { cause: redacted(error.cause, depth + 1) }),
    stack: error.stack
      ?.split('\n')
      .filter(line => /^ {4}at /.test(line))
      .join('\n'),
  }
}

/** Drizzle appends the parameters of a failed statement; PostgreSQL quotes a value it cannot read (class 22). */
function describeMessage(message: string, code: unknown) {
  const [statement = ''] = message.split('\nparams:')
  return withoutAddresses(/^22/.test(String(code)) ? statement.replace(/"[^"]*"/g, '"…"') : statement)
}

// Bounded repetition only: what stands here may have been written by anybody.
const withoutAddresses = (text: string) =>
  text
    .slice(0, 4_000)
    .replace(/[^\s@<>"'(),:;=]{1,64}@[^\s@<>"'(),:;=]{1,200}/g, '[email]')
    .replace(/\+\d[\d .()-]{6,20}\d/g, '[phone]')

function readable(line: string) {
  const { level, time, pid: _, msg = '', ...fields } = JSON.parse(line)
  const { stack, ...err } = fields.err ?? {}
  const rest = Object.entries(fields.err ? { ...fields, err: err.message } : fields)
  const pairs = rest.map(
    ([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const words = [time.slice(11, 23), String(level).toUpperCase().padEnd(5), msg, ...pairs]
  // A terminal obeys control characters, and some of this may come from outside.
  const shown = words.join(' ').replace(/\p{C}/gu, ' ')
  return `${shown}\n${stack ? `${stack}\n` : ''}`
}
