import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import type { z } from 'zod'
import { instant, xid8 } from './columns.ts'
import type { Ctx } from './context.ts'

/**
 * Everything that happened, once: timeline, automation input, webhook source and realtime source. `xid`
 * stands before `id` on purpose: PostgreSQL evaluates defaults in column order, so a transaction has its
 * xid before it takes an id, which is what lets a reader prove that a gap is dead (see `readEvents`).
 */
export const events = pgTable(
  'events',
  {
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
    id: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
    name: text().notNull(),
    at: instant().notNull(),
    actorKind: text().notNull(),
    actorId: uuid(),
    customerId: uuid(),
    conversationId: uuid(),
    payload: jsonb().notNull(),
    cause: bigint({ mode: 'number' }),
    depth: integer().notNull().default(0),
  },
  t => [index('events_by_customer').on(t.customerId, t.id).where(sql`customer_id is not null`)],
)

export type EventRow = {
  id: number
  name: string
  at: Date
  actorKind: string
  actorId: string | null
  customerId: string | null
  conversationId: string | null
  payload: unknown
  cause: number | null
  depth: number
}

/** `rooms` says who may hear of it at once; the push carries ids only, so a room is no way round permissions. */
export type EventType<T> = { name: string; payload: z.ZodType<T>; rooms: (payload: T) => string[] }

export const defineEvent = <T>(
  name: string,
  payload: z.ZodType<T>,
  rooms: (payload: T) => string[] = () => [],
): EventType<T> => ({ name, payload, rooms })

export type Reaction = {
  event: string
  name: string
  run: (ctx: Ctx, payload: never, row: EventRow) => Promise<void>
  isForAll?: boolean
  when: (payload: never) => boolean
}

/** `when` tells by what an event carries, and without fail, whether the reaction is for it; the others cost nothing. */
type Concern<T> = { when?: (payload: T) => boolean }

/** Runs at least once per event, in order per conversation or customer; must bear repetition. */
export const on = <T>(
  event: EventType<T>,
  name: string,
  run: (ctx: Ctx, payload: T, row: EventRow) => Promise<void>,
  { when = always }: Concern<T> = {},
): Reaction => ({
  event: event.name,
  name,
  run: run as Reaction['run'],
  when,
})

/** For what looks at the state of things and not at the event: events read together make it run once. */
export const onAny = <T>(
  event: EventType<T>,
  name: string,
  run: (ctx: Ctx) => Promise<void>,
  { when = always }: Concern<T> = {},
): Reaction => ({
  event: event.name,
  name,
  run: ctx => run(ctx),
  isForAll: true,
  when,
})

const always = () => true

export type Cursor = { id: number; gapSeenAt: bigint | null }

/**
 * The next events after the cursor, in id order without skipping any. Ids are taken just before commit
 * while the subject's row is locked, so id order is the order of each subject; but a lower id may commit
 * after a higher one. A missing id therefore stops the reading until every transaction that could hold it
 * has ended: its xid is below the snapshot's xmax in which the gap was first seen, so the gap is dead once
 * xmin has reached that xmax. (Reading below xmin alone would be complete, but not in subject order.)
 */
export async function readEvents(
  pool: pg.Pool,
  cursor: Cursor,
  limit: number,
): Promise<{ rows: EventRow[]; cursor: Cursor; waiting: boolean }> {
  const answer = await pool.query<EventRow & { xmin: string; xmax: string }>({
    name: 'read-events',
    text: readSql,
    values: [cursor.id, limit],
  })
  const rows: EventRow[] = []
  let last = cursor.id
  for (const row of answer.rows) {
    if (row.id !== last + 1) {
      const seenAt = rows.length === 0 && cursor.gapSeenAt !== null ? cursor.gapSeenAt : BigInt(row.xmax)
      if (BigInt(row.xmin) < seenAt) return { rows, cursor: { id: last, gapSeenAt: seenAt }, waiting: true }
    }
    rows.push(row)
    last = row.id
  }
  return { rows, cursor: { id: last, gapSeenAt: null }, waiting: false }
}

const readSql = `select id, name, at, actor_kind as "actorKind", actor_id as "actorId", customer_id as "customerId",
  conversation_id as "conversationId", payload, cause, depth,
  pg_snapshot_xmin(pg_current_snapshot())::text as xmin, pg_snapshot_xmax(pg_current_snapshot())::text as xmax
  from events where id > $1 order by id limit $2`

export const newestEventId = async (pool: pg.Pool): Promise<number> =>
  (await pool.query('select coalesce(max(id), 0) as id from events')).rows[0].id
