import { exactPhrases, noSuchUser, notInDirectory, vaguePhrases } from './bounce-phrases.ts'
import type { BounceClass, ReportedRecipient } from './mail.ts'

/** All that a report says of one recipient, before anything is made of it. */
export type Evidence = {
  address: string | null
  /** Of RFC 3464; null where the report is prose. */
  action: string | null
  status: string | null
  /** What the server replied, as far as it can be told from the rest. */
  diagnostic: string | null
  /** The prose around it: transcripts, and what is said in other words. */
  prose: string
}

/**
 * What became of a recipient. The reply's own words come first, then its status, then the command it answered:
 * a server that says "mailbox full" with 5.1.1 means the former. Hard is what no further try can help.
 */
export function judge(evidence: Evidence): ReportedRecipient {
  const diagnostic = tidy(evidence.diagnostic ?? '')
  const prose = tidy(evidence.prose)
  const told = statusIn(diagnostic)
  const status = chosenStatus(evidence.status, told ?? (diagnostic.length < 16 ? statusIn(prose) : null))
  const command = commandIn(`${diagnostic} ${prose}`)
  const replyCode = replyCodeIn(diagnostic) ?? replyCodeIn(evidence.prose.slice(0, longestEvidence))
  const context = { status: status ?? statusIn(prose), command, isProse: evidence.action === null }
  const reason =
    reasonIn(diagnostic, context) ??
    (tellsNothing(diagnostic) ? reasonIn(prose, context) : null) ??
    reasonOfStatus(context.status) ??
    reasonIn(prose, context) ??
    reasonOfCommand(command) ??
    (evidence.action === 'delayed' ? 'expired' : null) ??
    'undefined'
  const isSoft = (context.status ?? replyCode ?? '').startsWith('4')
  return {
    address: evidence.address,
    status: context.status ?? `${isTransient(replyCode, reason, evidence.action) ? 4 : 5}.0.0`,
    replyCode,
    class: classOf(reason, isSoft),
    reason,
    diagnostic: (evidence.diagnostic?.trim() || evidence.prose.trim()).slice(0, longestDiagnostic) || null,
  }
}

/** Only an address, a domain or a mailbox that is gone will not come back by itself. */
function classOf(reason: string, isTemporary: boolean): BounceClass {
  if (reason === 'user_unknown' || reason === 'host_unknown' || reason === 'has_moved') return 'hard'
  return reason === 'not_accepted' && !isTemporary ? 'hard' : 'soft'
}

const isTransient = (replyCode: string | null, reason: string, action: string | null) =>
  replyCode ? replyCode.startsWith('4') : action === 'delayed' || reason === 'delayed'

type Context = { status: string | null; command: string | null; isProse: boolean }

function reasonIn(text: string, context: Context): string | null {
  if (text === '') return null
  const exact = exactPhrases.find(([, phrases]) => phrases.some(phrase => contains(text, phrase)))
  if (exact) return exact[0]
  if (notInDirectory.some(phrase => contains(text, phrase))) return 'user_unknown'
  if (noSuchUser.some(phrase => contains(text, phrase))) return unknownUser(context)
  return vaguePhrases.find(([, phrases]) => phrases.some(phrase => contains(text, phrase)))?.[0] ?? null
}

function unknownUser({ status, command, isProse }: Context) {
  const subject = status?.split('.')[1]
  // Sendmail sends DATA before it has read the answers to RCPT, so an exact status counts for more.
  if (subject === '1' && !status?.endsWith('.0')) return 'user_unknown'
  if (command === 'DATA') return 'filtered'
  if (command === 'RCPT') return 'user_unknown'
  return subject === '2' || subject === '0' || (isProse && status === null) ? 'filtered' : 'user_unknown'
}

/** RFC 3463 and the IANA registry of enhanced status codes. */
function reasonOfStatus(status: string | null) {
  if (!status) return null
  const [, subject = '', detail = ''] = status.split('.')
  if (status === '5.4.4') return 'host_unknown'
  return reasonsOfStatus[`${subject}.${detail}`] ?? reasonsOfStatus[subject] ?? null
}

const reasonsOfStatus: Record<string, string> = {
  '1.0': 'user_unknown',
  '1.1': 'user_unknown',
  '1.2': 'host_unknown',
  '1.3': 'user_unknown',
  '1.4': 'filtered',
  '1.6': 'has_moved',
  '1.7': 'rejected',
  '1.8': 'rejected',
  '1.9': 'system_error',
  '1.10': 'not_accepted',
  '2': 'filtered',
  '2.2': 'mailbox_full',
  '2.3': 'message_too_big',
  '3': 'system_error',
  '3.1': 'system_full',
  '3.2': 'not_accepted',
  '3.4': 'message_too_big',
  '4': 'network_error',
  '4.1': 'expired',
  '4.3': 'system_error',
  '4.5': 'system_error',
  '4.7': 'expired',
  '5.3': 'too_many_connections',
  '6': 'content_error',
  '7': 'security_error',
  '7.1': 'rejected',
  '7.20': 'auth_failure',
  '7.21': 'auth_failure',
  '7.22': 'auth_failure',
  '7.23': 'auth_failure',
  '7.24': 'auth_failure',
  '7.25': 'require_ptr',
  '7.26': 'auth_failure',
  '7.27': 'not_accepted',
  '7.28': 'too_fast',
  '7.509': 'auth_failure',
}

