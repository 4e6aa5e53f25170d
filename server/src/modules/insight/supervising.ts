import { asc, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found, invalid, notFound, Refusal } from '../../platform/errors.ts'
import { moveConversation } from '../conversations/assignment.ts'
import { inVisibleStores, isOpen, lockConversation } from '../conversations/conversations.ts'
import { addNote } from '../conversations/notes.ts'
import type { Message } from '../conversations/schemas.ts'
import { conversations, isWaitingSql } from '../conversations/tables.ts'
import { moveToQueue } from '../routing/placing.ts'
import { isVisible, queueName, queuesInOrder } from '../routing/queues.ts'
import { setAvailability } from '../staff/availability.ts'
import { readerLocale } from '../staff/roles.ts'
import { getStaff } from '../staff/staff.ts'
import type { AwayState, NewMove, NewWhisper } from './schemas.ts'

const mostMoved = 200

/** Says something to the one who has a conversation: a private note that mentions him, and comes up before him at once. */
export async function whisper(
  ctx: Ctx,
  conversationId: string,
  { clientId, text }: NewWhisper,
): Promise<Message> {
  const conversation = await lockConversation(ctx, conversationId)
  const { assigneeId } = conversation
  if (!assigneeId) throw conflict('nobody_to_whisper_to', 'Nobody has this conversation.')
  if (assigneeId === ctx.actor.id)
    throw conflict('whisper_to_oneself', 'You have this conversation yourself; leave a note.')
  return addNote(ctx, conversationId, {
    ...{ clientId, text, attachmentIds: [], mentionIds: [assigneeId] },
    isWhisper: true,
  })
}

/**
 * Moves work to a person, a team or a queue, with the reason in the log of each conversation. What cannot be moved
 * stays where it is and is told with its reason; the rest moves all the same.
 */
export async function moveWork(ctx: Ctx, { what, to, note }: NewMove) {
  const ids = await idsOf(ctx, what)
  const inOrder = await queuesInOrder(ctx)
  const locale = await readerLocale(ctx)
  const queue =
    to.kind === 'queue'
      ? found(
          inOrder.find(one => one.id === to.id && isVisible(ctx, one)),
          'queue',
        )
      : null
  const moved: string[] = []
  const left: { id: string; code: string }[] = []
  // Each row is locked in one order, so that two who move the same work wait for each other.
  for (const id of ids.slice(0, mostMoved).toSorted()) {
    try {
      const before = await lockConversation(ctx, id)
      if (!isOpen(before)) throw conflict('conversation_done', 'This conversation is resolved.')
      if (to.kind === 'staff' && before.assigneeId === to.id)
        throw conflict('already_there', 'It is there already.')
      if (queue && queue.storeIds.length > 0 && !queue.storeIds.includes(before.storeId))
        throw invalid('queue_of_other_stores', 'This queue is for other stores.')
      await moveConversation(ctx, before, {
        staffId: to.kind === 'staff' ? to.id : null,
        why: note,
        ...(to.kind === 'team' && { teamId: to.id }),
        ...(queue && { queue: queueName(queue, locale) }),
      })
      if (queue) await moveToQueue(ctx, before, queue, inOrder)
      moved.push(id)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      left.push({ id, code: error.code })
    }
  }
  return { moved, left, isMore: ids.length > mostMoved }
}

async function idsOf(ctx: Ctx, what: NewMove['what']): Promise<string[]> {
  if (what.kind === 'conversations') return [...new Set(what.ids)]
  const holds =
    what.kind === 'staff'
      ? sql`category not in ('resolved', 'closed') and assignee_id = ${what.id}`
      : sql`${isWaitingSql} and queue_id = ${what.id}`
  const rows = await ctx.db
    .select({ id: conversations.id })
    .from(conversations)
    .where(sql`${holds} and ${inVisibleStores(ctx) ?? sql`true`}`)
    .orderBy(asc(conversations.dueAt), asc(conversations.id))
    .limit(mostMoved + 1)
  return rows.map(({ id }) => id)
}

/** For who left without saying so; what waited with him is given to others. */
export async function setAway(ctx: Ctx, staffId: string, { state, reason }: AwayState) {
  const person = await getStaff(ctx, staffId)
  const { storeIds } = ctx.actor
  if (storeIds !== 'all' && person.storeIds && !person.storeIds.some(id => storeIds.includes(id)))
    throw notFound('staff')
  const answer = await setAvailability(ctx, staffId, state, reason || 'set_by_supervisor')
  ctx.audit('staff.availability_set', `staff:${staffId}`, ['availability'])
  return answer
}
