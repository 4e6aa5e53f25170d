import { addressIn, readFieldGroups } from './delivery-status.ts'
import { decodeWords } from './header-words.ts'
import type { Letter, Part, Report } from './mail.ts'

export type Original = Report['original']

export const unknownOriginal: Original = { messageId: null, references: [], to: null, subject: null }

/**
 * What a report says of the mail that caused it: returned whole, its headers only, or copied into the prose as
 * qmail and Exim do. What no copy tells is taken from the report's own fields.
 */
export function readOriginal({ parts }: Letter, prose: string): Original {
  const copies = [
    ...parts.filter(({ type }) => isReturned(type)).map(({ text }) => text ?? ''),
    ...parts.filter(isPlain).map(({ text }) => splitOriginal(text ?? '').original),
  ]
  const found = copies.map(originalIn).filter(original => original !== null)
  const best = found.find(({ messageId }) => messageId) ?? found[0] ?? unknownOriginal
  return best.subject && best.messageId ? best : filledFrom(best, prose)
}

/** The prose of a report, and the copy of the returned mail below it. */
export function splitOriginal(text: string): { prose: string; original: string } {
  const lines = text.slice(0, mostCharacters).split('\n')
  for (let at = 0; at < lines.length && at < mostLines; at += 1) {
    if (headerName(lines[at]!) === null || !beginsHeaders(lines, at)) continue
    return { prose: lines.slice(0, at).join('\n'), original: lines.slice(at).join('\n') }
  }
  return { prose: text.slice(0, mostCharacters), original: '' }
}

const isReturned = (type: string) =>
  type === 'message/rfc822' ||
  type === 'message/global' ||
  type === 'text/rfc822-headers' ||
  type === 'message/global-headers'

const isPlain = ({ type }: Part) => type === 'text/plain'

function originalIn(text: string): Original | null {
  // A copy may begin with a line of the mailbox it was kept in.
  const [fields] = readFieldGroups(text.replace(/^(?:>?From [^\n]{1,200}\n|\s)+/, '').slice(0, 64 * 1024))
  if (!fields) return null
  const messageId = idsIn(fields.get('message-id'))[0] ?? null
  const subject = fields.get('subject')
  const to = addressIn(fields.get('to')) ?? addressIn(fields.get('x-envelope-to'))
  if (!messageId && subject === undefined && !to) return null
  return {
    messageId,
    references: [...new Set([...idsIn(fields.get('references')), ...idsIn(fields.get('in-reply-to'))])],
    to,
    subject: subject === undefined ? null : decodeWords(subject).trim() || null,
  }
}

/** Exchange, Domino and Oracle name the mail in indented lines of the prose. */
function filledFrom(original: Original, prose: string): Original {
  const flat = prose.replace(/^[ \t]+/gm, '')
  const fields = readFieldGroups(flat).find(group => group.has('subject') || group.has('message-id'))
  const subject = original.subject ?? fields?.get('subject')?.replace(/^'|'$/g, '') ?? null
  return {
    ...original,
    messageId: original.messageId ?? idsIn(fields?.get('message-id'))[0] ?? null,
    subject: subject ? decodeWords(subject) : null,
    to: original.to ?? addressIn(fields?.get('to')),
  }
}

export const idsIn = (value: string | undefined) =>
  (value ?? '')
    .split(/[<>\s,]+/)
    .filter(id => id.includes('@') && id.length <= 998)
    .slice(0, 200)

/** Three headers in a row of lines, one of them such as only a mail has. */
function beginsHeaders(lines: string[], from: number) {
  let count = 0
  let isMail = false
  for (let at = from; at < lines.length && at < from + 30 && count < 4; at += 1) {
    const line = lines[at]!
    if (/^[ \t]/.test(line)) continue
    const name = headerName(line)
    if (name === null) return isMail && count >= 2
    count += 1
    // Four that may stand in prose, one below the other, are a mail's as well.
    if (mailOnly.has(name) || count === 4) isMail = true
  }
  return isMail && count >= 2
}

function headerName(line: string) {
  const name = /^([A-Za-z][\w-]{1,40}):/.exec(line)?.[1]?.toLowerCase()
  return name && (mailOnly.has(name) || shared.has(name) || name.startsWith('x-')) ? name : null
}

const mailOnly = new Set([
  'received',
  'return-path',
  'message-id',
  'dkim-signature',
  'mime-version',
  'x-received',
  'delivered-to',
  'arc-seal',
  'x-google-smtp-source',
])
const shared = new Set([
  'from',
  'to',
  'subject',
  'date',
  'cc',
  'reply-to',
  'sender',
  'content-type',
  'content-transfer-encoding',
  'user-agent',
  'received-spf',
  'arc-message-signature',
  'arc-authentication-results',
  'authentication-results',
  'references',
  'in-reply-to',
  'list-unsubscribe',
  'feedback-id',
])

const mostCharacters = 256 * 1024
const mostLines = 5_000
