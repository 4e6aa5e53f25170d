import { and, desc, eq, exists, inArray, isNotNull, isNull, ne, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../platform/context.ts'
import { found, invalid, notFound } from '../../platform/errors.ts'
import { conditionSql } from '../../platform/filters/compile.ts'
import { type Condition, checkCondition } from '../../platform/filters/conditions.ts'
import { clocks, type PauseReason } from '../clocks/tables.ts'
import { customers } from '../customers/tables.ts'
import { readerOf } from '../settings/readers.ts'
import { stores } from '../settings/tables.ts'
import { staff, teams } from '../staff/tables.ts'
import { inVisibleStores, seesConversation } from './conversations.ts'
import { conversationKind, getSavedView } from './saved-views/saved-views.ts'
import { mostCounted } from './saved-views/tally.ts'
import type { Conversation, ConversationFilter } from './schemas.ts'
import { conversationReads, conversations, mentions, statusLabels } from './tables.ts'

type Sort = ConversationFilter['sort']
type Place = { at: string; id: string }

/** Nothing in these is due. */
const sortedByActivity: ReadonlySet<string> = new Set(['resolved', 'mentions', 'spam'])

const isOpen = sql`${conversations.category} not in ('resolved', 'closed')`
const isInSight = ne(conversations.category, 'scheduled')

/**
 * One page of a view. Its rows are found first, by the index of the sort, and joined then: PostgreSQL takes the
 * unassigned for fewer than they are, and would look up what all of them show before it sorts.
 */
export async function listConversations(
  ctx: Ctx,
  filter: ConversationFilter,
): Promise<{ items: Conversation[]; next: string | null }> {
  const sort: Sort = sortedByActivity.has(filter.view) ? 'activity' : filter.sort
  const page = ctx.db
    .select({ id: conversations.id })
    .from(conversations)
    .where(
      and(
        ...(await viewConditions(ctx, filter)),
        inVisibleStores(ctx),
        sort === 'waiting' ? isNotNull(conversations.waitingSince) : undefined,
        after(sort, filter.cursor),
      ),
    )
    .orderBy(...order(sort))
    .limit(filter.limit + 1)
  const rows = await select(ctx)
    .where(sql`${conversations.id} = any(array(${page}))`)
    .orderBy(...order(sort))
  const items = rows.slice(0, filter.limit).map(present)
  const last = rows[filter.limit - 1]?.row
  return {
    items,
    next:
      rows.length > filter.limit && last
        ? toCursor({ at: sortKey(sort, last).toISOString(), id: last.id })
        : null,
  }
}

const shownInPreview = 5

/** What a condition in the making would show. Refused where counting takes too long to be waited for. */
export async function previewConversations(ctx: Ctx, input: unknown) {
  const kind = conversationKind(ctx)
  const condition = checkCondition(kind, ctx.actor, input)
  const holds = and(conditionSql(kind, condition, await readerOf(ctx)), inVisibleStores(ctx))
  await ctx.db.execute(sql`set local statement_timeout = '3s'`)
  const { rows } = await ctx.db.execute<{ count: number }>(
    sql`select count(*)::int as count from (select 1 from conversations where ${holds} limit ${mostCounted + 1}) as few`,
  )
  const { count } = rows[0]!
  const newest = ctx.db
    .select({ id: conversations.id })
    .from(conversations)
    .where(holds)
    .orderBy(...order('activity'))
    .limit(shownInPreview)
  const items = await select(ctx)
    .where(sql`${conversations.id} = any(array(${newest}))`)
    .orderBy(...order('activity'))
  return { count: Math.min(count, mostCounted), isMore: count > mostCounted, items: items.map(present) }
}

export async function getConversationView(ctx: Ctx, id: string): Promise<Conversation> {
  const [row] = await select(ctx).where(eq(conversations.id, id))
  if (!row || !seesConversation(ctx.actor, row.row)) throw notFound('conversation')
  return present(row)
}

/** What it has become under the hands of somebody who may not see it any more, now that he gave it away. */
export async function showGivenAway(ctx: Ctx, id: string): Promise<Conversation> {
  const [row] = await select(ctx).where(eq(conversations.id, id))
  return present(found(row, 'conversation'))
}

/** All that a view shows to this actor, on whatever page. */
export const chosenBy = async (ctx: Ctx, filter: Omit<ConversationFilter, 'limit' | 'sort'>) =>
  and(...(await viewConditions(ctx, filter)), inVisibleStores(ctx))

async function viewConditions(
  ctx: Ctx,
  { view, teamId, storeId, customerId, savedViewId, ids }: Omit<ConversationFilter, 'limit' | 'sort'>,
): Promise<(SQL | undefined)[]> {
  const narrowed = [
    storeId ? eq(conversations.storeId, storeId) : undefined,
    customerId ? eq(conversations.customerId, customerId) : undefined,
    ids ? inArray(conversations.id, ids.split(',')) : undefined,
  ]
  if (customerId) return narrowed
  if (savedViewId) return [...narrowed, await savedCondition(ctx, savedViewId)]
  if (view === 'resolved')
    return [
      ...narrowed,
      sql`${conversations.category} in ('resolved', 'closed')`,
      isNull(conversations.spamAt),
    ]
  if (view === 'spam') return [...narrowed, isNotNull(conversations.spamAt)]
  if (view === 'mentions') return [...narrowed, mentionsMe(ctx)]
  if (view === 'snoozed') return [...narrowed, eq(conversations.category, 'scheduled')]
  const whose: Record<string, SQL | undefined> = {
    mine: eq(conversations.assigneeId, ctx.actor.id ?? sql`null`),
    unassigned: isNull(conversations.assigneeId),
    all: undefined,
    team: teamId ? eq(conversations.teamId, teamId) : inArray(conversations.teamId, myTeams(ctx)),
  }
  return [...narrowed, isOpen, isInSight, whose[view]]
}

async function savedCondition(ctx: Ctx, id: string) {
  const { condition } = await getSavedView(ctx, id)
  return conditionSql(conversationKind(ctx), condition as Condition, await readerOf(ctx))
}

const mentionsMe = (ctx: Ctx) =>
  exists(
    ctx.db
      .select({ one: sql`1` })
      .from(mentions)
      .where(
        and(eq(mentions.conversationId, conversations.id), eq(mentions.staffId, ctx.actor.id ?? sql`null`)),
      ),
  )

const myTeams = (ctx: Ctx) => sql`(select team_id from team_members where staff_id = ${ctx.actor.id})`

const sortColumn = {
  clock: conversations.dueAt,
  waiting: conversations.waitingSince,
  activity: conversations.lastActivityAt,
}

const order = (sort: Sort) =>
  sort === 'activity'
    ? [desc(conversations.lastActivityAt), desc(conversations.id)]
    : [sortColumn[sort], conversations.id]

const sortKey = (sort: Sort, row: { dueAt: Date; waitingSince: Date | null; lastActivityAt: Date }) =>
  sort === 'clock' ? row.dueAt : sort === 'waiting' ? row.waitingSince! : row.lastActivityAt

function after(sort: Sort, cursor: string | undefined): SQL | undefined {
  if (!cursor) return undefined
  const { at, id } = fromCursor(cursor)
  const than = sort === 'activity' ? sql`<` : sql`>`
  return sql`(${sortColumn[sort]}, ${conversations.id}) ${than} (${at}::timestamptz, ${id}::uuid)`
}

const toCursor = (place: Place) => Buffer.from(JSON.stringify([place.at, place.id])).toString('base64url')

function fromCursor(cursor: string): Place {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (
      typeof at === 'string' &&
      typeof id === 'string' &&
      !Number.isNaN(Date.parse(at)) &&
      /^[\da-f-]{36}$/.test(id)
    )
      return { at: new Date(at).toISOString(), id }
  } catch {}
  throw invalid('invalid_cursor', 'This cursor was not made here.')
}

