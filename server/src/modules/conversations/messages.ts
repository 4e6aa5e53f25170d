import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../platform/context.ts'
import { customers } from '../customers/tables.ts'
import { deliveries } from '../outreach/tables.ts'
import { staff } from '../staff/tables.ts'
import { presentAttachment } from './attachments.ts'
import { type ConversationRow, getConversation } from './conversations.ts'
import { mailFacts, presentMail } from './mail/showing.ts'
import { mails } from './mail/tables.ts'
import type { Message, MessageRange } from './schemas.ts'
import { messages } from './tables.ts'

export type MessageRow = typeof messages.$inferSelect

/** Messages after or before a place, oldest first; without either, the newest. */
export async function listMessages(
  ctx: Ctx,
  conversationId: string,
  { afterSeq, beforeSeq, limit }: MessageRange,
) {
  const conversation = await getConversation(ctx, conversationId)
  const where = and(
    eq(messages.conversationId, conversationId),
    afterSeq === undefined ? undefined : gt(messages.seq, afterSeq),
    beforeSeq === undefined ? undefined : lt(messages.seq, beforeSeq),
  )
  const rows = await selectMessages(ctx)
    .where(where)
    .orderBy(afterSeq === undefined ? desc(messages.seq) : asc(messages.seq))
    .limit(limit)
  if (afterSeq === undefined) rows.reverse()
  const items = rows.map(row => presentMessage(row, conversation))
  return { items, lastSeq: conversation.lastSeq, hasEarlier: (items[0]?.seq ?? 1) > 1 }
}

export async function getMessage(ctx: Ctx, id: string, conversation: ConversationRow): Promise<Message> {
  const [row] = await selectMessages(ctx).where(eq(messages.id, id))
  return presentMessage(row!, conversation)
}

const author = alias(staff, 'author')
const writer = alias(customers, 'writer')

export const selectMessages = (ctx: Ctx) =>
  ctx.db
    .select({
      message: messages,
      staffName: author.name,
      customerName: writer.name,
      delivery: { id: deliveries.id, state: deliveries.state, reason: deliveries.reason },
      mail: mailFacts,
      bounce: sql<
        string | null
      >`(select reason from mail_reports where message_id = ${messages.id} and kind = 'bounce' order by id desc limit 1)`,
    })
    .from(messages)
    .leftJoin(author, eq(author.id, messages.authorId))
    .leftJoin(writer, eq(writer.id, messages.authorId))
    .leftJoin(deliveries, eq(deliveries.messageId, messages.id))
    .leftJoin(mails, eq(mails.messageId, messages.id))

type Selected = Awaited<ReturnType<typeof selectMessages>>[number]

export function presentMessage(
  { message, staffName, customerName, delivery, mail, bounce }: Selected,
  conversation: ConversationRow,
): Message {
  const { id, seq, kind, text, language, original, mentions, isWhisper, clientId, system, createdAt } =
    message
  const name = message.authorKind === 'customer' ? customerName : staffName
  return {
    id,
    seq,
    kind,
    author:
      message.authorKind === 'system'
        ? null
        : { kind: message.authorKind, id: message.authorId, name: name ?? '' },
    text,
    language,
    original,
    attachments: message.attachments.map(file => presentAttachment(file, '/api/files')),
    mentions,
    isWhisper,
    delivery: kind === 'reply' ? deliveryState(message, delivery, bounce, conversation) : null,
    clientId,
    system: system ?? null,
    mail: mail && presentMail(mail),
    createdAt,
  }
}

/** A chat needs no carrier: what stands in the thread is sent, and read once the visitor's cursor has passed it. */
function deliveryState(
  message: MessageRow,
  delivery: Selected['delivery'],
  bounce: string | null,
  conversation: ConversationRow,
): NonNullable<Message['delivery']> {
  if (bounce) return { id: delivery?.id ?? null, state: 'refused', reason: `bounced_${bounce}` }
  if (delivery?.state) {
    const states = {
      pending: 'queued',
      leased: 'queued',
      done: 'delivered',
      refused: 'refused',
      uncertain: 'uncertain',
      dead: 'refused',
    } as const
    return { id: delivery.id, state: states[delivery.state], reason: delivery.reason }
  }
  return { id: null, state: message.seq <= conversation.customerReadSeq ? 'read' : 'sent', reason: null }
}
