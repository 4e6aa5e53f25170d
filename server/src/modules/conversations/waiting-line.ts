import { and, asc, desc, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { type ConversationRow, inVisibleStores } from './conversations.ts'
import { assignments, conversations, isWaitingSql, priorities } from './tables.ts'

/** The higher, the sooner. */
export const prioritySql = sql`array_position(array[${sql.raw(
  priorities.map(word => `'${word}'`).join(', '),
)}], ${conversations.priority})`

/** Urgent before low, VIP before others, then the longest waiting: the order in which a queue is served. */
export const lineOrder = [
  desc(prioritySql),
  desc(conversations.isVip),
  asc(conversations.waitingSince),
  asc(conversations.id),
]

/** Chats nobody has taken, in the order they are served. */
export const listWaitingChats = (ctx: Ctx, limit = 100) =>
  ctx.db
    .select()
    .from(conversations)
    .where(and(isWaitingSql, eq(conversations.channelKind, 'web_chat'), inVisibleStores(ctx)))
    .orderBy(...lineOrder)
    .limit(limit)

const hour = 3_600_000
const fewestForEstimate = 3

/**
 * A waiting visitor's place in his queue (before he has one, among the chats of his store), and how long the wait
 * is likely to be: his place times the mean time between the last ten takings of the past hour. With fewer than
 * three there is nothing honest to say, and the estimate is null.
 */
export async function findQueuePlace(
  ctx: Ctx,
  conversation: ConversationRow,
): Promise<{ place: number; estimateSeconds: number | null } | null> {
  if (conversation.assigneeId !== null || conversation.waitingSince === null) return null
  const [ahead] = await ctx.db
    .select({ n: sql<number>`count(*)::int` })
    .from(conversations)
    .where(and(isWaitingSql, inSameLine(conversation), isBefore(conversation)))
  const place = (ahead?.n ?? 0) + 1
  const taken = await ctx.db
    .select({ at: assignments.at })
    .from(assignments)
    .innerJoin(conversations, eq(conversations.id, assignments.conversationId))
    .where(
      and(
        isNotNull(assignments.waitedSeconds),
        gt(assignments.at, new Date(ctx.now.getTime() - hour)),
        inSameLine(conversation),
      ),
    )
    .orderBy(desc(assignments.at))
    .limit(10)
  if (taken.length < fewestForEstimate) return { place, estimateSeconds: null }
  const span = ctx.now.getTime() - taken.at(-1)!.at.getTime()
  return { place, estimateSeconds: Math.max(1, Math.round((place * span) / taken.length / 1_000)) }
}

const inSameLine = ({ queueId, queuedAt, waitingSince, storeId }: ConversationRow) =>
  queueId && queuedAt! >= waitingSince!
    ? eq(conversations.queueId, queueId)
    : and(eq(conversations.storeId, storeId), eq(conversations.channelKind, 'web_chat'))

/** Compared as the line is ordered: what counts more comes first, so the signs of the first two turn. */
const isBefore = ({ priority, isVip, waitingSince, id }: ConversationRow) =>
  sql`(-${prioritySql}, not ${conversations.isVip}, ${conversations.waitingSince}, ${conversations.id})
    < (${-priorities.indexOf(priority) - 1}, ${!isVip}, ${waitingSince}, ${id}::uuid)`
