import type { Evidence } from './bounce-reasons.ts'
import type { Original } from './original-mail.ts'

export type Notification = {
  kind: 'bounce' | 'complaint'
  feedbackType: string | null
  recipients: Evidence[]
  original: Original
}

/**
 * Amazon SES tells of bounces and complaints as JSON, most often wrapped once more by SNS, which adds a footer
 * when it sends it as mail. https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export function readSesNotification(text: string): Notification | null {
  const start = text.slice(0, 200).trimStart()
  if (!start.startsWith('{') || text.length > 256 * 1024) return null
  const outer = parsed(text)
  const told = parsed(outer?.Message) ?? outer
  const bounce = told?.bounce as Json | undefined
  const complaint = told?.complaint as Json | undefined
  const recipients = listOf(bounce?.bouncedRecipients ?? complaint?.complainedRecipients)
  if (recipients.length === 0) return null
  return {
    kind: bounce ? 'bounce' : 'complaint',
    feedbackType: bounce ? null : (stringOf(complaint?.complaintFeedbackType) ?? 'abuse'),
    recipients: recipients.slice(0, 100).map(recipient => ({
      address: stringOf(recipient.emailAddress)?.toLowerCase() ?? null,
      action: stringOf(recipient.action) ?? 'failed',
      status: stringOf(recipient.status),
      diagnostic: stringOf(recipient.diagnosticCode) ?? proseOf(bounce),
      prose: '',
    })),
    original: originalOf((told?.mail ?? {}) as Json),
  }
}

type Json = Record<string, unknown>

function parsed(value: unknown): Json | null {
  if (typeof value !== 'string') return null
  const json = value.slice(value.indexOf('{'), value.lastIndexOf('}') + 1)
  // Lines longer than mail allows are broken on their way, in the middle of a string.
  return objectIn(json) ?? objectIn(json.replace(/\r?\n /g, ''))
}

function objectIn(json: string): Json | null {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null
  } catch {
    return null
  }
}

function originalOf(mail: Json): Original {
  const headers = (mail.commonHeaders ?? {}) as Json
  const messageId = stringOf(headers.messageId) ?? stringOf(mail.messageId)
  const to = Array.isArray(mail.destination) ? stringOf(mail.destination[0]) : null
  return {
    messageId: messageId?.replace(/^<|>$/g, '') ?? null,
    references: [],
    to: to?.toLowerCase() ?? null,
    subject: stringOf(headers.subject),
  }
}

/** Without a diagnostic its own two words for it, such as `Permanent Suppressed`. */
const proseOf = (bounce: Json | undefined) => {
  const subtype = stringOf(bounce?.bounceSubType) ?? ''
  if (stringOf(bounce?.bounceType) !== 'Permanent') return `${subtype} temporary failure`
  return subtype === 'General' || subtype === 'NoEmail' || subtype === 'Suppressed' ? 'user unknown' : subtype
}

const listOf = (value: unknown) =>
  Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : []

const stringOf = (value: unknown) =>
  typeof value === 'string' && value !== '' ? value.slice(0, 4_000) : null
