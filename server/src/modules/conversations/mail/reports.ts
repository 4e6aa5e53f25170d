import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../../platform/columns.ts'
import type { Ctx } from '../../../platform/context.ts'
import type { Mail, Report } from '../../../platform/mail/mail.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import { finishInbound, type InboundHead, ignoreInbound } from '../../channels/ledger.ts'
import { readMailId } from '../../channels/mail/reply-token.ts'
import { noteBounce, noteComplaint } from '../../outreach/suppressions.ts'
import { deliveries } from '../../outreach/tables.ts'
import { lockConversation, setFields } from '../conversations.ts'
import { addSystemLine } from '../writing.ts'
import { mailReports } from './tables.ts'
import { conversationInToken } from './threading.ts'

type Reported = { item: InboundHead; mail: Mail }

/**
 * Ties a bounce, delay or complaint to the mail that caused it, shows it there, and remembers what it says about
 * the address. A report that names no mail of ours is kept in the ledger and believed in nothing: anybody can
 * write one.
 */
export async function noteReport(ctx: Ctx, secrets: Secrets, { item, mail }: Reported) {
  const report = mail.report!
  const cause = await findCause(ctx, secrets, mail)
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

/** The mail of ours it names, whether a reply or a chat that went on by mail, and whom that was sent to. */
async function findCause(ctx: Ctx, secrets: Secrets, mail: Mail): Promise<Cause | null> {
  const ids = [mail.report!.original.messageId, ...mail.inReplyTo, ...mail.references]
  for (const id of ids.slice(0, 50)) {
    const named = id === null ? null : readMailId(secrets, id)
    const [sent] = named
      ? await ctx.db
          .select({ payload: deliveries.payload })
          .from(deliveries)
          .where(
            and(
              eq(deliveries.messageId, named.messageId),
              eq(deliveries.conversationId, named.conversationId),
            ),
          )
      : []
    if (!named || !sent?.payload.mail) continue
    const { to, cc, bcc } = sent.payload.mail
    return { ...named, recipients: [...to, ...cc, ...bcc].map(({ address }) => address) }
  }
  const conversationId = conversationInToken(secrets, mail)
  return conversationId ? { conversationId, messageId: null, recipients: [] } : null
}

const longestDiagnostic = 2_000
