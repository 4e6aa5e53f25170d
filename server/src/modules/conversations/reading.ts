import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { aboutOf, type ConversationRow, getConversation } from './conversations.ts'
import { conversationRead } from './events.ts'
import { conversationReads, conversations, mentions, messages } from './tables.ts'

/** A colleague has read up to `seq`; reading never goes backwards. The visitor sees that he was read. */
export async function markRead(ctx: Ctx, conversationId: string, seq: number) {
  const conversation = await getConversation(ctx, conversationId)
  const upTo = Math.min(seq, conversation.lastSeq)
  const unreadAfter = ctx.db
    .select({ n: sql<number>`count(*)::int` })
    .from(messages)
    .where(
      and(eq(messages.conversationId, conversationId), gt(messages.seq, upTo), eq(messages.kind, 'customer')),
    )
  const customerCount = sql<number>`${conversation.customerCount} - (${unreadAfter})`
  const moved = await ctx.db
    .insert(conversationReads)
    .values({ conversationId, staffId: ctx.actor.id!, seq: upTo, customerCount })
    .onConflictDoUpdate({
      target: [conversationReads.conversationId, conversationReads.staffId],
      set: { seq: sql`excluded.seq`, customerCount: sql`excluded.customer_count` },
      setWhere: sql`excluded.seq > ${conversationReads.seq}`,
    })
    .returning()
  await ctx.db
    .update(mentions)
    .set({ seenAt: ctx.now })
    .where(
      and(
        eq(mentions.staffId, ctx.actor.id!),
        eq(mentions.conversationId, conversationId),
        isNull(mentions.seenAt),
      ),
    )
  if (moved.length > 0) await advance(ctx, conversation, 'staff', upTo)
}

/** As if the customer's last message had not been seen; others' reading and the customer's ticks stay. */
export async function markUnread(ctx: Ctx, conversationId: string) {
  const { customerCount } = await getConversation(ctx, conversationId)
  const last = ctx.db
    .select({ seq: sql<number>`max(${messages.seq})` })
    .from(messages)
    .where(and(eq(messages.conversationId, conversationId), eq(messages.kind, 'customer')))
  await ctx.db
    .update(conversationReads)
    .set({ seq: sql`(${last}) - 1`, customerCount: customerCount - 1 })
    .where(
      and(
        eq(conversationReads.conversationId, conversationId),
        eq(conversationReads.staffId, ctx.actor.id!),
        sql`${conversationReads.seq} >= (${last})`,
      ),
    )
}

export const markReadByCustomer = (ctx: Ctx, conversation: ConversationRow, seq: number) =>
  advance(ctx, conversation, 'customer', Math.min(seq, conversation.lastSeq))

async function advance(ctx: Ctx, conversation: ConversationRow, by: 'customer' | 'staff', seq: number) {
  const column = by === 'customer' ? conversations.customerReadSeq : conversations.agentReadSeq
  const moved = await ctx.db
    .update(conversations)
    .set(by === 'customer' ? { customerReadSeq: seq } : { agentReadSeq: seq })
    .where(and(eq(conversations.id, conversation.id), lt(column, seq)))
    .returning({ id: conversations.id })
  if (moved.length > 0)
    ctx.emit(conversationRead, { ...aboutOf(conversation), by, seq }, { conversationId: conversation.id })
}
