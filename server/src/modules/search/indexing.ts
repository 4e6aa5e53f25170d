import { eq, sql } from 'drizzle-orm'
import { type Ctx, system } from '../../platform/context.ts'
import type { Db } from '../../platform/db.ts'
import { type Cursor, type EventRow, readEvents } from '../../platform/events.ts'
import { insertRows } from '../../platform/insert-rows.ts'
import type { Measure } from '../../platform/metrics.ts'
import { transact, type Workplace } from '../../platform/work.ts'
import { messageAdded } from '../conversations/events.ts'
import type { Attachment } from '../conversations/tables.ts'
import { type foundKinds, messageSearch, searchProgress } from './tables.ts'
import { markOf, vectorOf } from './words.ts'

const batchSize = 500
const walkSize = 1_000
const theOne = 1
const first = '00000000-0000-0000-0000-000000000000'

/** What is there already is walked over; what happens from now on is followed. */
export async function seedProgress(ctx: Ctx) {
  await ctx.db.execute(sql`
    insert into search_progress (id, event_id, message_id, walked)
    select ${theOne}, coalesce(max(id), 0), ${first}, 0 from events on conflict do nothing`)
}

/** Puts these messages into the index, or anew. One that is gone, or that the system wrote, is passed over. */
export async function indexMessages(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { rows } = await db.execute<Written>(sql`
    select messages.id, conversation_id as "conversationId", store_id as "storeId", kind, author_id as "authorId",
      created_at as at, text, attachments, mails.subject
    from messages join conversations on conversations.id = conversation_id
      left join mails on mails.message_id = messages.id
    where messages.id = any(${sql.param(ids)}::uuid[]) and kind <> 'system'
    order by messages.id`)
  if (rows.length === 0) return
  const found = rows.map(row => row.id)
  await db.execute(sql`delete from message_search where message_id = any(${sql.param(found)}::uuid[])`)
  await insertRows(
    db,
    messageSearch,
    rows.map(({ id, conversationId, storeId, kind, authorId, at, text, attachments, subject }) => ({
      ...{ messageId: id, conversationId, storeId, kind, authorId, at: new Date(at) },
      words: vectorOf(
        [text, subject ?? '', ...attachments.map(({ name }) => name)].filter(part => part !== ''),
        [markOf(storeId)],
      ),
    })),
  )
}

type Written = {
  id: string
  conversationId: string
  storeId: string
  kind: (typeof foundKinds)[number]
  authorId: string | null
  at: string
  text: string
  attachments: Attachment[]
  subject: string | null
}

/**
 * Follows the events by one batch: the messages they tell of are found from then on. The cursor moves with the rows,
 * so each is indexed once however many processes follow; whoever does not get the row leaves it to who has it.
 * Answers whether there may be more.
 */
export async function indexNews(place: Workplace, seen: { gap: Cursor | null }): Promise<boolean> {
  return transact(place, system, async ctx => {
    const [progress] = await ctx.db
      .select({ eventId: searchProgress.eventId })
      .from(searchProgress)
      .for('update', { skipLocked: true })
    if (!progress) return false
    const gapSeenAt = seen.gap?.id === progress.eventId ? seen.gap.gapSeenAt : null
    const read = await readEvents(place.pool, { id: progress.eventId, gapSeenAt }, batchSize)
    seen.gap = read.cursor
    if (read.rows.length === 0) return false
    await indexMessages(ctx.db, read.rows.flatMap(messageOf))
    await ctx.db.update(searchProgress).set({ eventId: read.cursor.id }).where(eq(searchProgress.id, theOne))
    return !read.waiting && read.rows.length === batchSize
  })
}

const messageOf = ({ name, payload }: EventRow): string[] =>
  name === messageAdded.name ? [(payload as { messageId: string }).messageId] : []

/**
 * Walks on over all messages in the order of their ids: those written before there was an index, and those that no
 * event tells of, such as the mails of a mailbox's past. Ids are made when a transaction is under way, so the walk
 * keeps a minute behind the oldest one that still runs. Answers whether there may be more.
 */
export async function walkOn(place: Workplace, upTo?: string): Promise<boolean> {
  return transact(place, system, async ctx => {
    const [progress] = await ctx.db.select().from(searchProgress).for('update', { skipLocked: true })
    if (!progress) return false
    const { rows } = await ctx.db.execute<{ id: string; isIndexed: boolean }>(sql`
      select id, exists (select from message_search where message_id = id) as "isIndexed" from messages
      where id > ${progress.messageId} and id <= ${upTo ?? safeEnd} order by id limit ${walkSize}`)
    const isAtEnd = rows.length < walkSize
    await indexMessages(
      ctx.db,
      rows.flatMap(({ id, isIndexed }) => (isIndexed ? [] : [id])),
    )
    if (rows.length > 0 || (isAtEnd && !progress.completedAt))
      await ctx.db
        .update(searchProgress)
        .set({
          messageId: rows.at(-1)?.id ?? progress.messageId,
          walked: sql`${searchProgress.walked} + ${rows.length}`,
          completedAt: progress.completedAt ?? (isAtEnd ? ctx.now : null),
        })
        .where(eq(searchProgress.id, theOne))
    return !isAtEnd
  })
}

/** The last id of a minute before the oldest transaction that may still write, as a UUID of version 7 begins. */
const safeEnd = sql`(select (lpad(to_hex((extract(epoch from least(now(), min(xact_start)) - interval '1 minute') * 1000)::bigint), 12, '0')
    || 'ffffffffffffffffffff')::uuid
  from pg_stat_activity where backend_xid is not null and datname = current_database())`

/** How much of what was there before has been read; null once all of it was. */
export async function readIndexing(db: Db): Promise<{ done: number; total: number } | null> {
  const [progress] = await db.select().from(searchProgress)
  if (!progress || progress.completedAt) return null
  const { rows } = await db.execute<{ total: number }>(
    sql`select greatest(reltuples, 0)::float8 as total from pg_class where oid = 'messages'::regclass`,
  )
  return { done: progress.walked, total: Math.max(Math.round(rows[0]!.total), progress.walked) }
}

export const searchMeasures: Measure[] = [
  {
    name: 'afar_search_events_behind',
    help: 'Events that the search index has yet to follow',
    read: async pool => {
      const { rows } = await pool.query<{ behind: number }>(
        'select greatest(0, (select max(id) from events) - event_id) as behind from search_progress',
      )
      return rows.map(({ behind }) => ({ value: behind }))
    },
  },
]
