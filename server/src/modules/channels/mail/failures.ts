import { Refusal } from '../../../platform/errors.ts'
import { OutboundError } from '../../../platform/outbound.ts'

/** Stable words the console translates; `detail` is what the server or the machine said. */
export const failureCodes = [
  'login_refused',
  'credentials_missing',
  'token_expired',
  'token_refused',
  'host_not_found',
  'address_not_allowed',
  'unreachable',
  'certificate_invalid',
  'encryption_missing',
  'encryption_mismatch',
  'folder_missing',
  'move_folder_missing',
  'server_refused',
  'server_busy',
  'disconnected',
  'disk_full',
  'failed',
] as const
export type FailureCode = (typeof failureCodes)[number]
export type Failure = { code: FailureCode; detail: string }

/** Thrown by our own checks, where the code is known already. */
export class MailFailure extends Error {
  readonly code: FailureCode

  constructor(code: FailureCode, detail: string, cause?: unknown) {
    super(detail, { cause })
    this.name = 'MailFailure'
    this.code = code
  }
}

/** What went wrong with a mail server, told from whatever imapflow, nodemailer, TLS or the system threw. */
export function failureOf(error: unknown): Failure {
  const detail = wordsOf(error)
  if (error instanceof MailFailure) return { code: error.code, detail }
  for (let e = error; e instanceof Error; e = e.cause) {
    const code = codeOf(e as Thrown)
    if (code) return { code, detail }
  }
  return { code: 'failed', detail }
}

type Thrown = Error & {
  code?: string
  authenticationFailed?: boolean
  tlsFailed?: boolean
  serverResponseCode?: string
  responseStatus?: string
  responseText?: string
  response?: unknown
}

function codeOf(error: Thrown): FailureCode | undefined {
  const { code = '', serverResponseCode = '' } = error
  if (error instanceof OutboundError && error.outcome === 'refused') return 'address_not_allowed'
  if (error instanceof Refusal && error.code === 'disk_full') return 'disk_full'
  if (['UNAVAILABLE', 'INUSE', 'LIMIT', 'OVERQUOTA'].includes(serverResponseCode)) return 'server_busy'
  if (error.authenticationFailed || code === 'EAUTH') return 'login_refused'
  if (certificateCodes.test(code)) return 'certificate_invalid'
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return 'encryption_mismatch'
  if (code === 'GREETING_TIMEOUT' || code === 'EGREETING') return 'encryption_mismatch'
  if (error.tlsFailed || code === 'ETLS') {
    return /self.signed|certificate|altname/i.test(error.message)
      ? 'certificate_invalid'
      : 'encryption_missing'
  }
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME', 'EDNS'].includes(code)) return 'host_not_found'
  if (unreachableCodes.has(code) || (error instanceof DOMException && error.name === 'TimeoutError'))
    return 'unreachable'
  if (lostCodes.has(code)) return 'disconnected'
  if (error.responseStatus === 'NO' || error.responseStatus === 'BAD') return 'server_refused'
  // An outbound error says no more than this, unless its cause did.
  return error instanceof OutboundError && !error.cause ? 'unreachable' : undefined
}

const certificateCodes =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET)_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|CRL_)/
const unreachableCodes = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'CONNECT_TIMEOUT',
])
const lostCodes = new Set([
  'NoConnection',
  'EConnectionClosed',
  'ECONNRESET',
  'EPIPE',
  'ETIMEOUT',
  'ECONNECTION',
  'ESOCKET',
  'ClosedAfterConnectTLS',
  'ClosedAfterConnectText',
  'ERR_STREAM_PREMATURE_CLOSE',
])

/** The server's words where there are any. Bounded, and without what a database cannot keep. */
function wordsOf(error: unknown): string {
  const { response, responseText, message } = (error ?? {}) as Thrown
  const said = typeof response === 'string' && response ? response : responseText || message || String(error)
  const cause =
    error instanceof OutboundError && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return `${said}${cause}`.replaceAll('\u0000', '').slice(0, 500)
}
