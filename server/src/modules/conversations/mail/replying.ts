import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { invalid } from '../../../platform/errors.ts'
import type { Correspondent } from '../../../platform/mail/mail.ts'
import type { OutgoingMail } from '../../channels/mail/outgoing.ts'
import { MailSettings, ownAddresses } from '../../channels/mail/settings.ts'
import { channels } from '../../channels/tables.ts'
import { customers, identities } from '../../customers/tables.ts'
import { findSuppressions } from '../../outreach/suppressions.ts'
import { stores } from '../../settings/tables.ts'
import type { ConversationRow } from '../conversations.ts'
import { isSaidIn, newestSaidIn } from '../splitting/chosen.ts'
import { messages } from '../tables.ts'
import { addParticipants } from './keeping.ts'
import { quoteIntro } from './quote-intro.ts'
import type { MailDraft, MailOptions } from './schemas.ts'
import { mails } from './tables.ts'

/**
 * What a reply would be as a mail if nobody changed anything: to who wrote last, and to nobody else. Those his mail
 * also went to are offered, never added: a stranger must not read along because somebody put him into CC.
 */
export async function draftMail(ctx: Ctx, conversation: ConversationRow): Promise<MailDraft> {
  const { settings, senderName } = await readSender(ctx, conversation)
  const last = await findLastMail(ctx, conversation)
  const ours = new Set(ownAddresses(settings))
  const asked = [...(last?.replyTo ?? []), ...(last?.sender ? [last.sender] : [])]
  const writer = asked.find(one => !ours.has(one.address))
  const to = writer ? [writer] : await findCustomer(ctx, conversation)
  const others = [...(last?.to ?? []), ...(last?.cc ?? [])].filter(
    one => !ours.has(one.address) && !to.some(({ address }) => address === one.address),
  )
  const suppressed = await findSuppressions(
    ctx,
    [...to, ...others].map(one => one.address),
  )
  return {
    from: { name: senderName, address: settings.address ?? '' },
    to,
    others: uniqueBy(others),
    subject: answering(last?.subject ?? conversation.subject ?? ''),
    signature: settings.signature,
    undoSeconds: settings.undoSeconds,
    suppressed: [...suppressed.values()].map(({ address, reason }) => ({ address, reason: reason! })),
  }
}

/** The mail that a reply goes out as; what the writer chose stands over what it would be by itself. */
export async function writeMail(
  ctx: Ctx,
  conversation: ConversationRow,
  messageId: string,
  { text, options, auto = null }: { text: string; options?: MailOptions; auto?: OutgoingMail['auto'] },
): Promise<OutgoingMail> {
  const draft = await draftMail(ctx, conversation)
  const mail: OutgoingMail = {
    senderName: draft.from.name,
    to: options?.to ?? draft.to,
    cc: options?.cc ?? [],
    bcc: options?.bcc ?? [],
    subject: oneLine(options?.subject ?? draft.subject),
    answers: await findAnswered(ctx, conversation),
    signature: draft.signature,
    quote: auto ? null : await findQuote(ctx, conversation),
    auto,
  }
  if (mail.to.length === 0) throw invalid('recipient_missing', 'Nobody is named whom this could be sent to.')
  await ctx.db.insert(mails).values({
    messageId,
    channelId: conversation.channelId,
    direction: 'out',
    subject: mail.subject,
    sender: draft.from,
    to: mail.to,
    cc: mail.cc,
    bcc: mail.bcc,
    sentAt: ctx.now,
    segments: [{ kind: 'said', text }],
    automatic: auto && 'auto_replied',
  })
  await addParticipants(
    ctx,
    [...mail.to, ...mail.cc].map(({ address }) => ({ conversationId: conversation.id, address })),
  )
  return mail
}

async function readSender(ctx: Ctx, conversation: ConversationRow) {
  const [row] = await ctx.db
    .select({ settings: channels.settings, storeName: stores.name })
    .from(channels)
    .innerJoin(stores, eq(stores.id, channels.storeId))
    .where(eq(channels.id, conversation.channelId))
  const settings = MailSettings.parse(row!.settings)
  return { settings, senderName: oneLine(settings.senderName || row!.storeName) }
}

