import { and, eq, gt, min, sql } from 'drizzle-orm'
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
import { messages, never } from './tables.ts'
import { undoEnding } from './timing.ts'

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

/** It was none: who waited for an answer waits since he wrote, by the clocks that ran then. */
export async function unmarkSpam(ctx: Ctx, id: string) {
  const before = await lockConversation(ctx, id)
  if (!before.spamAt) return before
  const waitingSince = (await findUnanswered(ctx, id))?.toISOString() ?? null
  await setFields(ctx, id, { spamAt: null })
  if (!isOpen(before)) {
    await undoEnding(ctx, before, { endedAt: before.spamAt.toISOString(), waitingSince })
    await setStatus(ctx, id, { category: 'open' })
  }
  tell(ctx, before, 'conversation.spam_unmarked')
  return getConversation(ctx, id)
}

/** The customer's first message after a person last answered. */
async function findUnanswered(ctx: Ctx, id: string) {
  const answered = sql`coalesce((select max(seq) from messages where conversation_id = ${id} and kind = 'reply' and author_kind = 'staff'), 0)`
  const [row] = await ctx.db
    .select({ first: min(messages.createdAt) })
    .from(messages)
    .where(and(eq(messages.conversationId, id), eq(messages.kind, 'customer'), gt(messages.seq, answered)))
  return row?.first ?? null
}

function tell(ctx: Ctx, conversation: ConversationRow, what: string) {
  const fields = ['category', 'spamAt']
  ctx.emit(conversationChanged, { ...aboutOf(conversation), fields }, subjectOf(conversation))
  ctx.audit(what, `conversation:${conversation.id}`, fields)
}
