import type { Ctx } from '../../platform/context.ts'
import { conflict } from '../../platform/errors.ts'
import { stopClocks } from '../clocks/clocks.ts'
import {
  aboutOf,
  type ConversationRow,
  getConversation,
  isOpen,
  lockConversation,
  setFields,
  subjectOf,
} from './conversations.ts'
import { conversationChanged } from './events.ts'
import { setStatus } from './status.ts'
import { never } from './tables.ts'
import { findUnanswered, undoEnding } from './timing.ts'

/** Nobody owes an answer to it: it is closed and set apart, and no figure of service counts it. */
export async function markSpam(ctx: Ctx, id: string) {
  const before = await lockConversation(ctx, id)
  if (before.spamAt) return before
  if (before.mergedIntoId)
    throw conflict('conversation_merged', 'This conversation was merged into another.', {
      intoId: before.mergedIntoId,
    })
  // Some policies tell spam from other ends; what they do not name ends as it was closed.
  await stopClocks(ctx, [id], 'all', 'spam')
  await stopClocks(ctx, [id], 'all', 'closed')
  await setFields(ctx, id, {
    ...{ category: 'closed', waitingFor: null, labelId: null, snoozedUntil: null },
    ...{ waitingSince: null, dueAt: never, spamAt: ctx.now },
    ...{ resolvedAt: before.resolvedAt ?? ctx.now, resolvedBy: before.resolvedBy ?? ctx.actor.id },
  })
  tell(ctx, before, 'conversation.spam_marked')
  return getConversation(ctx, id)
}

/**
 * It was none: who waited for an answer waits since he wrote, by the clocks that ran then. What had ended before it
 * was marked is resolved as it was, and has not been opened again by this.
 */
export async function unmarkSpam(ctx: Ctx, id: string) {
  const before = await lockConversation(ctx, id)
  if (!before.spamAt) return before
  const waitingSince = (await findUnanswered(ctx, id))?.toISOString() ?? null
  const hadEnded = before.resolvedAt !== null && before.resolvedAt < before.spamAt
  await setFields(ctx, id, { spamAt: null, ...(hadEnded && { category: 'resolved' }) })
  if (!isOpen(before) && !hadEnded) {
    await undoEnding(ctx, before, { endedAt: before.spamAt.toISOString(), waitingSince })
    await setStatus(ctx, id, { category: 'open' })
  }
  tell(ctx, before, 'conversation.spam_unmarked')
  return getConversation(ctx, id)
}

function tell(ctx: Ctx, conversation: ConversationRow, what: string) {
  const fields = ['category', 'spamAt']
  ctx.emit(conversationChanged, { ...aboutOf(conversation), fields }, subjectOf(conversation))
  ctx.audit(what, `conversation:${conversation.id}`, fields)
}
