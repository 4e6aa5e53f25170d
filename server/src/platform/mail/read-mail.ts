import { createHash, type Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { maskCardNumbers } from '../card-numbers.ts'
import { languageOf } from '../language.ts'
import { readAddress, readAddresses } from './addresses.ts'
import { attachmentsOf } from './attachments.ts'
import { readAuthenticationResults, unchecked } from './authentication-results.ts'
import { findAutomatic } from './automatic.ts'
import { readContent } from './content.ts'
import { readDate } from './dates.ts'
import { headerOf, headersOf } from './headers.ts'
import { cardFinding, type Header, type Mail, saidIn } from './mail.ts'
import { readReport } from './reports.ts'
import { type Door, takeApart } from './structure.ts'

export type MailDoor = Door & {
  /** The servers of the operator's whose word about a sender counts, as they name themselves. */
  trustedServers?: readonly string[]
}

/** Reads a raw mail, however broken: only its source or what keeps its files can fail. The same bytes give the same mail. */
export async function readMail(source: Readable | Buffer, door: MailDoor = {}): Promise<Mail> {
  const raw = openRaw(source)
  const letter = await takeApart(raw.source, door)
  const { headers } = letter
  const report = readReport(letter)
  const content = await readContent(letter, report)
  const all = (name: string) => headersOf(headers, name)
  // What Afar writes to itself to try a mailbox.
  const isTrial = headerOf(headers, 'x-afar-trial') !== null
  const said = withoutCardNumbers(content, oneLine(headerOf(headers, 'subject') ?? ''))
  return {
    ...raw.measured(),
    messageId: messageIdsIn(headerOf(headers, 'message-id'))[0] ?? null,
    inReplyTo: messageIdsIn(headerOf(headers, 'in-reply-to')),
    references: messageIdsIn(headerOf(headers, 'references')),
    from: readAll(all('from'))[0] ?? null,
    sender: readAll(all('sender'))[0] ?? null,
    replyTo: readAll(all('reply-to')),
    to: readAll(all('to')),
    cc: readAll(all('cc')),
    deliveredTo: deliveredTo(headers),
    returnPath: returnPathOf(headers),
    subject: said.subject,
    date: readDate(headerOf(headers, 'date') ?? ''),
    receivedAt: receivedAt(headers),
    text: said.text,
    segments: said.segments,
    html: said.html,
    // What a machine reports is nobody's language, and finding one is a third of the work.
    language: report ? null : await languageOf(`${saidIn(said.segments)}\n${said.subject}`),
    attachments: attachmentsOf(letter, content.html),
    automatic: findAutomatic(letter, report),
    report,
    authentication: readAuthenticationResults(headers, door.trustedServers ?? []) ?? unchecked,
    findings: [
      ...new Set([
        ...letter.findings,
        ...content.findings,
        ...said.findings,
        ...(isTrial ? ['afar_trial'] : []),
      ]),
    ],
  }
}

type Content = Awaited<ReturnType<typeof readContent>>

/** Nobody is to keep the numbers of payment cards. Masked text is as long as it was, so its segments still fit. */
function withoutCardNumbers(content: Content, subjectLine: string) {
  const text = maskCardNumbers(content.text)
  const html = content.html === null ? null : maskCardNumbers(content.html)
  const subject = maskCardNumbers(subjectLine)
  let from = 0
  const segments = content.segments.map(segment => {
    const to = from + segment.text.length
    const said = text.slice(from, to)
    from = to
    return { ...segment, text: said }
  })
  const isFound = text !== content.text || html !== content.html || subject !== subjectLine
  return { text, html, subject, segments, findings: isFound ? [cardFinding] : [] }
}

/** Hashes the bytes on their way, so that they are read once. */
function openRaw(source: Readable | Buffer) {
  const hash = createHash('sha256')
  let size = 0
  const measured = () => ({ sha256: hash.digest('hex'), size })
  if (Buffer.isBuffer(source)) {
    hash.update(source)
    size = source.length
    return { source, measured }
  }
  const counted = Readable.from(
    count(source, hash, bytes => (size += bytes)),
    { objectMode: false },
  )
  return { source: counted, measured }
}

async function* count(source: Readable, hash: Hash, onBytes: (bytes: number) => void) {
  for await (const bytes of source as AsyncIterable<Buffer>) {
    hash.update(bytes)
    onBytes(bytes.length)
    yield bytes
  }
}

const mostSubjectCharacters = 998

const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, mostSubjectCharacters)
    .toWellFormed()

const readAll = (headers: Header[]) => headers.slice(0, 10).flatMap(({ raw }) => readAddresses(raw))

const mostMessageIds = 200
const longestMessageId = 998

/** In the order of the header. A mailer may break an id over two lines, or leave its angle brackets out. */
export function messageIdsIn(value: string | null): string[] {
  const ids: string[] = []
  for (const piece of (value ?? '').split('<').slice(1)) {
    const end = piece.indexOf('>')
    const id = piece.slice(0, end < 0 ? piece.length : end).replace(/\s+/g, '')
    if (id !== '' && id.length <= longestMessageId) ids.push(id)
  }
  if (ids.length === 0) {
    const bare = (value ?? '').trim().split(/[\s,]+/)
    ids.push(...bare.filter(word => word.length <= longestMessageId && /^[^@\s]+@[^@\s]+$/.test(word)))
  }
  const unique = [...new Set(ids)]
  // Of a very long thread its root and its newest say where it belongs.
  return unique.length > mostMessageIds ? [unique[0]!, ...unique.slice(1 - mostMessageIds)] : unique
}

const deliveries = new Set([
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'x-delivered-to',
])

function deliveredTo(headers: Header[]) {
  const delivered = headers.filter(({ name }) => deliveries.has(name.toLowerCase())).slice(0, 50)
  return [...new Set(delivered.flatMap(({ raw }) => readAddresses(raw).map(({ address }) => address)))]
}

function returnPathOf(headers: Header[]) {
  const value = headerOf(headers, 'return-path')?.trim()
  if (value === undefined) return null
  return /^<\s*>/.test(value) ? '' : readAddress(value.replace(/^<|>.*$/g, ''))
}

/** The date is what follows the last semicolon; the newest stands first. */
function receivedAt(headers: Header[]) {
  const newest = headerOf(headers, 'received')
  return newest === null ? null : readDate(newest.slice(newest.lastIndexOf(';') + 1).trim())
}
