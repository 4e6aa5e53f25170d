import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { carryAnswer } from '../../clocks/carrying.ts'
import { startClocks } from '../../clocks/clocks.ts'
import { resumeClocks } from '../../clocks/pauses.ts'
import { findNearest } from '../../clocks/running.ts'
import { type ConversationRow, setFields } from '../conversations.ts'
import { mails } from '../mail/tables.ts'
import { conversationMerges } from '../merging/tables.ts'
import { messages } from '../tables.ts'
import type { Chosen } from './chosen.ts'

/**
 * Starts what is owed in the new conversation: an answer, since the earliest of its messages that has none. The
 * other goes on waiting unless all it waits for went over; then its clock for an answer goes along, so that a split
 * makes nothing due later and tells nothing twice.
 */
export async function divideWait(
  ctx: Ctx,
  origin: ConversationRow,
  intoId: string,
  chosen: readonly Chosen[],
): Promise<{ waitingSince: Date | null; dueAt: Date; isOver: boolean }> {
  const unanswered = await findUnanswered(ctx, origin)
  const seqs = new Set(chosen.map(({ message }) => message.seq))
  const goingOver = unanswered.filter(({ seq }) => seqs.has(seq))
  const waitingSince = goingOver.map(({ at }) => at).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null
  const isOver =
    waitingSince !== null && goingOver.length === unanswered.length && !(await waitsForMerged(ctx, origin.id))
  const isCarried = isOver && (await carryAnswer(ctx, origin.id, intoId))
  const { storeId, channelKind, channelId } = origin
  await startClocks(ctx, [
    {
      ...{ subjectId: intoId, storeId, channelKind, channelId, episode: 'opened' },
      kind: waitingSince && !isCarried ? 'first_response' : 'resolution',
      at: waitingSince ?? ctx.now,
    },
  ])
  await resumeClocks(ctx, [intoId])
  if (isOver)
    await setFields(ctx, origin.id, { waitingSince: null, dueAt: await findNearest(ctx, origin.id) })
  return { waitingSince, dueAt: await findNearest(ctx, intoId), isOver }
}

/**
 * What the customer wrote since he began to wait, and no person answered. A machine's mail waits for nobody. By
 * `seq`, not by time: a mail may come in after a later one.
 */
async function findUnanswered(ctx: Ctx, { id, waitingSince }: ConversationRow) {
  if (!waitingSince) return []
  const ofCustomer = and(eq(messages.conversationId, id), eq(messages.kind, 'customer'))
  const [first] = await ctx.db
    .select({ seq: messages.seq })
    .from(messages)
    .where(and(ofCustomer, sql`${messages.createdAt} >= ${waitingSince}`))
    .orderBy(asc(messages.seq))
    .limit(1)
  const answered = (await findLastAnswer(ctx, id))?.seq ?? 0
  return ctx.db
    .select({ seq: messages.seq, at: messages.createdAt })
    .from(messages)
    .leftJoin(mails, eq(mails.messageId, messages.id))
    .where(
      and(
        ofCustomer,
        sql`${messages.seq} >= ${first?.seq ?? 0} and ${messages.seq} > ${answered}`,
        sql`${mails.automatic} is distinct from 'auto_replied'`,
      ),
    )
}

/** Whether somebody waits here whose messages stand in a conversation that was merged into this one. */
async function waitsForMerged(ctx: Ctx, id: string) {
  const merges = await ctx.db
    .select()
    .from(conversationMerges)
    .where(and(eq(conversationMerges.intoId, id), isNull(conversationMerges.undoneAt)))
  const answeredAt = (await findLastAnswer(ctx, id))?.at ?? new Date(0)
  return merges.some(({ fromStood, at }) => fromStood.waitingSince !== null && at > answeredAt)
}

async function findLastAnswer(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({ seq: messages.seq, at: messages.createdAt })
    .from(messages)
    .where(and(eq(messages.conversationId, id), eq(messages.kind, 'reply'), eq(messages.authorKind, 'staff')))
    .orderBy(desc(messages.seq))
    .limit(1)
  return row
}
