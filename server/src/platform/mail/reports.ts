import { type Evidence, judge } from './bounce-reasons.ts'
import { addressIn, type Fields, readFieldGroups } from './delivery-status.ts'
import { headerOf } from './headers.ts'
import { textOfHtml } from './html-text.ts'
import type { Letter, Part, Report, ReportedRecipient } from './mail.ts'
import { readOriginal, splitOriginal } from './original-mail.ts'
import { isReturnedMail, recipientsIn } from './returned-mail.ts'
import { readSesNotification } from './ses-notification.ts'
import { isVacationNotice } from './vacation.ts'

/**
 * What a machine says about a mail sent before; null for what people write, bounces they quote included. Bounces
 * and delays by RFC 3464 or in the prose of older servers, complaints by RFC 5965, vacation notices by RFC 3834.
 */
export function readReport(letter: Letter): Report | null {
  const { prose, original } = proseOf(letter)
  return (
    readComplaint(letter, prose) ??
    readSes(letter) ??
    readBounce(letter, prose, original) ??
    readNotice(letter, prose)
  )
}

function readComplaint(letter: Letter, prose: string): Report | null {
  const part = letter.parts.find(({ type }) => type === 'message/feedback-report')
  const [fields] = readFieldGroups(part?.text ?? '')
  const isHotmails =
    (headerOf(letter.headers, 'subject') ?? '').toLowerCase().startsWith('complaint about message from') &&
    letter.parts.some(({ type }) => type === 'message/rfc822')
  if (!fields?.has('feedback-type') && !isHotmails) return null
  const original = readOriginal(letter, prose)
  const address =
    addressIn(fields?.get('original-rcpt-to') ?? fields?.get('removal-recipient')) ?? original.to
  return {
    kind: 'complaint',
    feedbackType: fields?.get('feedback-type')?.toLowerCase() ?? 'abuse',
    recipients: [complained(address)],
    original,
  }
}

function readSes({ parts }: Letter): Report | null {
  const found = parts
    .map(({ text }) => readSesNotification(text ?? ''))
    .find(notification => notification !== null)
  if (!found) return null
  const { kind, recipients } = found
  return {
    ...found,
    recipients:
      kind === 'bounce' ? recipients.map(judge) : recipients.map(({ address }) => complained(address)),
  }
}

function readBounce(letter: Letter, prose: string, original: string): Report | null {
  const status = letter.parts.filter(({ type }) => isDeliveryStatus(type)).map(({ text }) => text ?? '')
  const isDaemons = status.length === 0 && isReturnedMail(letter, prose, original)
  if (status.length === 0 && !isDaemons) return null
  const pasted = isDaemons ? letter.parts.filter(mayHoldStatus).map(({ text }) => text ?? '') : []
  const groups = [...status, ...pasted].flatMap(readFieldGroups).filter(isRecipient).slice(0, 100)
  const failed = groups.filter(group => !isSuccess(group))
  if (groups.length > 0 && failed.length === 0) return null
  const about = readOriginal(letter, prose)
  const evidence =
    failed.length > 0
      ? failed.map(group => evidenceOf(group, failed.length > 1, prose))
      : recipientsIn(letter, prose, about.to)
  // The phones of au say in a header that their owner's filter refused it.
  const isFiltered = headerOf(letter.headers, 'x-spasign')?.trim() === 'NG'
  const isDelay = failed.length > 0 ? failed.every(isDelayed) : saysDelay(letter, prose)
  return {
    kind: isDelay ? 'delay' : 'bounce',
    feedbackType: null,
    recipients: evidence.map(isFiltered ? asFiltered : judge),
    original: about,
  }
}