const assignee = alias(staff, 'assignee')
const team = alias(teams, 'team')

const nearestClock = sql`lateral (
  select kind, started_at, due_at, breached_at, pause_reason from clocks
  where clocks.subject_id = ${conversations.id} and clocks.stopped_at is null order by due_at limit 1) as nearest`

const select = (ctx: Ctx) =>
  ctx.db
    .select({
      row: conversations,
      storeName: stores.name,
      customer: {
        name: customers.name,
        language: customers.language,
        country: customers.country,
        zone: customers.zone,
      },
      assigneeName: assignee.name,
      teamName: team.name,
      labelName: statusLabels.name,
      readCount: conversationReads.customerCount,
      clockKind: sql<string | null>`nearest.kind`,
      clockStartedAt: sql<Date>`nearest.started_at`.mapWith(clocks.startedAt),
      clockDueAt: sql<Date>`nearest.due_at`.mapWith(clocks.dueAt),
      clockPauseReason: sql<PauseReason | null>`nearest.pause_reason`,
      clockBreachedAt: sql<Date | null>`nearest.breached_at`.mapWith(clocks.breachedAt),
    })
    .from(conversations)
    .innerJoin(stores, eq(stores.id, conversations.storeId))
    .innerJoin(customers, eq(customers.id, conversations.customerId))
    .leftJoin(assignee, eq(assignee.id, conversations.assigneeId))
    .leftJoin(team, eq(team.id, conversations.teamId))
    .leftJoin(statusLabels, eq(statusLabels.id, conversations.labelId))
    .leftJoin(
      conversationReads,
      and(
        eq(conversationReads.conversationId, conversations.id),
        eq(conversationReads.staffId, ctx.actor.id ?? sql`null`),
      ),
    )
    .leftJoin(nearestClock, sql`true`)
    .$dynamic()

