import { and, asc, desc, eq, gt, lte, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { MailSettings } from '../../channels/mail/settings.ts'
import { channels } from '../../channels/tables.ts'
import { findBlocked } from '../../customers/blocking.ts'
import { identities } from '../../customers/tables.ts'
import { queueDelivery } from '../../outreach/deliveries.ts'
import { findSuppressions } from '../../outreach/suppressions.ts'
import { stores } from '../../settings/tables.ts'
import { type ConversationRow, lockConversation } from '../conversations.ts'
import { messages } from '../tables.ts'
import { followUpText } from './follow-up-texts.ts'
import { addParticipants } from './keeping.ts'
import { chatFollowUps } from './tables.ts'

const second = 1_000
/** Two minutes unattended, and a visitor is taken to have left (domain.md §3.4; a preset, verified 2026-11-22). */
const waits = 120 * second

/** Remembers to mail a chat's reply, should its visitor not be there to read it. */
export async function planFollowUp(ctx: Ctx, conversationId: string) {
  const dueAt = new Date(ctx.now.getTime() + waits)
  await ctx.db
    .insert(chatFollowUps)
    .values({ conversationId, dueAt, mailedSeq: 0 })
    .onConflictDoUpdate({ target: chatFollowUps.conversationId, set: { dueAt } })
}

/**
 * Sends by mail what visitors have not read although it was said a while ago, to the address they gave; each line
 * once.
 */
export async function followUpByMail(ctx: Ctx): Promise<boolean> {
  const isDue = lte(chatFollowUps.dueAt, ctx.now)
  const [next] = await ctx.db
    .select()
    .from(chatFollowUps)
    .where(isDue)
    .orderBy(asc(chatFollowUps.dueAt))
    .limit(1)
  if (!next) return false
  const conversation = await lockConversation(ctx, next.conversationId)
  const [due] = await ctx.db
    .select()
    .from(chatFollowUps)
    .where(and(eq(chatFollowUps.conversationId, conversation.id), isDue))
  if (!due) return true
  const unseen = await findUnseen(ctx, conversation, due.mailedSeq)
  if (unseen.length > 0) await send(ctx, conversation, unseen)
  await ctx.db
    .update(chatFollowUps)
    .set({ dueAt: null, mailedSeq: unseen.at(-1)?.seq ?? due.mailedSeq })
    .where(eq(chatFollowUps.conversationId, conversation.id))
  return true
}

type Line = typeof messages.$inferSelect

const findUnseen = (ctx: Ctx, { id, customerReadSeq }: ConversationRow, mailedSeq: number): Promise<Line[]> =>
  ctx.db
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, id),
        eq(messages.kind, 'reply'),
        gt(messages.seq, Math.max(customerReadSeq, mailedSeq)),
      ),
    )
    .orderBy(asc(messages.seq))
    .limit(50)

async function send(ctx: Ctx, conversation: ConversationRow, unseen: Line[]) {
  const [channel] = await ctx.db
    .select({ id: channels.id, settings: channels.settings, storeName: stores.name })
    .from(channels)
    .innerJoin(stores, eq(stores.id, channels.storeId))
    .where(
      and(
        eq(channels.storeId, conversation.storeId),
        eq(channels.kind, 'mail'),
        eq(channels.active, true),
        sql`${channels.settings}->'smtp' <> 'null'`,
      ),
    )
    .orderBy(asc(channels.id))
    .limit(1)
  const address = await findAddress(ctx, conversation.customerId)
  if (!channel || !address || (await findSuppressions(ctx, [address])).size > 0) return
  if ((await findBlocked(ctx, [conversation.identityId])).size > 0) return
  const settings = MailSettings.parse(channel.settings)
  const words = followUpText(conversation.language)
  const last = unseen.at(-1)!
  await addParticipants(ctx, [{ conversationId: conversation.id, address }])
  await queueDelivery(ctx, {
    channelId: channel.id,
    messageId: last.id,
    conversationId: conversation.id,
    idemKey: `follow-up:${last.id}`,
    payload: {
      seq: last.seq,
      to: address,
      text: [words.intro, ...unseen.map(line => line.text)].join('\n\n'),
      attachments: unseen.flatMap(line => line.attachments),
      sentAt: ctx.now.toISOString(),
      mail: {
        senderName: settings.senderName || channel.storeName,
        to: [{ name: '', address }],
        cc: [],
        bcc: [],
        subject: words.subject.replace('{store}', channel.storeName),
        answers: [],
        signature: settings.signature,
        quote: null,
        auto: null,
      },
    },
  })
}

async function findAddress(ctx: Ctx, customerId: string) {
  const [row] = await ctx.db
    .select({ value: identities.value })
    .from(identities)
    .where(and(eq(identities.customerId, customerId), eq(identities.kind, 'email')))
    .orderBy(desc(identities.isVerified), desc(identities.createdAt))
    .limit(1)
  return row?.value
}
