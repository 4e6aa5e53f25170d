import type net from 'node:net'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Outbound } from '../../../platform/outbound.ts'
import { MailFailure } from './failures.ts'
import type { Login } from './imap-session.ts'
import type { MailServer } from './settings.ts'

export type SmtpSession = SMTPConnection

export type SmtpServer = MailServer & {
  /** What we call ourselves. */
  name: string
  login: Login | null
}

const connectMs = 15_000
const silentMs = 45_000

/** A session that is logged in, on a connection the outbound client opened to a checked address. */
export async function openSmtp(outbound: Outbound, server: SmtpServer): Promise<SmtpSession> {
  const { default: SMTPConnection } = await import('nodemailer/lib/smtp-connection')
  const { host, port, security, name } = server
  const connection = await outbound.connect(host, port, { timeoutMs: connectMs })
  const session = new SMTPConnection({
    connection,
    host,
    port,
    name,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, servername: servernameOf(host, connection) },
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silentMs,
    socketCloseTimeout: 1_000,
    logger: false,
  })
  // An error that comes when nobody waits any more must not end the process.
  session.on('error', () => {})
  try {
    await step(session, done => session.connect(done))
    if (server.login && session.allowsAuth) await signIn(session, server.login)
    return session
  } catch (error) {
    session.close()
    throw error
  }
}

/** One exchange; whatever ends the connection meanwhile ends it too. */
export function step<T>(
  session: SmtpSession,
  run: (done: (error?: Error | null, answer?: T) => void) => void,
) {
  return new Promise<T>((resolve, reject) => {
    const ended = () => reject(new MailFailure('disconnected', 'The connection was closed.'))
    session.once('error', reject).once('end', ended)
    run((error, answer) => {
      session.off('error', reject).off('end', ended)
      if (error) reject(error)
      else resolve(answer as T)
    })
  })
}

function signIn(session: SmtpSession, login: Login) {
  if ('pass' in login) {
    const { user, pass } = login
    return step(session, done => session.login({ user, pass, credentials: { user, pass } }, done))
  }
  const { user, accessToken } = login
  const oauth2 = {
    getToken: (_isRetry: boolean, done: (error: Error | null, token: string) => void) =>
      done(null, accessToken),
    buildXOAuth2Token: (token: string) =>
      Buffer.from(`user=${user}\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64'),
  }
  return step(session, done => session.login({ method: 'XOAUTH2', user, oauth2: oauth2 as never }, done))
}

/** For an address there is no name to ask for. */
const servernameOf = (host: string, { remoteAddress }: net.Socket) =>
  host === remoteAddress ? undefined : host
