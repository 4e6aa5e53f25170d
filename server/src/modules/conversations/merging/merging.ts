import { and, eq, gt, isNull, min } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, invalid } from '../../../platform/errors.ts'
import { bringBackClocks, carryClocks, reviveClocks } from '../../clocks/carrying.ts'
import { startClocks } from '../../clocks/clocks.ts'
import { resumeClocks } from '../../clocks/pauses.ts'
import { findNearest } from '../../clocks/running.ts'
import {
  aboutOf,
  type ConversationRow,
  getConversation,
  isOpen,
  setFields,
  subjectOf,
} from '../conversations.ts'
import { conversationChanged, conversationMerged } from '../events.ts'
import { heldReplies, messages, never } from '../tables.ts'
import { addSystemLine } from '../writing.ts'
import { lockPair } from './locking.ts'
import { conversationMerges, type StoodAs } from './tables.ts'

/**
 * Takes a conversation into another of the same customer. No message moves: the merged one is closed and points
 * there, its customer's wait and the nearer of the clocks go on there, and what he writes next is placed there
 * where an answer from there reaches him.
 */
export async function mergeConversation(ctx: Ctx, fromId: string, intoId: string) {
  if ((await getConversation(ctx, fromId)).id === intoId)
    throw invalid('same_conversation', 'This is one conversation already.')
  const { from, into } = await lockPair(ctx, fromId, intoId)
  await refuseUnfit(ctx, from, into)
  const carriedIds = await carryClocks(ctx, fromId, intoId)
  await ctx.db.insert(conversationMerges).values({
    ...{ fromId, intoId, carriedIds, at: ctx.now, by: ctx.actor.id },
    ...{ fromStood: stoodAs(from), intoWaitingSince: into.waitingSince, intoSeq: into.lastSeq },
  })
  await setFields(ctx, fromId, {
    ...{ category: 'closed', mergedIntoId: intoId, waitingFor: null, labelId: null, snoozedUntil: null },
    ...{ waitingSince: null, dueAt: never },
    ...{ resolvedAt: from.resolvedAt ?? ctx.now, resolvedBy: from.resolvedBy ?? ctx.actor.id },
  })
  if (from.waitingSince) await waitThere(ctx, into, from.waitingSince)
  await setFields(ctx, intoId, { dueAt: await findNearest(ctx, intoId) })
  await tell(ctx, from, into, false)
}

/** Takes it out again: it stands as it stood, save that what was answered meanwhile is answered. */
export async function undoMerge(ctx: Ctx, fromId: string) {
  const { from, into } = await lockPair(ctx, fromId, await findTarget(ctx, fromId))
  const [merge] = await ctx.db
    .update(conversationMerges)
    .set({ undoneAt: ctx.now, undoneBy: ctx.actor.id })
    .where(
      and(
        eq(conversationMerges.fromId, fromId),
        eq(conversationMerges.intoId, into.id),
        isNull(conversationMerges.undoneAt),
      ),
    )
    .returning()
  if (!merge) throw notMerged()
  const isUnanswered = into.waitingSince !== null && into.waitingSince <= merge.at
  await bringBackClocks(ctx, merge.carriedIds, fromId)
  await reviveClocks(ctx, fromId, merge.at, { withAnswers: isUnanswered })
  const { waitingSince, snoozedUntil, resolvedAt, ...stood } = merge.fromStood
  await setFields(ctx, fromId, {
    ...stood,
    mergedIntoId: null,
    snoozedUntil: momentOf(snoozedUntil),
    resolvedAt: momentOf(resolvedAt),
    waitingSince: isUnanswered ? momentOf(waitingSince) : null,
    dueAt: await findNearest(ctx, fromId),
  })
  if (isUnanswered) await waitAlone(ctx, into, merge)
  await setFields(ctx, into.id, { dueAt: await findNearest(ctx, into.id) })
  await tell(ctx, from, into, true)
}

/** Where it was taken into; refused where it was not. */
export async function findTarget(ctx: Ctx, id: string): Promise<string> {
  const { mergedIntoId } = await getConversation(ctx, id)
  if (!mergedIntoId) throw notMerged()
  return mergedIntoId
}

const notMerged = () => conflict('conversation_not_merged', 'This conversation is not merged.')