function reasonOfCommand(command: string | null) {
  if (command === 'CONN') return 'blocked'
  if (command === 'MAIL') return 'rejected'
  return command === 'DATA' ? 'spam_detected' : null
}

/** Of two statuses the more exact: what the server replied before what its client made of it. */
function chosenStatus(reported: string | null, replied: string | null) {
  const own = statusIn(reported ?? '')
  if (!replied) return own
  return own && replied.endsWith('.0.0') && !own.endsWith('.0.0') ? own : replied
}

/** An enhanced status (RFC 3463) that is no part of an address or version. */
export function statusIn(text: string): string | null {
  for (const [found, status, after] of text.matchAll(/(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\d)(\.?\d?)/g)) {
    if (found && !/\d/.test(after ?? '')) return status!
  }
  return null
}

/** RFC 5321, 4.2: at the start of a reply, after a colon, arrow or bracket, or before a status. */
export function replyCodeIn(text: string): string | null {
  const reply =
    /(?:^|[:;>\n[("',] ?|<<< |out: |said |reply |returned |error_code :)([45][0-5]\d)(?=[- :#.,)\]]|$)/i.exec(
      text,
    )
  return reply?.[1] ?? /(?:^|\s)([45][0-5]\d)(?=[- ][45]\.\d)/.exec(text)?.[1] ?? null
}

function commandIn(text: string) {
  // Sendmail shows DATA, and that no recipient was left for it.
  if (text.includes('need rcpt')) return 'RCPT'
  let last: { command: string; at: number } | null = null
  for (const [command, phrases] of commandPhrases) {
    for (const phrase of phrases) {
      const at = text.indexOf(phrase)
      if (at >= 0 && (!last || at < last.at)) last = { command, at }
    }
  }
  return last?.command ?? null
}

/** How Postfix, Exim, Sendmail, qmail, GMX, Gmail, Yahoo, DragonFly and m-FILTER name the command that was refused. */
const commandPhrases: readonly (readonly [string, readonly string[]])[] = [
  [
    'DATA',
    [
      'end of data',
      'after data',
      'reply to data',
      'following data',
      '[data',
      'our data',
      '>>> data',
      'sent the message',
      'smtp command data',
      'after end of data',
      'pipelined data',
      'for text command',
      '(state 15)',
      '(state 17)',
      '(state 18)',
    ],
  ],
  [
    'RCPT',
    [
      'reply to rcpt',
      'after rcpt',
      'following rcpt',
      '[rcpt',
      'our rcpt',
      '>>> rcpt',
      'rcpt to:',
      'not like recipient',
      'in reply to rcpt',
      'smtp command rcpt',
      'for rcpt command',
      '(state 14)',
    ],
  ],
  [
    'MAIL',
    [
      'reply to mail',
      'after mail',
      'following mail',
      '[mail',
      'our mail from',
      '>>> mail',
      'sender was rejected',
      'smtp command mail',
      'for mail command',
      '(state 6)',
    ],
  ],
  [
    'CONN',
    [
      'reply to ehlo',
      'reply to helo',
      'after ehlo',
      'after helo',
      'after initial connection',
      'reply to end of connection',
      '>>> ehlo',
      '>>> helo',
      'my name was rejected',
      'refused to talk',
      'our ehlo',
      'our helo',
      'initial server greeting',
      'but greeting failed',
      '(state 13)',
    ],
  ],
]

/** Nothing but codes, such as `smtp; 550` or `X-Unix; 77`. */
const tellsNothing = (text: string) =>
  text.replace(/[^\p{L}]/gu, '').replace(/^(?:smtp|xunix|xpostfix)/, '').length < 6

export function contains(text: string, phrase: string) {
  const [first = '', ...rest] = phrase.split(' * ')
  for (let from = text.indexOf(first); from >= 0; from = text.indexOf(first, from + 1)) {
    let at = from + first.length
    const isWhole = rest.every(piece => {
      const next = text.slice(at, at + widestGap + piece.length).indexOf(piece)
      at += next + piece.length
      return next >= 0
    })
    if (isWhole) return true
  }
  return false
}

/** One line in lower case, without the code that begins each line of a long reply (`550-5.7.1`). */
const tidy = (text: string) => text.slice(0, longestEvidence).toLowerCase().replace(/\s+/gu, ' ').trim()

const widestGap = 100
const longestDiagnostic = 1_000
const longestEvidence = 4_000
