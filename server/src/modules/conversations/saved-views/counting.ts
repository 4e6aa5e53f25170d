import { asc, inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import type { Condition } from '../../../platform/filters/conditions.ts'
import type { Workplace } from '../../../platform/work.ts'
import { readerOf } from '../../settings/readers.ts'
import { stores } from '../../settings/tables.ts'
import { teams } from '../../staff/tables.ts'
import { inVisibleStores } from '../conversations.ts'
import { openCategories } from '../tables.ts'
import { listSavedViews } from './saved-views.ts'
import { mostCounted, tallyOf } from './tally.ts'

export async function countSavedViews(ctx: Ctx, place: Workplace) {
  const views = await listSavedViews(ctx)
  const counts = await count(
    ctx,
    place,
    views.map(({ condition }) => condition as Condition),
  )
  return { items: views.map(({ id }, n) => ({ id, ...counts[n]! })) }
}

const snoozed: Condition = { field: 'category', is: 'in', value: ['scheduled'] }
const open: Condition = {
  field: 'category',
  is: 'in',
  value: openCategories.filter(category => category !== 'scheduled'),
}
const openAnd = (...conditions: Condition[]): Condition => ({ all: [open, ...conditions] })
const isIn = (field: string, id: string): Condition => ({ field, is: 'in', value: [id] })

const unassigned: Condition = { field: 'assignee', is: 'is_empty' }
const isWaitingChat: Condition[] = [
  unassigned,
  { field: 'channel', is: 'in', value: ['web_chat'] },
  { field: 'waiting_since', is: 'is_set' },
]

/** What waits in each of the views that are always there, up to a thousand. */
export async function countInbox(ctx: Ctx, place: Workplace) {
  const [allTeams, seenStores, mentioned] = await Promise.all([
    ctx.db.select({ id: teams.id }).from(teams).orderBy(asc(teams.name)),
    ctx.db
      .select({ id: stores.id })
      .from(stores)
      .where(ctx.actor.storeIds === 'all' ? undefined : inArray(stores.id, [...ctx.actor.storeIds]))
      .orderBy(asc(stores.name)),
    countMentions(ctx),
  ])
  const counts = await count(ctx, place, [
    openAnd(isIn('assignee', '@me')),
    openAnd(unassigned),
    open,
    snoozed,
    openAnd(...isWaitingChat),
    ...allTeams.map(({ id }) => openAnd(isIn('team', id))),
    ...seenStores.map(({ id }) => openAnd(isIn('store', id))),
  ])
  const [mine, unassignedCount, all, snoozedCount, waitingChats, ...rest] = counts.map(
    ({ count }) => count ?? mostCounted,
  )
  const counted = (list: readonly { id: string }[], from: number) =>
    list.map(({ id }, n) => ({ id, count: rest[from + n]! }))
  return {
    mine: mine!,
    unassigned: unassignedCount!,
    all: all!,
    snoozed: snoozedCount!,
    mentions: mentioned,
    waitingChats: waitingChats!,
    teams: counted(allTeams, 0),
    stores: counted(seenStores, allTeams.length),
  }
}

async function count(ctx: Ctx, place: Workplace, conditions: readonly Condition[]) {
  const reader = await readerOf(ctx)
  const { id, storeIds, teamIds } = ctx.actor
  const sight = { id, storeIds, ...(teamIds && { teamIds }) }
  return tallyOf(place).count(conditions.map(condition => ({ condition, reader, sight })))
}

async function countMentions(ctx: Ctx): Promise<number> {
  const { rows } = await ctx.db.execute<{ count: number }>(
    sql`select count(distinct conversation_id)::int as count from mentions
      join conversations on conversations.id = conversation_id
      where staff_id = ${ctx.actor.id} and seen_at is null and ${inVisibleStores(ctx) ?? sql`true`}`,
  )
  return rows[0]!.count
}
