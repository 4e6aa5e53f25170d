import { and, eq, inArray } from 'drizzle-orm'
import { uuidv7 } from '../../../platform/columns.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Mail, Report } from '../../../platform/mail/mail.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import { type ClaimedInbound, finishInbound, ignoreInbound } from '../../channels/ledger.ts'
import { readMailId } from '../../channels/mail/reply-token.ts'
import { noteBounce, noteComplaint } from '../../outreach/suppressions.ts'
import { lockConversation, setFields } from '../conversations.ts'
import { messages } from '../tables.ts'
import { addSystemLine } from '../writing.ts'
import { mailReports, mails } from './tables.ts'
import { conversationInToken } from './threading.ts'

type Reported = { item: ClaimedInbound; channel: { id: string }; mail: Mail }

/**
 * Ties a bounce, delay or complaint to the mail that caused it, shows it there, and remembers what it says about
 * the address. A report that names no mail of ours is kept in the ledger and believed in nothing: anybody can
 * write one.
 */
export async function noteReport(ctx: Ctx, secrets: Secrets, { item, channel, mail }: Reported) {
  const report = mail.report!
  const cause = await findCause(ctx, secrets, channel.id, mail)
  if (!cause) return ignoreInbound(ctx, item.id, 'report_untied')
  const conversation = await lockConversation(ctx, cause.conversationId)
  const recipients = recipientsOf(report, cause.recipients)
  await ctx.db.insert(mailReports).values(
    recipients.map(recipient => ({
      ...{ id: uuidv7(), messageId: cause.messageId, conversationId: conversation.id, inboundId: item.id },
      ...{ kind: report.kind as 'bounce', at: ctx.now },
      ...recipient,
      diagnostic: recipient.diagnostic?.slice(0, longestDiagnostic) ?? null,
    })),
  )
  const [first] = recipients
  const line = await addSystemLine(ctx, conversation, `mail.${report.kind}`, {
    addresses: recipients.flatMap(recipient => recipient.address ?? []).slice(0, 10),
    class: first!.class,
    status: first!.status,
    reason: first!.reason,
    diagnostic: first!.diagnostic?.slice(0, 300) ?? null,
  })
  if (report.kind === 'bounce' && conversation.category === 'waiting_customer')
    await setFields(ctx, conversation.id, { category: 'open' })
  for (const recipient of recipients) await remember(ctx, report.kind, recipient)
  await finishInbound(ctx, [{ id: item.id, conversationId: conversation.id, messageId: line.id }])
}

type Recipient = Report['recipients'][number]

async function remember(ctx: Ctx, kind: Report['kind'], { address, class: how, reason, status }: Recipient) {
  if (!address) return
  const detail = [status, reason].filter(Boolean).join(' ')
  if (kind === 'complaint') await noteComplaint(ctx, address, ctx.now, detail)
  else if (kind === 'bounce' && how) await noteBounce(ctx, { address, class: how, at: ctx.now, detail })
}

/** Whom it is about: whom it names among those we wrote to; where it names nobody, the only one we wrote to. */
function recipientsOf({ recipients }: Report, written: readonly string[]): Recipient[] {
  const named = recipients.filter(({ address }) => address && written.includes(address.toLowerCase()))
  if (named.length > 0) return named.slice(0, 50)
  const [
    first = {
      address: null,
      status: null,
      replyCode: null,
      class: null,
      reason: 'unknown',
      diagnostic: null,
    },
  ] = recipients
  // Aliases and forwarders report on addresses nobody wrote to; then the one we wrote to is the one that fails.
  return [{ ...first, address: written.length === 1 ? written[0]! : null }]
}

type Cause = { conversationId: string; messageId: string | null; recipients: string[] }

async function findCause(ctx: Ctx, secrets: Secrets, channelId: string, mail: Mail): Promise<Cause | null> {
  const ids = [mail.report!.original.messageId, ...mail.inReplyTo, ...mail.references].filter(
    id => id !== null,
  )
  for (const id of ids) {
    const named = readMailId(secrets, id)
    const cause = named && (await readCause(ctx, eq(mails.messageId, named.messageId)))
    if (cause?.conversationId === named?.conversationId && cause) return cause
  }
  if (ids.length > 0) {
    const cause = await readCause(
      ctx,
      and(inArray(mails.mailId, ids.slice(0, 50)), eq(mails.channelId, channelId)),
    )
    if (cause) return cause
  }
  const conversationId = conversationInToken(secrets, mail)
  return conversationId ? { conversationId, messageId: null, recipients: [] } : null
}

async function readCause(ctx: Ctx, which: ReturnType<typeof and>): Promise<Cause | null> {
  const [row] = await ctx.db
    .select({ mail: mails, conversationId: messages.conversationId })
    .from(mails)
    .innerJoin(messages, eq(messages.id, mails.messageId))
    .where(and(which, eq(mails.direction, 'out')))
    .limit(1)
  if (!row) return null
  const recipients = [...row.mail.to, ...row.mail.cc, ...row.mail.bcc].map(({ address }) => address)
  return { conversationId: row.conversationId, messageId: row.mail.messageId, recipients }
}

const longestDiagnostic = 2_000
