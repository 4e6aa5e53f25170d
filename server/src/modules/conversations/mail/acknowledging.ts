import { and, asc, count, eq, gt } from 'drizzle-orm'
import { uuidv7 } from '../../../platform/columns.ts'
import type { Ctx } from '../../../platform/context.ts'
import { mayAnswerAutomatically } from '../../../platform/mail/automatic.ts'
import type { Correspondent } from '../../../platform/mail/mail.ts'
import { MailSettings, ownAddresses } from '../../channels/mail/settings.ts'
import { channels } from '../../channels/tables.ts'
import { findBlocked } from '../../customers/blocking.ts'
import { customers } from '../../customers/tables.ts'
import { queueDelivery } from '../../outreach/deliveries.ts'
import { findSuppressions } from '../../outreach/suppressions.ts'
import { storeHours } from '../../settings/calendars.ts'
import { stores } from '../../settings/tables.ts'
import { textsFor } from '../../settings/texts.ts'
import { type ConversationRow, lockConversation } from '../conversations.ts'
import { conversations, messages } from '../tables.ts'
import { addAutomaticReply } from '../writing.ts'
import { acknowledgementFor } from './acknowledgement-texts.ts'
import { writeMail } from './replying.ts'
import { automaticMails, mails } from './tables.ts'

const day = 86_400_000
/** Of any kind and from any conversation: whom somebody else's mails name is not to drown in ours. */
const mostADay = 3

/**
 * Tells a customer that his mail has come in, once a day and address, in his language. Never a robot, a list or an
 * address of ours; and whom his own domain does not vouch for only where we have written to him before. What he
 * wrote, its subject included, is not repeated.
 */
export async function acknowledge(ctx: Ctx, conversationId: string) {
  const conversation = await lockConversation(ctx, conversationId)
  if (conversation.channelKind !== 'mail' || conversation.lastSeq !== 1) return
  const [first] = await ctx.db
    .select({ mail: mails, settings: channels.settings })
    .from(messages)
    .innerJoin(mails, eq(mails.messageId, messages.id))
    .innerJoin(channels, eq(channels.id, mails.channelId))
    .where(and(eq(messages.conversationId, conversationId), eq(mails.direction, 'in')))
    .orderBy(asc(messages.seq))
    .limit(1)
  if (!first) return
  const decision = await decide(ctx, conversation, first.mail, MailSettings.parse(first.settings))
  await ctx.db
    .update(mails)
    .set({ acknowledgement: decision })
    .where(eq(mails.messageId, first.mail.messageId))
}

/** `sent`, or the first reason against it. */
async function decide(
  ctx: Ctx,
  conversation: ConversationRow,
  mail: typeof mails.$inferSelect,
  settings: MailSettings,
) {
  const address = mail.sender?.address
  if (!settings.acknowledge) return 'switched_off'
  if (!address || ownAddresses(settings).includes(address)) return 'own_address'
  if (!mayAnswerAutomatically({ ...mail, from: mail.sender })) return 'automatic'
  const isVouchedFor = mail.authentication?.dmarc.result === 'pass'
  if (!isVouchedFor && !(await wroteBefore(ctx, conversation))) return 'not_vouched_for'
  if ((await findBlocked(ctx, [conversation.identityId])).size > 0) return 'sender_blocked'
  if ((await findSuppressions(ctx, [address])).size > 0) return 'suppressed'
  const { kind, subject, text } = await wordFor(ctx, conversation)
  if (!(await takeFromBudget(ctx, { address, kind, conversationId: conversation.id }))) return 'budget_spent'
  await send(ctx, conversation, { subject, text, to: mail.sender! })
  return 'sent'
}

async function wordFor(ctx: Ctx, { storeId, language, customerId, number }: ConversationRow) {
  const [customer] = await ctx.db
    .select({ language: customers.language, zone: customers.zone })
    .from(customers)
    .where(eq(customers.id, customerId))
  const [store] = await ctx.db.select().from(stores).where(eq(stores.id, storeId))
  const locale = language ?? customer?.language ?? store!.languages[0] ?? 'en'
  const own = await textsFor(ctx, storeId, locale)
  const builtIn = acknowledgementFor(locale)
  const { open, opensAt } = await storeHours(ctx, storeId)
  const kind = open || !opensAt ? ('received' as const) : ('closed' as const)
  const opening = opensAt
    ? new Intl.DateTimeFormat(locale, {
        dateStyle: 'full',
        timeStyle: 'short',
        timeZone: customer?.zone ?? store!.zone,
      }).format(opensAt)
    : ''
  const fill = (text: string) => text.replaceAll('{number}', `#${number}`).replaceAll('{opening}', opening)
  return { kind, subject: fill(builtIn.subject), text: fill(own[`mail.${kind}`] ?? builtIn[kind]) }
}

async function wroteBefore(ctx: Ctx, { customerId }: ConversationRow) {
  const [reply] = await ctx.db
    .select({ id: mails.messageId })
    .from(mails)
    .innerJoin(messages, eq(messages.id, mails.messageId))
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .where(
      and(
        eq(conversations.customerId, customerId),
        eq(messages.authorKind, 'staff'),
        eq(mails.direction, 'out'),
      ),
    )
    .limit(1)
  return reply !== undefined
}

/** One of each kind a day, and a few of all kinds; reactions run one after the other, so looking first is enough. */
async function takeFromBudget(ctx: Ctx, mail: { address: string; kind: string; conversationId: string }) {
  const recent = and(
    eq(automaticMails.address, mail.address),
    gt(automaticMails.at, new Date(ctx.now.getTime() - day)),
  )
  const [all] = await ctx.db.select({ n: count() }).from(automaticMails).where(recent)
  const [same] = await ctx.db
    .select({ n: count() })
    .from(automaticMails)
    .where(and(recent, eq(automaticMails.kind, mail.kind)))
  if (all!.n >= mostADay || same!.n > 0) return false
  const taken = await ctx.db
    .insert(automaticMails)
    .values({ id: uuidv7(), ...mail, at: ctx.now })
    .onConflictDoNothing()
    .returning({ id: automaticMails.id })
  return taken.length > 0
}

async function send(
  ctx: Ctx,
  conversation: ConversationRow,
  { subject, text, to }: { subject: string; text: string; to: Correspondent },
) {
  const message = await addAutomaticReply(ctx, conversation, text)
  // Never where Reply-To points: a robot of ours would write to whomever a stranger names there.
  const options = { to: [to], subject, cc: [], bcc: [] }
  const mail = await writeMail(ctx, conversation, message.id, { text, options, auto: 'auto-replied' })
  await queueDelivery(ctx, {
    channelId: conversation.channelId,
    messageId: message.id,
    conversationId: conversation.id,
    idemKey: `message:${message.id}`,
    payload: {
      seq: message.seq,
      to: mail.to[0]!.address,
      text,
      attachments: [],
      sentAt: ctx.now.toISOString(),
      mail,
    },
  })
}
