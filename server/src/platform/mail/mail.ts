import type { Image } from '../images.ts'

/** A mail's header, in the order of the mail. `value` is unfolded and decoded (RFC 2047), `raw` as it came. */
export type Header = { name: string; value: string; raw: string }

/**
 * A leaf of the mail's structure. `text` is there for what can be read as text (text/*, delivery reports,
 * feedback reports, the headers of a returned mail), decoded; of a returned or forwarded mail (message/rfc822)
 * it is the beginning of its source. Everything else is only counted, hashed and, when asked, kept.
 */
export type Part = {
  /** Lower case, such as `text/plain`; `application/octet-stream` where it says nothing that can be used. */
  type: string
  parameters: Readonly<Record<string, string>>
  disposition: 'inline' | 'attachment' | null
  name: string | null
  /** Without its angle brackets. */
  contentId: string | null
  text: string | null
  /** Bytes after decoding, and their SHA-256 in hex. */
  size: number
  sha256: string
  /** The picture its first bytes begin, of a file that is one. */
  image?: Image | null
  /** The types of the parts it lies in, outermost first. */
  within: readonly string[]
}

/** A mail taken apart, nothing of it interpreted yet. */
export type Letter = { headers: Header[]; parts: Part[]; findings: string[] }

/** `address` in lower case with its domain as it is looked up (IDNA ASCII); `name` may be empty. */
export type Correspondent = { name: string; address: string }

/** What is shown first is `said`; the rest is folded away. All segments joined are the whole text. */
export type Segment = { kind: 'said' | 'quote' | 'signature'; text: string }

export type MailAttachment = {
  name: string
  type: string
  size: number
  sha256: string
  /** Of a picture that a browser may show, as its own bytes say. */
  width: number | null
  height: number | null
  contentId: string | null
  /** Shown within the text by its content id, and not meant as a file of its own. */
  isInline: boolean
}

/** Why no robot may answer: `auto_replied` and `auto_generated` as RFC 3834 has them; `report`: a bounce or complaint. */
export type Automatic = 'auto_replied' | 'auto_generated' | 'list' | 'bulk' | 'report'

export type BounceClass = 'hard' | 'soft'

/** What became of one recipient. `status` is an enhanced status code (RFC 3463), `replyCode` one of SMTP's. */
export type ReportedRecipient = {
  address: string | null
  status: string | null
  replyCode: string | null
  class: BounceClass | null
  /** A word such as `user_unknown` or `mailbox_full`. */
  reason: string
  diagnostic: string | null
}

/**
 * A machine's word about a mail sent before. `bounce`: not delivered for good; `delay`: it is still tried;
 * `complaint`: the receiver called it unwanted (ARF, RFC 5965); `auto_reply`: a vacation notice.
 */
export type Report = {
  kind: 'bounce' | 'delay' | 'complaint' | 'auto_reply'
  feedbackType: string | null
  recipients: ReportedRecipient[]
  /** What it says of the mail that caused it. Message ids without angle brackets. */
  original: { messageId: string | null; references: string[]; to: string | null; subject: string | null }
}

export type AuthenticationResult =
  | 'pass'
  | 'fail'
  | 'softfail'
  | 'neutral'
  | 'none'
  | 'temperror'
  | 'permerror'
  | 'unchecked'

/** Checked by ourselves where the sender's address is known, else as the receiving server of the operator's wrote. */
export type Authentication = {
  spf: { result: AuthenticationResult; domain: string | null }
  dkim: { result: AuthenticationResult; domain: string | null }[]
  dmarc: { result: AuthenticationResult; domain: string | null; policy: string | null }
  /** Who says so: `afar`, or the name of the server that wrote Authentication-Results. */
  by: string | null
}

/** Of a mail in which a payment card's number stood; what was read of it holds none any more. */
export const cardFinding = 'card_number_masked'

/** What a raw mail says. None of it is believed: From grants nothing. */
export type Mail = {
  /** SHA-256 of the raw bytes, in hex: its identity. */
  sha256: string
  size: number
  /** Without angle brackets, like all message ids here. */
  messageId: string | null
  inReplyTo: string[]
  references: string[]
  from: Correspondent | null
  sender: Correspondent | null
  replyTo: Correspondent[]
  to: Correspondent[]
  cc: Correspondent[]
  /** Where the receiving servers say it was delivered (Delivered-To, X-Original-To, Envelope-To), newest first. */
  deliveredTo: string[]
  /** Empty for a mail that must not be answered; null where it is not known. */
  returnPath: string | null
  subject: string
  /** By the sender's clock. */
  date: Date | null
  /** By the clock of the server that received it first hand: its newest Received. */
  receivedAt: Date | null
  /** The whole text, from its text part or made from its HTML. */
  text: string
  segments: Segment[]
  /** Sanitised; quotes folded in <details>, pictures of the mail by `cid:`, remote ones held back. Null: text only. */
  html: string | null
  language: string | null
  attachments: MailAttachment[]
  automatic: Automatic | null
  report: Report | null
  authentication: Authentication
  /** Codes of what was broken and read all the same, such as `charset_guessed` or `html_too_hard`. */
  findings: string[]
}

/** What is shown of a text before anybody unfolds it. */
export const saidIn = (segments: readonly Segment[]) =>
  segments
    .filter(segment => segment.kind === 'said')
    .map(segment => segment.text)
    .join('')
    .trim()