async function refuseUnfit(ctx: Ctx, from: ConversationRow, into: ConversationRow) {
  if (from.mergedIntoId)
    throw conflict('conversation_merged', 'This conversation was merged already.', {
      intoId: from.mergedIntoId,
    })
  if (into.mergedIntoId)
    throw conflict('target_merged', 'The other conversation was merged itself.', {
      intoId: into.mergedIntoId,
    })
  if (from.customerId !== into.customerId)
    throw conflict('other_customer', 'These are two customers; merge them first if they are one.', {
      customerIds: [from.customerId, into.customerId],
    })
  if (!isOpen(into)) throw conflict('target_ended', 'The other conversation has ended; reopen it first.')
  // A visitor's chat is his latest conversation: it must not go on in one that his window does not show.
  if (from.channelKind === 'web_chat' && from.identityId === into.identityId && from.id > into.id)
    throw conflict('newer_chat', 'Merge the older chat into the newer one.')
  const [taken] = await ctx.db
    .select({ fromId: conversationMerges.fromId })
    .from(conversationMerges)
    .where(and(eq(conversationMerges.intoId, from.id), isNull(conversationMerges.undoneAt)))
    .limit(1)
  if (taken) throw conflict('contains_merged', 'Others were merged into this one; take them out first.')
  const [held] = await ctx.db
    .select({ id: heldReplies.id })
    .from(heldReplies)
    .where(and(eq(heldReplies.conversationId, from.id), eq(heldReplies.state, 'held')))
    .limit(1)
  if (held) throw conflict('reply_waits', 'A reply waits to be sent here; send it or take it back first.')
}

/** The longest wait counts, and who waits is not waited for. */
async function waitThere(ctx: Ctx, into: ConversationRow, since: Date) {
  const waitsForHim = into.category === 'waiting_customer' || into.category === 'scheduled'
  if (waitsForHim) await resumeClocks(ctx, [into.id])
  await setFields(ctx, into.id, {
    waitingSince: into.waitingSince && into.waitingSince < since ? into.waitingSince : since,
    ...(waitsForHim && { category: 'open', labelId: null, snoozedUntil: null }),
  })
}

/** The other waits since when it did, or since what came meanwhile. */
async function waitAlone(ctx: Ctx, into: ConversationRow, merge: typeof conversationMerges.$inferSelect) {
  const [came] = await ctx.db
    .select({ first: min(messages.createdAt) })
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, into.id),
        eq(messages.kind, 'customer'),
        gt(messages.seq, merge.intoSeq),
      ),
    )
  await reviveClocks(ctx, into.id, merge.at, { withAnswers: merge.intoWaitingSince !== null })
  const waitingSince = merge.intoWaitingSince ?? came?.first ?? null
  if (waitingSince)
    await startClocks(ctx, [
      {
        ...{ subjectId: into.id, storeId: into.storeId },
        ...{ channelKind: into.channelKind, channelId: into.channelId },
        ...{ kind: into.repliedAt ? 'next_response' : 'first_response', at: waitingSince },
      },
    ])
  await setFields(ctx, into.id, { waitingSince })
}

async function tell(ctx: Ctx, from: ConversationRow, into: ConversationRow, undone: boolean) {
  const by = ctx.actor.name
  await addSystemLine(ctx, from, undone ? 'conversation.taken_out' : 'conversation.merged', {
    ...{ intoId: into.id, number: into.number, by },
  })
  await addSystemLine(ctx, into, undone ? 'conversation.gave_back' : 'conversation.took_in', {
    ...{ fromId: from.id, number: from.number, lastSeq: from.lastSeq, by },
  })
  ctx.emit(conversationMerged, { ...aboutOf(from), intoId: into.id, undone }, subjectOf(from))
  ctx.emit(conversationChanged, { ...aboutOf(into), fields: ['waitingSince'] }, subjectOf(into))
  const what = undone ? 'conversation.unmerged' : 'conversation.merged'
  for (const { id } of [from, into]) ctx.audit(what, `conversation:${id}`, ['mergedIntoId'])
}

const stoodAs = (row: ConversationRow): StoodAs => ({
  category: row.category,
  waitingFor: row.waitingFor,
  labelId: row.labelId,
  resolvedBy: row.resolvedBy,
  snoozedUntil: row.snoozedUntil?.toISOString() ?? null,
  waitingSince: row.waitingSince?.toISOString() ?? null,
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
})

const momentOf = (text: string | null) => (text === null ? null : new Date(text))
