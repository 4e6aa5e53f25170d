import { and, eq, lte } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, invalid } from '../../platform/errors.ts'
import { nextDayAt } from '../settings/business-days.ts'
import { findCompany } from '../settings/company.ts'
import {
  aboutOf,
  type ConversationRow,
  isOpen,
  lockConversation,
  refuseStale,
  setFields,
  subjectOf,
} from './conversations.ts'
import { conversationChanged, conversationWoken } from './events.ts'
import type { SnoozeAction } from './schemas.ts'
import { conversations } from './tables.ts'
import { timeStatus } from './timing.ts'
import { addSystemLine } from './writing.ts'

const year = 366 * 86_400_000
const mostAtOnce = 100

/**
 * Puts a conversation out of sight until then, or until the customer writes. Clocks run on: an answer that is owed
 * stays owed, and one that is due brings the conversation back.
 */
export async function snoozeConversation(
  ctx: Ctx,
  id: string,
  { until, expectedVersion }: { until: string; expectedVersion?: number | undefined },
) {
  const before = await lockConversation(ctx, id)
  refuseStale(ctx, before, expectedVersion)
  if (!isOpen(before)) throw conflict('conversation_ended', 'This conversation has ended; reopen it first.')
  const snoozedUntil = new Date(until)
  if (snoozedUntil <= ctx.now || snoozedUntil.getTime() > ctx.now.getTime() + year)
    throw invalid('until_out_of_range', 'It can be snoozed until later than now, and within a year.')
  await stand(ctx, before, 'scheduled', snoozedUntil)
  await tell(ctx, before, 'conversation.snoozed', { until: snoozedUntil.toISOString(), by: ctx.actor.name })
  ctx.audit('conversation.snoozed', `conversation:${id}`, ['snoozedUntil'])
}

/** The moment that is meant, where it is said as a length or as a morning. */
export async function untilOf(ctx: Ctx, { until, forMinutes, untilMorning }: SnoozeAction): Promise<string> {
  if (until !== undefined) return until
  if (forMinutes !== undefined) return new Date(ctx.now.getTime() + forMinutes * 60_000).toISOString()
  const zone = (await findCompany(ctx))?.zone ?? 'UTC'
  return nextDayAt(zone, ctx.now, untilMorning!, '09:00').toISOString()
}

/** Brings it back before its time; one that is in sight already stays as it is. */
export async function endSnooze(ctx: Ctx, id: string) {
  const before = await lockConversation(ctx, id)
  if (before.category !== 'scheduled') return
  await wake(ctx, before, { why: 'person', by: ctx.actor.name })
  ctx.audit('conversation.snooze_ended', `conversation:${id}`, ['snoozedUntil'])
}

/** An answer that is late is nothing to sleep over. */
export async function wakeForClock(ctx: Ctx, id: string) {
  const before = await lockConversation(ctx, id)
  if (before.category === 'scheduled') await wake(ctx, before, { why: 'clock' })
}

/** Answers whether more may be due. */
export async function wakeSnoozed(ctx: Ctx): Promise<boolean> {
  const due = await ctx.db
    .select()
    .from(conversations)
    .where(and(eq(conversations.category, 'scheduled'), lte(conversations.snoozedUntil, ctx.now)))
    .orderBy(conversations.snoozedUntil, conversations.id)
    .limit(mostAtOnce)
    .for('update', { skipLocked: true })
  for (const conversation of due) await wake(ctx, conversation, { why: 'time' })
  return due.length === mostAtOnce
}

type Waking = { why: 'person' | 'clock' | 'time'; by?: string }

async function wake(ctx: Ctx, before: ConversationRow, params: Waking) {
  await stand(ctx, before, 'open', null)
  await tell(ctx, before, 'conversation.woken', params)
  ctx.emit(conversationWoken, { ...aboutOf(before), why: params.why }, subjectOf(before))
}

async function stand(
  ctx: Ctx,
  before: ConversationRow,
  category: 'scheduled' | 'open',
  snoozedUntil: Date | null,
) {
  const dueAt = await timeStatus(ctx, before, { category, waitingFor: null })
  await setFields(ctx, before.id, { category, waitingFor: null, labelId: null, snoozedUntil, dueAt })
}

async function tell(ctx: Ctx, before: ConversationRow, event: string, params: Record<string, unknown>) {
  await addSystemLine(ctx, before, event, params)
  ctx.emit(conversationChanged, { ...aboutOf(before), fields: ['category'] }, subjectOf(before))
}
