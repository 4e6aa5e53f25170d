import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Ctx, can } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { conditionSql } from '../../platform/filters/compile.ts'
import { checkCondition } from '../../platform/filters/conditions.ts'
import type { Workplace } from '../../platform/work.ts'
import { inVisibleStores } from '../conversations/conversations.ts'
import { conversationKind } from '../conversations/saved-views/saved-views.ts'
import { conversations } from '../conversations/tables.ts'
import { listCustomers } from '../customers/search.ts'
import { readerOf } from '../settings/readers.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { findConversations, type Reach } from './finding.ts'
import { findHits, findShown } from './hits.ts'
import { readIndexing } from './indexing.ts'
import { readQuestion } from './question.ts'
import type { FoundConversation, SearchFilter, SearchResults } from './schemas.ts'
import { messageSearch as m } from './tables.ts'
import { markOf } from './words.ts'

const shownCustomers = 5
const shownHits = 3
const mostHits = 100

/**
 * Everything the actor may see that holds what was typed, by conversation, the one with the newest hit first; and on
 * the first page the customers who are like it, and the conversation whose number it is.
 */
export async function search(
  ctx: Ctx,
  place: Workplace,
  filter: SearchFilter,
  reach?: Reach,
): Promise<SearchResults> {
  const question = readQuestion(filter.q)
  const scope = await readScope(ctx, filter, question.query)
  const cursor = readCursor(filter.cursor)
  const isFirst = !cursor && !filter.conversationId
  const [page, customers, numbered, indexing] = await Promise.all([
    filter.conversationId
      ? inOne(filter.conversationId)
      : findConversations(place, scope, { cursor, limit: filter.limit }, reach),
    isFirst && can(ctx.actor, 'customers:read')
      ? listCustomers(ctx, { search: question.name, limit: shownCustomers })
      : { items: [] },
    isFirst && question.number ? findNumbered(ctx, question.number) : null,
    readIndexing(ctx.db),
  ])
  const { ids, last, searchedBackTo, count } = page
  const hits = await findHits(ctx, scope, question, ids, filter.conversationId ? mostHits : shownHits)
  const shown = await findShown(ctx, ids)
  const items = ids.flatMap(id => {
    const [conversation, found] = [shown.get(id), hits.get(id)]
    return conversation && found ? [{ conversation, hits: found.hits, hitCount: found.count }] : []
  })
  return {
    customers: customers.items,
    numbered,
    items,
    next: last && writeCursor(last),
    count: isFirst ? count : null,
    searchedBackTo,
    indexing,
  }
}

const inOne = (id: string) => ({ ids: [id], last: null, searchedBackTo: null, count: null })

/** What must hold of a message, and of its conversation where anything is asked of that. */
export type Scope = { message: SQL; joined: SQL; before: Date | null }

export async function readScope(ctx: Ctx, filter: SearchFilter, query: string): Promise<Scope> {
  const { storeIds } = ctx.actor
  const stores = filter.storeId ? [filter.storeId] : storeIds === 'all' ? null : storeIds
  const marked = stores?.length ? `(${query}) & (${stores.map(id => `'${markOf(id)}'`).join(' | ')})` : query
  const message = and(
    sql`${m.words} @@ ${marked}::tsquery`,
    storeIds === 'all' ? undefined : isIn(m.storeId, storeIds),
    filter.storeId ? eq(m.storeId, filter.storeId) : undefined,
    filter.from ? eq(m.kind, filter.from) : undefined,
    filter.authorId ? eq(m.authorId, filter.authorId) : undefined,
    filter.conversationId ? eq(m.conversationId, filter.conversationId) : undefined,
    filter.after ? sql`${m.at} >= ${filter.after}` : undefined,
    filter.before ? sql`${m.at} < ${filter.before}` : undefined,
  )!
  const conversation = and(
    filter.channel ? eq(conversations.channelKind, filter.channel) : undefined,
    filter.mine ? sql`${conversations.assigneeId} = ${ctx.actor.id}` : undefined,
    await asked(ctx, filter.condition),
  )
  return {
    message,
    joined: conversation
      ? sql`join conversations on conversations.id = message_search.conversation_id and ${conversation}`
      : sql``,
    before: filter.before ? new Date(filter.before) : null,
  }
}

const isIn = (column: typeof m.storeId, ids: readonly string[]) =>
  ids.length === 0 ? sql`false` : inArray(column, [...ids])

async function asked(ctx: Ctx, text: string | undefined): Promise<SQL | undefined> {
  if (!text) return undefined
  const kind = conversationKind(ctx)
  const condition = checkCondition(kind, ctx.actor, parse(text))
  return conditionSql(kind, condition, await readerOf(ctx))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('malformed_condition', 'This condition is no JSON.', { path: 'condition' })
  }
}

async function findNumbered(ctx: Ctx, number: number): Promise<FoundConversation | null> {
  const found = await ctx.db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(eq(conversations.number, number), inVisibleStores(ctx)))
  return (
    (
      await findShown(
        ctx,
        found.map(({ id }) => id),
      )
    )
      .values()
      .next().value ?? null
  )
}
