import { and, asc, desc, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { type ConversationRow, inVisibleStores } from './conversations.ts'
import { assignments, conversations, isWaitingChatSql } from './tables.ts'

/** Chats nobody has taken, the longest waiting first. */
export const listWaitingChats = (ctx: Ctx, limit = 100) =>
  ctx.db
    .select()
    .from(conversations)
    .where(and(isWaitingChatSql, inVisibleStores(ctx)))
    .orderBy(asc(conversations.waitingSince), asc(conversations.id))
    .limit(limit)

const hour = 3_600_000
const fewestForEstimate = 3

/**
 * A waiting visitor's place, counted among the chats of his store, and how long the wait is likely to be: his
 * place times the mean time between the last ten takings of the past hour. With fewer than three there is
 * nothing honest to say, and the estimate is null.
 */
export async function findQueuePlace(
  ctx: Ctx,
  conversation: ConversationRow,
): Promise<{ place: number; estimateSeconds: number | null } | null> {
  if (conversation.assigneeId !== null || conversation.waitingSince === null) return null
  const [ahead] = await ctx.db
    .select({ n: sql<number>`count(*)::int` })
    .from(conversations)
    .where(
      and(
        isWaitingChatSql,
        eq(conversations.storeId, conversation.storeId),
        sql`(${conversations.waitingSince}, ${conversations.id}) < (${conversation.waitingSince}, ${conversation.id}::uuid)`,
      ),
    )
  const place = (ahead?.n ?? 0) + 1
  const taken = await ctx.db
    .select({ at: assignments.at })
    .from(assignments)
    .innerJoin(conversations, eq(conversations.id, assignments.conversationId))
    .where(
      and(
        isNotNull(assignments.waitedSeconds),
        gt(assignments.at, new Date(ctx.now.getTime() - hour)),
        eq(conversations.storeId, conversation.storeId),
      ),
    )
    .orderBy(desc(assignments.at))
    .limit(10)
  if (taken.length < fewestForEstimate) return { place, estimateSeconds: null }
  const span = ctx.now.getTime() - taken.at(-1)!.at.getTime()
  return { place, estimateSeconds: Math.max(1, Math.round((place * span) / taken.length / 1_000)) }
}
