import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, invalid } from '../../../platform/errors.ts'
import { type ConversationRow, getConversation, inVisibleStores } from '../conversations.ts'
import { mails } from '../mail/tables.ts'
import { presentMessage, selectMessages } from '../messages.ts'
import { conversations, messages } from '../tables.ts'
import { conversationSplits } from './tables.ts'

export type Chosen = Awaited<ReturnType<typeof findChosen>>[number]

/** The customer's messages at these places, in their order; each belongs to one matter only. */
export async function findChosen(ctx: Ctx, { id }: ConversationRow, seqs: readonly number[]) {
  const rows = await ctx.db
    .select({ message: messages, mail: mails })
    .from(messages)
    .leftJoin(mails, eq(mails.messageId, messages.id))
    .where(
      and(
        eq(messages.conversationId, id),
        eq(messages.kind, 'customer'),
        sql`${messages.seq} = any(${sql.param([...seqs])}::int[])`,
      ),
    )
    .orderBy(asc(messages.seq))
  const found = new Set(rows.map(({ message }) => message.seq))
  const others = seqs.filter(seq => !found.has(seq))
  if (others.length > 0)
    throw invalid('not_of_the_customer', 'Only what the customer wrote in this conversation is split off.', {
      seqs: others,
    })
  const taken = await ctx.db
    .select({ intoId: conversationSplits.intoId })
    .from(conversationSplits)
    .where(
      and(
        eq(conversationSplits.fromId, id),
        sql`${conversationSplits.messageIds} && ${sql.param(rows.map(({ message }) => message.id))}::uuid[]`,
      ),
    )
  if (taken[0])
    throw conflict('already_split_off', 'One of these was split off into another conversation already.', {
      intoId: taken[0].intoId,
    })
  return rows
}

/** What was said in a conversation and is still its matter; where it was split off, with what it was made of. */
export const isSaidIn = (id: string): SQL =>
  sql`(${messages.conversationId} = ${id}
      and ${messages.id} <> all(array(select unnest(message_ids) from conversation_splits where from_id = ${id}))
    or ${messages.id} = any(array(select unnest(message_ids) from conversation_splits where into_id = ${id})))`

/** The newest first: what was split off was said before all that was said in the new one. */
export const newestSaidIn = (id: string) => [
  desc(sql`${messages.conversationId} = ${id}`),
  desc(messages.seq),
]

/** What this conversation was made of, for whoever sees it, though he may not see where that was written. */
export async function listSplitMessages(ctx: Ctx, id: string) {
  const conversation = await getConversation(ctx, id)
  const rows = await selectMessages(ctx)
    .innerJoin(conversationSplits, sql`${messages.id} = any(${conversationSplits.messageIds})`)
    .where(eq(conversationSplits.intoId, id))
    .orderBy(asc(messages.seq))
  return rows.map(row => presentMessage(row, conversation))
}

/** Refuses whoever sees neither the conversation of such a message nor one that it was split off into. */
export async function refuseUnseen(ctx: Ctx, conversationId: string, isMeant: SQL) {
  const [split] = await ctx.db
    .select({ id: conversations.id })
    .from(conversationSplits)
    .innerJoin(conversations, eq(conversations.id, conversationSplits.intoId))
    .innerJoin(messages, sql`${messages.id} = any(${conversationSplits.messageIds})`)
    .where(and(eq(conversationSplits.fromId, conversationId), inVisibleStores(ctx), isMeant))
    .limit(1)
  if (!split) await getConversation(ctx, conversationId)
}
