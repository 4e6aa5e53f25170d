import { Readable } from 'node:stream'
import { readAddresses } from '../../../platform/mail/addresses.ts'
import { headersOf } from '../../../platform/mail/headers.ts'
import type { Correspondent } from '../../../platform/mail/mail.ts'
import { takeApart } from '../../../platform/mail/structure.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import type { Sending } from '../adapter.ts'
import { addReplyToken, makeMailId, makeReplyToken } from './reply-token.ts'
import type { MailSettings } from './settings.ts'

/** What a delivery says beside its text when it goes out as mail. */
export type OutgoingMail = {
  /** What customers see it comes from. */
  senderName: string
  to: Correspondent[]
  cc: Correspondent[]
  bcc: Correspondent[]
  subject: string
  /** What it answers, the oldest first: a mail by its Message-ID, one of ours by its message. */
  answers: ({ mailId: string } | { messageId: string })[]
  signature: string
  /** The customer's words it answers, below ours. */
  quote: { intro: string; text: string } | null
  /** RFC 3834 §5: a robot says so, and is answered by no other. */
  auto: 'auto-replied' | 'auto-generated' | null
}

export type ComposedMail = {
  envelope: { from: string; to: string[] }
  mailId: string
  /** The same mail each time it is called: its name, its time and its boundaries are fixed. */
  open(): Promise<Readable>
}

export class UnsafeMail extends Error {}

type Door = {
  signing: Secrets
  openFile: (id: string) => Promise<Readable>
  dkimPrivateKey?: string | undefined
}

/**
 * Writes a mail. Every header is built here, from values that hold no line break, and what came of it is read
 * again by our own reader: a mail that would go to anybody else than those meant is not sent (`UnsafeMail`).
 */
export async function composeMail(
  door: Door,
  settings: MailSettings,
  { conversationId, messageId, payload }: Sending,
): Promise<ComposedMail> {
  const mail = payload.mail!
  const address = settings.address ?? ''
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const nameOf = (id: string) => makeMailId(door.signing, conversationId, id, domain)
  const mailId = nameOf(messageId)
  const answers = mail.answers.map(one => ('mailId' in one ? one.mailId : nameOf(one.messageId)))
  const answeredAt = settings.plusAddressing
    ? addReplyToken(address, makeReplyToken(door.signing, conversationId))
    : address
  const everybody = [...mail.to, ...mail.cc, ...mail.bcc].map(one => one.address)
  refuseUnsafe([mail.subject, mail.senderName, ...everybody, ...answers])

  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const compose = () =>
    new MailComposer({
      from: { name: mail.senderName, address },
      ...(answeredAt !== address && { replyTo: { name: mail.senderName, address: answeredAt } }),
      to: mail.to,
      cc: mail.cc,
      subject: mail.subject,
      messageId: `<${mailId}>`,
      ...(answers.length > 0 && {
        inReplyTo: `<${answers.at(-1)}>`,
        references: answers.map(id => `<${id}>`),
      }),
      date: new Date(payload.sentAt),
      text: asText(payload.text, mail),
      html: asHtml(payload.text, mail),
      attachments: payload.attachments.map(({ fileId, name, type }) => ({
        filename: name,
        contentType: type,
        contentDisposition: 'attachment',
        content: Readable.from(contentOf(door, fileId)),
      })),
      headers: mail.auto ? { 'Auto-Submitted': mail.auto, 'X-Auto-Response-Suppress': 'All' } : {},
      baseBoundary: messageId,
      disableFileAccess: true,
      disableUrlAccess: true,
    }).compile()

  await refuseMisdirected(compose().buildHeaders(), mail, address)
  return {
    envelope: { from: answeredAt, to: [...new Set(everybody)] },
    mailId,
    open: async () => sign(compose().createReadStream(), settings, door.dkimPrivateKey),
  }
}

/** A line break ends a header and begins one of somebody else's making; U+2028 counts for one in places. */
function refuseUnsafe(values: readonly string[]) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  if (values.some(value => /[\u0000-\u001f\u007f\u2028\u2029]/.test(value)))
    throw new UnsafeMail('A header would hold a line break.')
}

async function refuseMisdirected(head: string, { to, cc }: OutgoingMail, address: string) {
  const { headers } = await takeApart(Buffer.from(`${head}\r\n\r\n`))
  const rawOf = (name: string) => headersOf(headers, name).map(header => header.raw)
  const isOnce = once.every(name => rawOf(name).length <= 1) && rawOf('bcc').length === 0
  const read = [...rawOf('to'), ...rawOf('cc')].flatMap(readAddresses).map(one => one.address)
  const meant = [...to, ...cc].map(one => one.address)
  const isMeant = new Set(read).symmetricDifference(new Set(meant)).size === 0
  const isOurs = rawOf('from')
    .flatMap(readAddresses)
    .every(one => one.address === address)
  if (!isOnce || !isMeant || !isOurs) throw new UnsafeMail('The mail would not say whom it is for.')
}

const once = ['from', 'to', 'cc', 'subject', 'message-id', 'date', 'reply-to', 'in-reply-to', 'references']

/** Opened when its turn comes, not before: a mail of twenty files needs one at a time. */
async function* contentOf({ openFile }: Door, fileId: string) {
  yield* (await openFile(fileId)) as AsyncIterable<Buffer>
}

async function sign(source: Readable, { dkim }: MailSettings, privateKey: string | undefined) {
  if (!dkim || !privateKey) return source
  const { default: DKIM } = await import('nodemailer/lib/dkim')
  const signer = new DKIM({
    domainName: dkim.domain,
    keySelector: dkim.selector,
    privateKey,
    cacheDir: false,
  })
  return signer.sign(source) as unknown as Readable
}

const asText = (text: string, { signature, quote }: OutgoingMail) =>
  [
    text,
    ...(signature ? [`-- \n${signature}`] : []),
    ...(quote
      ? [
          `${quote.intro}\n${quote.text
            .split('\n')
            .map(line => `> ${line}`)
            .join('\n')}`,
        ]
      : []),
  ].join('\n\n')

/** Plain words in HTML for those whose reader shows no plain text as it should; `auto` turns Arabic round. */
const asHtml = (text: string, { signature, quote }: OutgoingMail) =>
  [
    block(text),
    ...(signature ? [`<br>${block(signature)}`] : []),
    ...(quote
      ? [
          `<br><div class="gmail_quote">${block(quote.intro)}<blockquote type="cite" style="margin:0 0 0 0.8ex;border-left:1px solid #ccc;padding-left:1ex">${block(quote.text)}</blockquote></div>`,
        ]
      : []),
  ].join('')

const block = (text: string) => `<div dir="auto">${escaped(text).replaceAll('\n', '<br>')}</div>`

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