async function findLastMail(ctx: Ctx, conversation: ConversationRow) {
  const [row] = await ctx.db
    .select({ mail: mails })
    .from(mails)
    .innerJoin(messages, eq(messages.id, mails.messageId))
    .where(and(isSaidIn(conversation.id), eq(mails.direction, 'in')))
    .orderBy(...newestSaidIn(conversation.id))
    .limit(1)
  return row?.mail
}

async function findCustomer(ctx: Ctx, { identityId }: ConversationRow): Promise<Correspondent[]> {
  const [row] = await ctx.db
    .select({ name: customers.name, kind: identities.kind, value: identities.value })
    .from(identities)
    .innerJoin(customers, eq(customers.id, identities.customerId))
    .where(eq(identities.id, identityId))
  return row && (row.kind === 'email' || row.value.includes('@'))
    ? [{ name: row.name ?? '', address: row.value }]
    : []
}

/** The last of its thread: RFC 5322 §3.6.4 asks for all, and mail servers refuse headers that grow for ever. */
const mostAnswers = 20

async function findAnswered(ctx: Ctx, { id }: ConversationRow) {
  const rows = await ctx.db
    .select({ mailId: mails.mailId, messageId: mails.messageId, direction: mails.direction })
    .from(mails)
    .innerJoin(messages, eq(messages.id, mails.messageId))
    .where(isSaidIn(id))
    .orderBy(...newestSaidIn(id))
    .limit(mostAnswers)
  return rows
    .reverse()
    .flatMap(({ mailId, messageId, direction }): OutgoingMail['answers'] =>
      direction === 'out' ? [{ messageId }] : mailId && isPlain(mailId) ? [{ mailId }] : [],
    )
}

/** Others' Message-IDs come back in our own headers. */
const isPlain = (mailId: string) => /^[\x21-\x3b\x3d\x3f-\x7e]{1,250}$/.test(mailId)

const longestQuote = 4_000

async function findQuote(ctx: Ctx, conversation: ConversationRow): Promise<OutgoingMail['quote']> {
  const [row] = await ctx.db
    .select({
      text: messages.text,
      at: messages.createdAt,
      name: customers.name,
      zone: customers.zone,
      store: stores.zone,
    })
    .from(messages)
    .innerJoin(customers, eq(customers.id, messages.authorId))
    .innerJoin(stores, eq(stores.id, conversation.storeId))
    .where(and(isSaidIn(conversation.id), eq(messages.kind, 'customer')))
    .orderBy(...newestSaidIn(conversation.id))
    .limit(1)
  if (!row || row.text.trim() === '') return null
  const name = oneLine(row.name ?? '') || (conversation.subject ?? '')
  return {
    intro: quoteIntro(conversation.language, row.zone ?? row.store, row.at, name),
    text: row.text.length > longestQuote ? `${row.text.slice(0, longestQuote).toWellFormed()} …` : row.text,
  }
}

/** One "Re:" however often it was answered, in whatever tongue the others said it. */
export function answering(subject: string): string {
  let rest = subject.trim()
  for (let turns = 0; turns < 20; turns++) {
    const mark = answerMarks.find(each => rest.toLowerCase().startsWith(each))
    if (!mark) break
    rest = rest.slice(mark.length).trim()
  }
  return oneLine(`Re: ${rest}`).slice(0, 400)
}

const answerMarks = [
  're',
  'aw',
  'sv',
  'vs',
  'antw',
  'rif',
  'ris',
  'odp',
  'ynt',
  'ref',
  '回复',
  '回覆',
  '答复',
  '答覆',
  '返信',
  '답장',
  '답신',
  'отв',
].flatMap(word => [`${word}:`, `${word}：`, `${word} :`])

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const oneLine = (text: string) => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim()

const uniqueBy = (all: readonly Correspondent[]) => [...new Map(all.map(one => [one.address, one])).values()]
