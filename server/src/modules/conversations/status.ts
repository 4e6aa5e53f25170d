import { and, asc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found, invalid } from '../../platform/errors.ts'
import { startClocks } from '../clocks/clocks.ts'
import { aboutOf, isOpen, lockConversation, refuseStale, setFields, subjectOf } from './conversations.ts'
import { conversationChanged, conversationOpened, conversationResolved } from './events.ts'
import { refuseWithoutFields } from './own-fields/own-fields.ts'
import { refuseWithoutReason, setReason } from './reasons/reasons.ts'
import type { NewStatus, NewStatusLabel } from './schemas.ts'
import { closeSummary, refuseWithoutSummary, writeSummary } from './summaries/summaries.ts'
import { conversations, never, statusLabels } from './tables.ts'
import { timeStatus } from './timing.ts'

/** Moves a conversation to another category. Its clocks stop, stand still or go on in the same transaction. */
export async function setStatus(
  ctx: Ctx,
  id: string,
  { category, labelId, waitingFor = null, reason, summary, expectedVersion }: NewStatus,
) {
  const before = await lockConversation(ctx, id)
  refuseStale(ctx, before, expectedVersion)
  if (before.mergedIntoId)
    throw conflict('conversation_merged', 'This conversation was merged into another.', {
      intoId: before.mergedIntoId,
    })
  if (labelId) await refuseForeignLabel(ctx, labelId, category)
  if (waitingFor && category !== 'waiting_third_party')
    throw invalid('waits_for_nobody', 'Only what waits for a third party waits for one of these.')
  const ends = category === 'resolved' || category === 'closed'
  if (reason) await setReason(ctx, id, { reason })
  else if (ends && isOpen(before)) await refuseWithoutReason(ctx, before)
  if (summary) await writeSummary(ctx, id, summary)
  if (ends && isOpen(before)) {
    await refuseWithoutFields(ctx, { ...before, reason: reason ?? before.reason })
    await refuseWithoutSummary(ctx, before)
    await closeSummary(ctx, id)
  }
  if (category === before.category && waitingFor === before.waitingFor) {
    if ((labelId ?? null) !== before.labelId)
      ctx.emit(conversationChanged, { ...aboutOf(before), fields: ['labelId'] }, subjectOf(before))
    return setFields(ctx, id, { labelId: labelId ?? null })
  }

  const reopens = !ends && !isOpen(before)
  const dueAt = await timeStatus(ctx, before, { category, waitingFor })
  const after = await setFields(ctx, id, {
    category,
    waitingFor,
    labelId: labelId ?? null,
    snoozedUntil: null,
    dueAt,
    ...(ends && {
      waitingSince: null,
      resolvedAt: before.resolvedAt ?? ctx.now,
      resolvedBy: before.resolvedBy ?? ctx.actor.id,
    }),
    ...(reopens && { resolvedAt: null, resolvedBy: null }),
  })
  if (ends && isOpen(before))
    ctx.emit(
      conversationResolved,
      { ...aboutOf(before), staffId: ctx.actor.kind === 'staff' ? ctx.actor.id : null },
      subjectOf(before),
    )
  else if (reopens)
    ctx.emit(
      conversationOpened,
      { ...aboutOf(before), channelKind: before.channelKind, reopened: true },
      subjectOf(before),
    )
  else ctx.emit(conversationChanged, { ...aboutOf(before), fields: ['category'] }, subjectOf(before))
  ctx.audit('conversation.status_set', `conversation:${id}`, ['category', 'labelId'])
  return after
}

/** Starts the clock again where somebody still waits, say after a conversation was marked unanswered. */
export const restartClock = async (
  ctx: Ctx,
  { id, storeId, channelKind, channelId, repliedAt }: typeof conversations.$inferSelect,
) => {
  const due = await startClocks(ctx, [
    {
      subjectId: id,
      storeId,
      channelKind,
      channelId,
      kind: repliedAt ? 'next_response' : 'first_response',
      at: ctx.now,
    },
  ])
  return due.get(id) ?? never
}

async function refuseForeignLabel(ctx: Ctx, labelId: string, category: string) {
  const [label] = await ctx.db.select().from(statusLabels).where(eq(statusLabels.id, labelId))
  if (!label) throw invalid('status_label_not_found', 'There is no such status label.')
  if (label.category !== category)
    throw invalid('status_label_mismatch', 'This label belongs to another category.')
}

export const listStatusLabels = async (ctx: Ctx) => ({
  items: await ctx.db
    .select()
    .from(statusLabels)
    .orderBy(asc(statusLabels.category), asc(statusLabels.position), asc(statusLabels.name)),
})

export async function createStatusLabel(ctx: Ctx, input: z.output<typeof NewStatusLabel>) {
  const [label] = await ctx.db
    .insert(statusLabels)
    .values({ ...input, createdAt: ctx.now })
    .returning()
  ctx.audit('status_label.created', `status_label:${label!.id}`)
  return label!
}

export async function changeStatusLabel(
  ctx: Ctx,
  id: string,
  fields: { name?: string | undefined; position?: number | undefined },
) {
  const [label] = await ctx.db.update(statusLabels).set(fields).where(eq(statusLabels.id, id)).returning()
  ctx.audit('status_label.changed', `status_label:${id}`, Object.keys(fields))
  return found(label, 'status_label')
}

/** A label that conversations still carry is taken off them; their category stays. */
export async function deleteStatusLabel(ctx: Ctx, id: string) {
  await ctx.db
    .update(conversations)
    .set({ labelId: null })
    .where(and(eq(conversations.labelId, id)))
  const [label] = await ctx.db.delete(statusLabels).where(eq(statusLabels.id, id)).returning()
  found(label, 'status_label')
  ctx.audit('status_label.deleted', `status_label:${id}`)
}