type Selected = Awaited<ReturnType<typeof select>>[number]

function present(selected: Selected): Conversation {
  const { row, storeName, customer, assigneeName, teamName, labelName, readCount } = selected
  const named = (id: string | null, name: string | null) => (id ? { id, name: name ?? '' } : null)
  return {
    id: row.id,
    number: row.number,
    store: { id: row.storeId, name: storeName },
    channel: { id: row.channelId, kind: row.channelKind },
    identityId: row.identityId,
    customer: { id: row.customerId, ...customer },
    status: {
      category: row.category,
      label: named(row.labelId, labelName),
      waitingFor: row.waitingFor,
    },
    assignee: named(row.assigneeId, assigneeName),
    team: named(row.teamId, teamName),
    queueId: row.queueId,
    priority: row.priority,
    subject: row.subject,
    language: row.language,
    reason: row.reason,
    reasonAtOpen: row.reasonAtOpen,
    summary: row.summary,
    tags: row.tags,
    customFields: row.customFields,
    lastSeq: row.lastSeq,
    unread: row.customerCount - (readCount ?? 0),
    preview: row.previewKind
      ? { kind: row.previewKind, text: row.previewText ?? '', at: row.lastActivityAt }
      : null,
    waitingSince: row.waitingSince,
    snoozedUntil: row.snoozedUntil,
    clock: selected.clockKind
      ? {
          kind: selected.clockKind,
          startedAt: selected.clockStartedAt,
          dueAt: selected.clockDueAt,
          breachedAt: selected.clockBreachedAt,
          pauseReason: selected.clockPauseReason,
        }
      : null,
    customerReadSeq: row.customerReadSeq,
    previousId: row.previousId,
    mergedIntoId: row.mergedIntoId,
    isSpam: row.spamAt !== null,
    openedAt: row.openedAt,
    lastActivityAt: row.lastActivityAt,
    resolvedAt: row.resolvedAt,
    version: row.version,
  }
}
