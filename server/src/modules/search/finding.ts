import { type SQL, sql } from 'drizzle-orm'
import { type Db, inTransaction } from '../../platform/db.ts'
import { isTimeout } from '../../platform/errors.ts'
import type { Workplace } from '../../platform/work.ts'
import type { Cursor } from './cursors.ts'
import type { Scope } from './search.ts'

export const mostCounted = 1_000

export type FoundPage = {
  ids: string[]
  last: Cursor | null
  searchedBackTo: Date | null
  count: { conversations: number; isMore: boolean }
}

type Found = { id: string; at: Date }

/**
 * Conversations with what is sought, the newest hit first, in three steps of which each has its limit. The newest
 * messages are read through: there a frequent word fills the page, for which the index of words would have to put
 * millions in order. Where they do not fill it, the word is not frequent now, and the index gives all there are. Where
 * even that takes too long (three frequent words that seldom meet, a filter that few pass) a longer stretch is read
 * through, and the answer says how far back it got.
 */
export async function findConversations(
  place: Workplace,
  scope: Scope,
  { cursor, limit }: { cursor: Cursor | null; limit: number },
  reach: Reach = usualReach,
): Promise<FoundPage> {
  const bounded = <T>(ms: number, work: (db: Db) => Promise<T>) =>
    inTurn(place, () =>
      inTransaction(place.pool, async db => {
        await db.execute(
          sql.raw(
            `set local statement_timeout = ${ms}; set local work_mem = '32MB'; set local enable_seqscan = off`,
          ),
        )
        return work(db)
      }),
    )
  const wanted = cursor ? limit + 1 : mostCounted + 1
  const to = earlier(cursor?.at ?? null, scope.before)
  const near = await bounded(reach.walkMs, async db => {
    const { newest, end } = await stretchOf(db, to, reach.near)
    return { newest, end, found: await find(db, scope, { cursor, from: end, to, wanted }) }
  })
  if (!near.end || !near.newest) return pageOf(near.found, limit, null)
  if (near.found.length > limit) return { ...pageOf(near.found, limit, null), ...uncounted(near.found) }
  const backTo = (from: Date | null, ms: number) =>
    unlessTooLong(bounded(ms, db => find(db, scope, { cursor, from, to, wanted })))
  const all = await backTo(null, reach.indexMs)
  if (all) return pageOf(all, limit, null)
  const start = new Date(near.end.getTime() - reach.far * (near.newest.getTime() - near.end.getTime()))
  const far = await backTo(start, reach.walkMs)
  const found = far ?? near.found
  return { ...pageOf(found, limit, far ? start : near.end), ...uncounted(found) }
}

/**
 * How many of the newest messages are read through at first, how many times their span of time before them at last,
 * and how long a step may take.
 */
export type Reach = { near: number; far: number; walkMs: number; indexMs: number }

// Chosen on five million messages: what fewer than one in some hundreds holds is in the index quickly enough.
const usualReach: Reach = { near: 10_000, far: 10, walkMs: 2_000, indexMs: 150 }

function pageOf(found: readonly Found[], limit: number, searchedBackTo: Date | null): FoundPage {
  const page = found.slice(0, limit)
  const isMore = found.length > limit
  // All that stands at that moment has been looked at, and moments are told by the millisecond.
  const beforeAll = searchedBackTo && { at: new Date(searchedBackTo.getTime() - 1), id: highest }
  return {
    ids: page.map(({ id }) => id),
    last: isMore ? page.at(-1)! : beforeAll,
    searchedBackTo: isMore ? null : searchedBackTo,
    count: { conversations: Math.min(found.length, mostCounted), isMore: found.length > mostCounted },
  }
}

const uncounted = (found: readonly Found[]) => ({
  count: { conversations: Math.min(found.length, mostCounted), isMore: true },
})

const inTurn = async <T>(place: Workplace, work: () => Promise<T>): Promise<T> => {
  const turns = turnsOf.get(place) ?? { underway: 0, waiting: [] }
  turnsOf.set(place, turns)
  if (turns.underway >= atOnce) await new Promise<void>(done => turns.waiting.push(done))
  else turns.underway += 1
  try {
    return await work()
  } finally {
    const next = turns.waiting.shift()
    if (next) next()
    else turns.underway -= 1
  }
}

/** Searches may be slow, and must leave connections to those who answer customers. */
const atOnce = 4
const turnsOf = new WeakMap<Workplace, { underway: number; waiting: (() => void)[] }>()

const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** The moments of the newest message and of that so many before it; no end where there are not so many. */
async function stretchOf(db: Db, to: Date | null, messages: number) {
  const newestFirst = sql`select at from message_search ${to ? sql`where at <= ${to}` : sql``} order by at desc`
  const { rows } = await db.execute<{ newest: string | null; end: string | null }>(sql`
    select (${newestFirst} limit 1) as newest, (${newestFirst} offset ${messages} limit 1) as end`)
  const { newest, end } = rows[0]!
  return newest && end ? { newest: new Date(newest), end: new Date(end) } : { newest: null, end: null }
}

type Stretch = { cursor: Cursor | null; from: Date | null; to: Date | null; wanted: number }

/**
 * A stretch is read through by its moments: `offset 0` keeps the index of words out of it, whose millions of entries
 * for a frequent word cost more than the stretch.
 */
async function find(db: Db, scope: Scope, { cursor, from, to, wanted }: Stretch): Promise<Found[]> {
  const until = to ? sql`and at <= ${to}` : sql``
  const within = sql`select * from message_search where at >= ${from} ${until} offset 0`
  const source = from ? sql`(${within}) as message_search` : sql`message_search`
  const { rows } = await db.execute<{ id: string; at: string }>(sql`
    with hit as materialized (
      select conversation_id as id, at from ${source} ${scope.joined}
      where ${scope.message} ${from ? sql`` : until}),
    found as (select id, max(at) as at from hit group by id order by 2 desc, 1 desc offset 0)
    select id, at from found ${cursor ? notBefore(scope, cursor) : sql``} limit ${wanted}`)
  return rows.map(({ id, at }) => ({ id, at: new Date(at) }))
}

/** A conversation stands where its newest hit is, so one with a newer hit than the cursor's has been shown. */
const notBefore = (scope: Scope, { at, id }: Cursor): SQL => sql`
  where (found.at, found.id) < (${at}::timestamptz, ${id}::uuid) and (
    select count(*) from (select * from message_search where conversation_id = found.id and at > ${at} offset 0)
      as message_search where ${scope.message}) = 0`

async function unlessTooLong<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (isTimeout(error)) return null
    throw error
  }
}

const earlier = (a: Date | null, b: Date | null) => (a && b ? (a < b ? a : b) : (a ?? b))
