import { and, eq, gt, min, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { reviveClocks } from '../clocks/carrying.ts'
import { startClocks, stopClocks } from '../clocks/clocks.ts'
import { pauseClocks, resumeClocks } from '../clocks/pauses.ts'
import { findNearest } from '../clocks/running.ts'
import { type ConversationRow, isOpen, lockConversation, setFields } from './conversations.ts'
import { messages, never } from './tables.ts'

type Standing = Pick<ConversationRow, 'category' | 'waitingFor'>

/** Stops what a reply answers, owes the next news, and answers when the nearest clock is due from now on. */
export async function timeReply(
  ctx: Ctx,
  conversation: ConversationRow,
  category: ConversationRow['category'],
): Promise<Date> {
  const { id } = conversation
  const byPerson = ctx.actor.kind === 'staff'
  let due = await stopClocks(ctx, [id], 'all', byPerson ? 'answered' : 'answered_by_robot')
  if (category === 'resolved') {
    await stopClocks(ctx, [id], 'all', 'resolved')
    return never
  }
  if (byPerson) {
    const started = await startClocks(ctx, [{ ...startOf(conversation), kind: 'update', at: ctx.now }])
    if (started.has(id)) due = started
  }
  const pause = pauseFor({ ...conversation, category })
  if (pause) due = await pauseClocks(ctx, [id], pause)
  return due.get(id) ?? never
}

/** Halts, lets go on, stops or starts what a change of status means for the clocks; answers when the nearest is due. */
export async function timeStatus(ctx: Ctx, before: ConversationRow, after: Standing): Promise<Date> {
  const { id } = before
  if (!isOpen(after)) {
    await stopClocks(ctx, [id], 'all', after.category)
    return never
  }
  if (!isOpen(before))
    await startClocks(
      ctx,
      (['resolution', 'update'] as const).map(kind => ({ ...startOf(before), kind, at: ctx.now })),
    )
  const pause = pauseFor(after)
  const due = await (pause ? pauseClocks(ctx, [id], pause) : resumeClocks(ctx, [id]))
  return due.get(id) ?? never
}

/** When a conversation ended, and since when its customer was waiting then. */
export const Ended = z.object({ endedAt: z.iso.datetime(), waitingSince: z.iso.datetime().nullable() })

/** Before it is opened again: its clocks go on as if they had not stopped, and who waited then waits since then. */
export async function undoEnding(
  ctx: Ctx,
  before: ConversationRow,
  { endedAt, waitingSince }: z.output<typeof Ended>,
) {
  if (isOpen(before)) return
  await reviveClocks(ctx, before.id, new Date(endedAt))
  if (waitingSince && new Date(waitingSince) <= ctx.now)
    await setFields(ctx, before.id, { waitingSince: new Date(waitingSince) })
}

/** The customer's first message after a person last answered. */
export async function findUnanswered(ctx: Ctx, id: string) {
  const answered = sql`coalesce((select max(seq) from messages where conversation_id = ${id} and kind = 'reply' and author_kind = 'staff'), 0)`
  const [row] = await ctx.db
    .select({ first: min(messages.createdAt) })
    .from(messages)
    .where(and(eq(messages.conversationId, id), eq(messages.kind, 'customer'), gt(messages.seq, answered)))
  return row?.first ?? null
}

/** After what runs was reckoned again by other hours. */
export async function followClocks(ctx: Ctx, id: string) {
  const { dueAt } = await lockConversation(ctx, id)
  const nearest = await findNearest(ctx, id)
  if (nearest.getTime() !== dueAt.getTime()) await setFields(ctx, id, { dueAt: nearest })
}

const startOf = ({ id, storeId, channelKind, channelId }: ConversationRow) => ({
  subjectId: id,
  storeId,
  channelKind,
  channelId,
})

const pauseFor = ({ category, waitingFor }: Standing) => {
  if (category === 'waiting_customer') return 'customer'
  return category === 'waiting_third_party' ? waitingFor : null
}
