import { and, inArray, isNull, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { defineAction, nothingChanged } from '../../platform/actions.ts'
import type { Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { roles, staff, teamMembers } from '../staff/tables.ts'
import { aboutOf, type ConversationRow, lockConversation, subjectOf } from './conversations.ts'
import { noticeGiven } from './events.ts'
import { addSystemLine } from './writing.ts'

const of = (noun: string) =>
  z
    .array(z.uuid().meta({ of: noun }))
    .max(50)
    .default([])

const Notice = z.object({
  staffIds: of('staff'),
  teamIds: of('team'),
  roleIds: of('role'),
  text: z.string().trim().min(1).max(500),
})

/** Calls colleagues to a conversation in the house, without mail: on their screens, and as a line in the thread. */
export const notify = defineAction({
  record: 'conversation',
  code: 'notify',
  zh: '通知同事',
  en: 'Notify colleagues',
  permission: 'conversations:reply',
  params: Notice,
  async run(ctx, id, notice) {
    const conversation = await lockConversation(ctx, id)
    const people = await whom(ctx, conversation, notice)
    if (people.length === 0) return nothingChanged
    const names = people.map(({ name }) => name).join(', ')
    await addSystemLine(ctx, conversation, 'notice.given', {
      text: notice.text,
      to: names,
      by: ctx.actor.name,
    })
    ctx.emit(
      noticeGiven,
      { ...aboutOf(conversation), staffIds: people.map(({ id }) => id) },
      subjectOf(conversation),
    )
    return { changed: true, undo: null }
  },
})

/** Those named who work here and see the store. */
async function whom(
  ctx: Ctx,
  { storeId }: ConversationRow,
  { staffIds, teamIds, roleIds }: z.output<typeof Notice>,
) {
  if (staffIds.length + teamIds.length + roleIds.length === 0)
    throw invalid('nobody_named', 'Name at least one colleague, team or role.')
  const ofTeams = ctx.db
    .select({ id: teamMembers.staffId })
    .from(teamMembers)
    .where(inArray(teamMembers.teamId, teamIds))
  const ofRoles = ctx.db.select({ id: roles.id }).from(roles).where(inArray(roles.id, roleIds))
  return ctx.db
    .select({ id: staff.id, name: staff.name })
    .from(staff)
    .where(
      and(
        isNull(staff.deactivatedAt),
        or(isNull(staff.storeIds), sql`${storeId} = any(${staff.storeIds})`),
        or(inArray(staff.id, staffIds), inArray(staff.id, ofTeams), inArray(staff.roleId, ofRoles)),
      ),
    )
    .orderBy(staff.name)
    .limit(200)
}
