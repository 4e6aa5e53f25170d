import { and, eq, isNull, or, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { takeEscalations } from '../clocks/escalations.ts'
import type { EscalationStep } from '../clocks/tables.ts'
import { roles, staff, teamMembers } from '../staff/tables.ts'
import { assignByEscalation } from './assignment.ts'
import {
  aboutOf,
  type ConversationRow,
  isOpen,
  lockConversation,
  setFields,
  subjectOf,
} from './conversations.ts'
import { conversationChanged, escalationRaised } from './events.ts'
import { addNote } from './notes.ts'
import { priorities } from './tables.ts'

type Escalated = { conversationId: string; clockId: string; kind: string; step: number }

/** Does what a policy asks for at this step of a clock; told again it does nothing more. */
export async function escalate(ctx: Ctx, { conversationId, clockId, kind, step }: Escalated) {
  const conversation = await lockConversation(ctx, conversationId)
  if (!isOpen(conversation)) return
  for (const escalation of await takeEscalations(ctx, clockId, step))
    await doStep(ctx, await lockConversation(ctx, conversationId), escalation, { clockId, kind })
}

async function doStep(
  ctx: Ctx,
  conversation: ConversationRow,
  step: EscalationStep,
  { clockId, kind }: Pick<Escalated, 'clockId' | 'kind'>,
) {
  if (step.do === 'raise_priority') return raisePriority(ctx, conversation, step.to)
  if (step.do === 'reassign') return assignByEscalation(ctx, conversation, step.teamId, { kind })
  if (step.do === 'note')
    return addNote(ctx, conversation.id, {
      clientId: uuidv7(),
      text: step.text,
      attachmentIds: [],
      mentionIds: [step.mentionId],
    })
  const staffIds = await findWhom(ctx, conversation, step.whom)
  ctx.emit(
    escalationRaised,
    { ...aboutOf(conversation), clockId, kind, whom: step.whom, staffIds },
    subjectOf(conversation),
  )
}

async function raisePriority(ctx: Ctx, conversation: ConversationRow, to: ConversationRow['priority']) {
  if (priorities.indexOf(conversation.priority) >= priorities.indexOf(to)) return
  await setFields(ctx, conversation.id, { priority: to })
  ctx.emit(conversationChanged, { ...aboutOf(conversation), fields: ['priority'] }, subjectOf(conversation))
}

async function findWhom(
  ctx: Ctx,
  { assigneeId, teamId, storeId }: ConversationRow,
  whom: 'assignee' | 'team' | 'supervisors',
): Promise<string[]> {
  if (whom === 'assignee') return assigneeId ? [assigneeId] : []
  if (whom === 'team' && !teamId) return []
  const people = await ctx.db
    .select({ id: staff.id })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .where(
      and(
        isNull(staff.deactivatedAt),
        or(isNull(staff.storeIds), sql`${storeId} = any(${staff.storeIds})`),
        whom === 'team'
          ? sql`${staff.id} in (select staff_id from ${teamMembers} where team_id = ${teamId})`
          : eq(roles.code, 'supervisor'),
      ),
    )
    .orderBy(staff.id)
  return people.map(({ id }) => id)
}
