import { desc, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { conflict, invalid } from '../../platform/errors.ts'
import { insertRows } from '../../platform/insert-rows.ts'
import { staff, teams } from '../staff/tables.ts'
import {
  aboutOf,
  type ConversationRow,
  getConversation,
  lockConversation,
  setFields,
  subjectOf,
} from './conversations.ts'
import { conversationAssigned } from './events.ts'
import { addTransferNote } from './notes.ts'
import type { NewAssignee } from './schemas.ts'
import { assignments, conversations, isWaitingSql } from './tables.ts'

/**
 * Gives a conversation to a person, a team or nobody. `expected` is whom the caller believed to hold it: where
 * that is no longer true he is told so instead of taking it from somebody he did not see.
 */
export async function assignConversation(
  ctx: Ctx,
  id: string,
  { staffId, teamId, note, expected }: NewAssignee,
) {
  const before = await lockConversation(ctx, id)
  if (expected !== undefined && expected !== before.assigneeId)
    throw conflict('assigned_meanwhile', 'Somebody else was assigned meanwhile.', {
      assigneeId: before.assigneeId,
    })
  if (staffId) await refuseUnfitAssignee(ctx, staffId, before.storeId)
  if (teamId) await refuseUnknownTeam(ctx, teamId)
  if (note) await addTransferNote(ctx, before, note)
  const reason =
    staffId === ctx.actor.id
      ? 'taken'
      : staffId
        ? before.assigneeId
          ? 'transferred'
          : 'assigned'
        : 'released'
  return give(ctx, before, { staffId, ...(teamId !== undefined && { teamId }), reason, params: {} })
}

type RoutingGift = {
  conversation: ConversationRow
  staffId: string
  reason: string
  params: Record<string, unknown>
}

/**
 * What routing calls: gives each of these that still waits to its agent, and answers the ids of those. Whom a person
 * was quicker with, who took it or ended it, or holds it this moment, is left alone and looked at again later.
 */
export async function assignByRouting(ctx: Ctx, gifts: readonly RoutingGift[]): Promise<Set<string>> {
  if (gifts.length === 0) return new Set()
  const column = (pick: (gift: RoutingGift) => string) => sql.param(gifts.map(pick))
  const { rows } = await executeNamed<{ id: string }>(
    ctx.db,
    'assign-by-routing',
    sql`
    with gifts as (select * from unnest(${column(gift => gift.conversation.id)}::uuid[], ${column(gift => gift.staffId)}::uuid[]) as g(gift_id, staff_id)),
      free as (select id from conversations where id in (select gift_id from gifts) and ${isWaitingSql} order by id for update skip locked)
    update conversations set assignee_id = gifts.staff_id, version = version + 1
    from gifts join free on free.id = gift_id where conversations.id = gift_id returning conversations.id`,
  )
  const given = new Set(rows.map(({ id }) => id))
  const done = gifts.filter(({ conversation }) => given.has(conversation.id))
  await recordAssignments(
    ctx,
    done.map(({ conversation, ...gift }) => ({ before: conversation, gift })),
  )
  for (const { conversation, staffId, reason } of done)
    tellAssigned(ctx, conversation, { staffId, reason, params: {} })
  return given
}

/** Puts a conversation back into the queue of its language, say because its agent dropped off. */
export const requeue = (
  ctx: Ctx,
  conversation: ConversationRow,
  reason: string,
  params: Record<string, unknown>,
) =>
  give(
    ctx,
    conversation,
    { staffId: null, reason, params },
    sql`${conversations.assigneeId} is not distinct from ${conversation.assigneeId}`,
  )

/** Takes it from whoever holds it, for another team or back into the queue, because a clock asks for it. */
export const assignByEscalation = (
  ctx: Ctx,
  conversation: ConversationRow,
  teamId: string | null,
  params: Record<string, unknown>,
) => give(ctx, conversation, { staffId: null, ...(teamId && { teamId }), reason: 'escalated', params })

type Move = { staffId: string | null; teamId?: string; why: string; queue?: string }

/** What a supervisor calls: takes it from whoever holds it, for a person, a team or a queue, with the reason he gave. */
export async function moveConversation(
  ctx: Ctx,
  before: ConversationRow,
  { staffId, teamId, why, queue }: Move,
) {
  if (staffId) await refuseUnfitAssignee(ctx, staffId, before.storeId)
  if (teamId) await refuseUnknownTeam(ctx, teamId)
  const params = { note: why, ...(queue && { to: queue }) }
  return give(ctx, before, { staffId, ...(teamId && { teamId }), reason: 'moved', params })
}

type Gift = {
  staffId: string | null
  teamId?: string | null
  reason: string
  params: Record<string, unknown>
}

async function give(
  ctx: Ctx,
  before: ConversationRow,
  gift: Gift,
  ...conditions: Parameters<typeof setFields>[3][]
) {
  const after = await setFields(
    ctx,
    before.id,
    { assigneeId: gift.staffId, ...(gift.teamId !== undefined && { teamId: gift.teamId }) },
    ...conditions,
  )
  if (!after) return undefined
  await recordAssignment(ctx, before, gift)
  tellAssigned(ctx, before, gift)
  return after
}

export const recordAssignment = (ctx: Ctx, before: ConversationRow, gift: Gift) =>
  recordAssignments(ctx, [{ before, gift }])

async function recordAssignments(ctx: Ctx, all: readonly { before: ConversationRow; gift: Gift }[]) {
  const rows = all.map(({ before, gift: { staffId, teamId, reason, params } }) => ({
    id: uuidv7(),
    conversationId: before.id,
    staffId,
    teamId: teamId ?? null,
    fromId: before.assigneeId,
    byKind: ctx.actor.kind,
    byId: ctx.actor.id,
    reason,
    params,
    waitedSeconds:
      before.waitingSince && before.assigneeId === null && staffId
        ? Math.round((ctx.now.getTime() - before.waitingSince.getTime()) / 1_000)
        : null,
    at: ctx.now,
  }))
  await insertRows(ctx.db, assignments, rows)
}

function tellAssigned(ctx: Ctx, before: ConversationRow, { staffId, reason }: Gift) {
  ctx.emit(
    conversationAssigned,
    { ...aboutOf(before), staffId, fromId: before.assigneeId, reason },
    subjectOf(before),
  )
  ctx.audit('conversation.assigned', `conversation:${before.id}`, ['assigneeId'])
}

const to = alias(staff, 'to_staff')
const from = alias(staff, 'from_staff')
const by = alias(staff, 'by_staff')

/** Who held it and why, newest first. */
export async function listAssignments(ctx: Ctx, conversationId: string) {
  await getConversation(ctx, conversationId)
  const rows = await ctx.db
    .select({ row: assignments, toName: to.name, fromName: from.name, byName: by.name })
    .from(assignments)
    .leftJoin(to, eq(to.id, assignments.staffId))
    .leftJoin(from, eq(from.id, assignments.fromId))
    .leftJoin(by, eq(by.id, assignments.byId))
    .where(eq(assignments.conversationId, conversationId))
    .orderBy(desc(assignments.at), desc(assignments.id))
    .limit(100)
  const named = (id: string | null, name: string | null) => (id ? { id, name: name ?? '' } : null)
  return {
    items: rows.map(({ row, toName, fromName, byName }) => ({
      id: row.id,
      staff: named(row.staffId, toName),
      from: named(row.fromId, fromName),
      by: { kind: row.byKind, name: byName },
      reason: row.reason,
      params: row.params,
      waitedSeconds: row.waitedSeconds,
      at: row.at,
    })),
  }
}

export async function refuseUnfitAssignee(ctx: Ctx, staffId: string, storeId: string) {
  const [person] = await ctx.db.select().from(staff).where(eq(staff.id, staffId))
  if (!person || person.deactivatedAt) throw invalid('staff_not_found', 'There is no such colleague.')
  if (person.storeIds && !person.storeIds.includes(storeId))
    throw invalid('store_not_visible', 'This colleague does not see the store of this conversation.')
}

async function refuseUnknownTeam(ctx: Ctx, teamId: string) {
  const [team] = await ctx.db.select({ id: teams.id }).from(teams).where(eq(teams.id, teamId))
  if (!team) throw invalid('team_not_found', 'There is no such team.')
}
