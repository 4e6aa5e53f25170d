import net from 'node:net'
import path from 'node:path'
import { z } from 'zod'

/** A reason not to start that the operator can act on: its message is shown alone, without a stack. */
export class CannotStart extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

const cloneDir = path.resolve(import.meta.dirname, '../..')

const port = z.coerce.number().int().min(0).max(65535)

const roles = z
  .string()
  .transform(text => text.split(',').map(word => word.trim()))
  .pipe(z.array(z.enum(['web', 'worker'])).min(1))

const httpAddress = z.url({ protocol: /^https?$/ }).transform(address => address.replace(/\/+$/, ''))

const postgresAddress = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'expected an address such as postgres://user:password@host:5432/afar',
})

const outboundAllow = z.string().transform((text, ctx) =>
  text
    .split(',')
    .filter(Boolean)
    .map(entry => {
      const [, network = '', prefix, port] =
        /^([\da-fA-F.:]+)\/(\d{1,3}):(\d{1,5}|\*)$/.exec(entry.trim()) ?? []
      const bits = { 0: -1, 4: 32, 6: 128 }[net.isIP(network)] ?? -1
      if (!(Number(prefix) <= bits) || Number(port) > 65535) {
        ctx.addIssue({ code: 'custom', message: `expected CIDR:port such as 10.0.0.0/8:443, got ${entry}` })
      }
      return { network, prefix: Number(prefix), port: port === '*' ? undefined : Number(port) }
    }),
)

const settings = z.object({
  AFAR_PORT: port.default(8400),
  AFAR_HOST: z.string().default('127.0.0.1'),
  AFAR_URL: httpAddress.optional(),
  AFAR_DATA_DIR: z.string().default('.afar'),
  AFAR_SECRET: z.string().min(32, 'at least 32 characters are needed').optional(),
  /** Earlier values of AFAR_SECRET, separated by commas: they still open and verify, nothing new is sealed with them. */
  AFAR_SECRET_OLD: z.string().default(''),
  /** Addresses of proxies in front whose X-Forwarded-For is believed: `loopback`, or CIDRs separated by commas. */
  AFAR_TRUST_PROXY: z.string().optional(),
  AFAR_ROLES: roles.prefault('web,worker'),
  AFAR_LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  AFAR_OUTBOUND_ALLOW: outboundAllow.prefault(''),
  /** Where forwarded mail is received by SMTP; closed unless set. */
  AFAR_SMTP_PORT: port.optional(),
  AFAR_SMTP_HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: postgresAddress.optional(),
  TEST_DATABASE_URL: postgresAddress.optional(),
  NODE_ENV: z.string().default('development'),
})

export type Config = ReturnType<typeof readConfig>
export type Role = Config['roles'][number]

/** The only reader of the environment. An empty variable counts as absent; a misspelt AFAR_ one is refused. */
export function readConfig(env: Record<string, string | undefined> = process.env) {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== '' && value !== undefined),
  )
  refuseUnknown(Object.keys(given))

  const read = settings.safeParse(given)
  if (!read.success) {
    const reasons = read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
    throw new CannotStart('bad_settings', `These settings cannot be used. ${reasons.join('; ')}.`)
  }

  const set = read.data
  const isProduction = set.NODE_ENV === 'production'
  if (isProduction && set.DATABASE_URL && !set.AFAR_SECRET) {
    throw new CannotStart(
      'secret_missing',
      'AFAR_SECRET is required in production with DATABASE_URL: every process must share one secret ' +
        'of at least 32 characters, for example from `openssl rand -base64 32`.',
    )
  }

  return {
    port: set.AFAR_PORT,
    host: set.AFAR_HOST,
    url: set.AFAR_URL ?? `http://localhost:${set.AFAR_PORT}`,
    /** Absolute. With the embedded database, `chooseDataFolder` may have to choose another. */
    dataDir: path.resolve(cloneDir, set.AFAR_DATA_DIR),
    /** Absent: `readSecret(dataDir)` generates and keeps one. */
    secret: set.AFAR_SECRET,
    olderSecrets: set.AFAR_SECRET_OLD.split(',').filter(Boolean),
    trustProxy: set.AFAR_TRUST_PROXY,
    databaseUrl: set.DATABASE_URL,
    testDatabaseUrl: set.TEST_DATABASE_URL,
    roles: set.AFAR_ROLES,
    logLevel: set.AFAR_LOG_LEVEL,
    outboundAllow: set.AFAR_OUTBOUND_ALLOW,
    ports: {
      smtp:
        set.AFAR_SMTP_PORT === undefined ? undefined : { port: set.AFAR_SMTP_PORT, host: set.AFAR_SMTP_HOST },
    },
    isProduction,
  }
}

function refuseUnknown(names: string[]) {
  const known = Object.keys(settings.shape)
  const unknown = names.filter(name => name.startsWith('AFAR_') && !known.includes(name))
  if (unknown.length === 0) return
  throw new CannotStart(
    'unknown_setting',
    `Afar does not know ${unknown.join(', ')}. The settings are ${known.join(', ')}.`,
  )
}
