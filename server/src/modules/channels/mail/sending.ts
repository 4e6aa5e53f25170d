import { PassThrough, Readable } from 'node:stream'
import { system } from '../../../platform/context.ts'
import { OutboundError } from '../../../platform/outbound.ts'
import { transact, type Workplace } from '../../../platform/work.ts'
import type { RefusedRecipient, SendResult } from '../adapter.ts'
import { type Failure, failureOf } from './failures.ts'
import { openFolder, openImap } from './imap-session.ts'
import { imapLogin, type MailAccount, smtpLogin } from './login.ts'
import { noteSent } from './mailbox-state.ts'
import { type Borrowed, borrowSmtp } from './smtp-pool.ts'
import { step } from './smtp-session.ts'

/** A mail that is composed already, and whom it goes to; who sees whom is not our business here. */
export type MailToSend = {
  envelope: { from: string; to: readonly string[] }
  source: Readable | Buffer
  size?: number
}

/** What became of it. Who was refused while others were not is told beside `done`. */
export type MailResult = SendResult & { refusedRecipients?: RefusedRecipient[] }

/** Shorter than a delivery's lease: who sends longer counts as dead. */
const longestMs = 540_000

/**
 * Hands a mail to the server it goes out by. Until the final dot is written nothing was sent, and any failure
 * is `later`; from then on only the server's answer tells, and without one it is `uncertain`. A server's no is
 * a no at any time: 4xx `later`, 5xx `refused`.
 */
export async function sendMail(
  place: Pick<Workplace, 'outbound' | 'url'> & { place: Workplace },
  account: MailAccount,
  { envelope, source, size }: MailToSend,
  { deadlineMs = longestMs } = {},
): Promise<MailResult> {
  const server = account.settings.smtp
  if (!server) return { outcome: 'refused', reason: 'no_smtp_server' }
  const odd = [envelope.from, ...envelope.to].find(address => !isPlainAddress(address))
  if (odd !== undefined || envelope.to.length === 0) return { outcome: 'refused', reason: 'bad_address' }

  const body = Buffer.isBuffer(source) ? Readable.from([source]) : source
  const deadline = AbortSignal.timeout(deadlineMs)
  let borrowed: Borrowed | undefined
  let isDotSent = false
  const expire = () => borrowed?.drop()
  deadline.addEventListener('abort', expire)
  try {
    const login = await smtpLogin(place.place, account)
    const name = new URL(place.url).hostname
    borrowed = await borrowSmtp(place.outbound, { ...server, name, login })
    const { session } = borrowed
    const watched = watchEnd(body, () => {
      isDotSent = true
    })
    const sent = await step<Answer>(session, done =>
      session.send(
        { from: envelope.from, to: [...envelope.to], ...(size && { size }) },
        watched,
        done as never,
      ),
    )
    borrowed.giveBack()
    await transact(place.place, system, ctx => noteSent(ctx, account.id)).catch(() => {})
    return { outcome: 'done', ...providerRef(sent), ...refusedIn(sent) }
  } catch (error) {
    borrowed?.drop()
    return resultOf(error as Answered, borrowed !== undefined, isDotSent)
  } finally {
    deadline.removeEventListener('abort', expire)
    body.destroy()
  }
}

/**
 * Puts a copy of a sent mail into the folder for it, unless one of this Message-ID is there: whoever tries again
 * after a lost answer makes no second one. A job of its own, since a mail that went out must not go out again
 * because its copy could not be kept.
 */
export async function appendToSent(place: Workplace, account: MailAccount, raw: Buffer, mailId: string) {
  const { imap, sentFolder } = account.settings
  if (!imap || !sentFolder) return
  const client = await openImap(place.outbound, imap, await imapLogin(place, account))
  try {
    // Opened for writing: the library leaves out flags that a folder opened for reading does not take.
    await openFolder(client, sentFolder, { writes: true })
    const there = await client.search({ header: { 'message-id': `<${mailId}>` } }, { uid: true })
    if (Array.isArray(there) && there.length > 0) return
    const appended = await client.append(sentFolder, raw, ['\\Seen'])
    if (!appended) throw new Error('The server did not keep the copy.')
  } finally {
    client.close()
  }
}

/**
 * Nothing that could mean another address, or a second command, to any server. Quoted local parts are lawful and
 * refused all the same: what they quote has been taken for the domain before (GHSA-mm7p-fcc7-pg87).
 */
export const isPlainAddress = (address: string) =>
  address.length <= 320 && /^[^\s<>()"\\,;:[\]@\p{Cc}]+@[^\s<>()"\\,;:[\]@\p{Cc}]+$/u.test(address)

type Answer = { response?: string; rejectedErrors?: Answered[] }
type Answered = Error & {
  responseCode?: number
  response?: string
  recipient?: string
  rejectedErrors?: Answered[]
}

/**
 * The dot follows the last byte at once, so the moment of no return is when the last byte was taken from here:
 * the library takes none before the server has asked for the body.
 */
function watchEnd(source: Readable, ended: () => void) {
  const watched = source.pipe(new PassThrough())
  source.on('error', error => watched.destroy(error))
  return watched.once('end', ended)
}

/** Who refuses the session has said nothing of the mail yet: it waits until a person or time has mended that. */
function resultOf(error: Answered, isInSession: boolean, isDotSent: boolean): MailResult {
  const { responseCode: code = 0, response = '' } = error
  const text = short(response || error.message)
  const failure = failureOf(error)
  if (isInSession && code >= 500 && !signInCodes.has(code))
    return { outcome: 'refused', reason: text, ...refusedIn(error) }
  if (isDotSent && code < 400) return { outcome: 'uncertain', reason: 'no_answer' }
  if (error instanceof OutboundError && error.outcome === 'refused')
    return { outcome: 'refused', reason: error.code }
  // A recipient that is greylisted says nothing against others; 421 is the server's own goodbye.
  const isOnlyThis = isInSession && code >= 400 && code !== 421 && !signInCodes.has(code)
  return { ...later(failure, text), ...(isOnlyThis && { isOnlyThis }) }
}

/** It wants to know who we are before it takes anything (RFC 4954 §6): nothing is wrong with the mail. */
const signInCodes = new Set([530, 534, 535, 538])

/** A wrong password is mended by a person; until then the mail waits. */
const later = ({ code }: Failure, text: string): MailResult => ({
  outcome: 'later',
  reason: code === 'failed' ? text : `${code}: ${text}`.slice(0, 500),
})

function refusedIn({ rejectedErrors = [] }: Pick<Answer, 'rejectedErrors'>) {
  const refusedRecipients = rejectedErrors.map(({ recipient = '', responseCode = 0, response = '' }) => ({
    address: recipient,
    code: responseCode,
    text: short(response),
  }))
  return refusedRecipients.length > 0 ? { refusedRecipients } : {}
}

/** What the server calls it, as far as it says: `250 2.0.0 Ok: queued as 4ABC`. */
function providerRef({ response = '' }: Answer) {
  const ref = /queued as ([\w.-]+)/i.exec(response)?.[1] ?? response.replace(/^250[ -](\d\.\d\.\d )?/, '')
  return ref.trim() ? { providerRef: short(ref.trim()) } : {}
}

const short = (text: string) => text.replaceAll('\u0000', '').slice(0, 500)