function readNotice(letter: Letter, prose: string): Report | null {
  if (!isVacationNotice(letter)) return null
  const address = addressIn(headerOf(letter.headers, 'from') ?? '')
  const answered = headerOf(letter.headers, 'in-reply-to') ?? headerOf(letter.headers, 'references')
  const messageId = answered?.split(/[<>\s]+/).findLast(id => id.includes('@')) ?? null
  const references = (headerOf(letter.headers, 'references') ?? '')
    .split(/[<>\s]+/)
    .filter(id => id.includes('@'))
  return {
    kind: 'auto_reply',
    feedbackType: null,
    recipients: [
      { ...complained(address), reason: 'vacation', diagnostic: prose.trim().slice(0, 1_000) || null },
    ],
    original: { messageId, references: references.slice(0, 200), to: address, subject: null },
  }
}

const complained = (address: string | null): ReportedRecipient => ({
  address,
  status: null,
  replyCode: null,
  class: null,
  reason: 'feedback',
  diagnostic: null,
})

const asFiltered = (evidence: Evidence) => judge({ ...evidence, diagnostic: 'message filtered' })

/** Pasted into the text, or a report within the report. */
const mayHoldStatus = ({ type, text }: Part) =>
  type === 'text/plain' ||
  (type === 'message/rfc822' && (text ?? '').toLowerCase().includes('message/delivery-status'))

const isDeliveryStatus = (type: string) =>
  type === 'message/delivery-status' || type === 'message/global-delivery-status'

const isRecipient = (group: Fields) =>
  (group.has('final-recipient') || group.has('original-recipient') || group.has('x-actual-recipient')) &&
  ['action', 'status', 'diagnostic-code'].some(name => group.has(name))

const isSuccess = (group: Fields) => /^(?:delivered|relayed|expanded)\b/i.test(group.get('action') ?? '')
const isDelayed = (group: Fields) => /^delayed\b/i.test(group.get('action') ?? '')

function evidenceOf(group: Fields, isOneOfMany: boolean, prose: string): Evidence {
  const final = addressIn(group.get('final-recipient'))
  const address =
    final ?? addressIn(group.get('original-recipient')) ?? addressIn(group.get('x-actual-recipient'))
  const actual = group.get('x-actual-recipient') ?? group.get('final-recipient') ?? ''
  const category =
    group.get('x-powermta-bouncecategory') === 'bad-mailbox' ? 'no such user (in reply to rcpt to)' : ''
  // A recipient that is a program: what failed is the program.
  const program = /;\s{0,5}"?\|/.test(actual) ? 'pipe to a program' : ''
  return {
    address,
    action: (group.get('action') ?? 'failed').toLowerCase(),
    status: group.get('status') ?? null,
    diagnostic: [group.get('diagnostic-code') ?? '', category, program].join(' ').trim() || null,
    prose: isOneOfMany && address ? linesAbout(prose, address) : prose,
  }
}

/** The paragraph that begins with the address. */
function linesAbout(prose: string, address: string) {
  const lines = prose.split(/\r?\n/)
  const at = lines.findIndex(line => line.toLowerCase().includes(address))
  if (at < 0) return ''
  const length = lines.slice(at + 1, at + 12).findIndex(line => line.trim() === '')
  return lines.slice(at, length < 0 ? at + 12 : at + 1 + length).join('\n')
}

function saysDelay({ headers }: Letter, prose: string) {
  const subject = (headerOf(headers, 'subject') ?? '').toLowerCase()
  const text = prose.toLowerCase()
  return (
    /\bdelay|^warning: /.test(subject) ||
    ['this is a warning message only', 'you do not need to re', 'will be retried', 'will keep trying'].some(
      said => text.includes(said),
    )
  )
}

/** What it says itself, without the mail it returns. */
function proseOf({ parts }: Letter) {
  const plain = parts.find(({ type, text }) => type === 'text/plain' && text?.trim())
  if (plain) return splitOriginal(plain.text!)
  const html = parts.find(({ type, text }) => type === 'text/html' && text)
  return { prose: html ? textOfHtml(html.text!.slice(0, 64 * 1024)) : '', original: '' }
}
