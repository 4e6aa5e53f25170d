import { and, type SQL, sql } from 'drizzle-orm'
import { inTransaction } from '../../../platform/db.ts'
import { isTimeout } from '../../../platform/errors.ts'
import { type Cursor, newestEventId, readEvents } from '../../../platform/events.ts'
import { type Asked, askedSql, conditionSql, conditionTest } from '../../../platform/filters/compile.ts'
import type { Condition } from '../../../platform/filters/conditions.ts'
import type { Reader } from '../../../platform/filters/times.ts'
import type { Workplace } from '../../../platform/work.ts'
import { inSightOf, type Sight, seesConversation, type Whereabouts } from '../conversations.ts'

/** How many conversations a condition holds for, up to `mostCounted`; null while nobody knows. */
export type Count = { count: number | null; isMore: boolean }
/** What is asked for, by whom, and what he may see of it. */
export type Question = { condition: Condition; reader: Reader; sight: Sight }

/** Beyond this a rail shows "999+"; nobody works by the difference, and counting further costs a scan. */
export const mostCounted = 1_000

const forgottenAfterMs = 120_000
/** Conditions that look at the clock change by themselves; all others are counted anew only to be sure. */
const countedAnewMs = { timed: 2_000, over: 5_000, sure: 60_000 }
const longestCountMs = 3_000
const countsAtOnce = 2
const mostEvents = 5_000
const pageSize = 1_000

type Entry = Question & {
  members: Set<string> | null
  isOver: boolean
  isTimed: boolean
  holds: (record: Asked) => boolean
  countedAt: number
  askedAt: number
  counting: Promise<void> | null
  /** What changed while it was being counted. */
  touched: Set<string>
}

const tallies = new WeakMap<Workplace, Tally>()
export type Tally = ReturnType<typeof openTally>

/** The one of this process. */
export function tallyOf(place: Workplace): Tally {
  const known = tallies.get(place) ?? openTally(place)
  tallies.set(place, known)
  return known
}

/**
 * Counts conditions once and then follows the event table: of each conversation that changed it asks, in memory,
 * for which conditions it holds now. So thirty people with thirty views cost one small query a moment, not nine
 * hundred counts. It works only when asked, and what is answered is as new as the asking.
 */
export function openTally(place: Workplace) {
  const entries = new Map<string, Entry>()
  const waiting: (() => void)[] = []
  let counts = 0
  let cursor: Cursor | null = null
  let following: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  let asked: SQL | null = null

  async function count(questions: readonly Question[]): Promise<Count[]> {
    const now = Date.now()
    forget(now)
    cursor ??= { id: await newestEventId(place.pool), gapSeenAt: null }
    const found = questions.map(question => entryFor(question, now))
    await catchUp()
    const due = found.filter(entry => isDue(entry, now))
    const unknown = due.filter(entry => entry.members === null)
    for (const entry of due) entry.counting ??= countAnew(entry)
    await Promise.all(unknown.map(entry => entry.counting))
    return found.map(({ members, isOver }) => ({
      count: members && Math.min(members.size, mostCounted),
      isMore: isOver,
    }))
  }

  function entryFor(question: Question, now: number): Entry {
    const key = keyOf(question)
    const known = entries.get(key)
    if (known) {
      known.askedAt = now
      known.reader = question.reader
      return known
    }
    const entry: Entry = {
      ...question,
      members: null,
      isOver: false,
      isTimed: looksAtClock(question.condition),
      holds: () => false,
      countedAt: Number.NEGATIVE_INFINITY,
      askedAt: now,
      counting: null,
      touched: new Set(),
    }
    entries.set(key, entry)
    asked = null
    return entry
  }

  /** Joins who asks at the same time, but never one that began before the asking. */
  function catchUp(): Promise<void> {
    next ??= following.then(() => {
      next = null
      return follow().catch(error => place.log.warn({ err: error }, 'the counts of views lag behind'))
    })
    following = next
    return next
  }

  async function follow() {
    const changed = new Set<string>()
    const customers = new Set<string>()
    for (let seen = 0; cursor; ) {
      const read = await readEvents(place.pool, cursor, pageSize)
      cursor = read.cursor
      seen += read.rows.length
      for (const { conversationId, customerId } of read.rows) {
        if (conversationId) changed.add(conversationId)
        else if (customerId) customers.add(customerId)
      }
      if (seen > mostEvents) return countAllAnew()
      if (read.rows.length < pageSize) break
    }
    if (changed.size + customers.size > 0) await look([...changed], [...customers])
  }

  /** Too much happened since anybody asked: counting is cheaper than following. */
  async function countAllAnew() {
    cursor = { id: await newestEventId(place.pool), gapSeenAt: null }
    for (const entry of entries.values()) entry.countedAt = Number.NEGATIVE_INFINITY
  }

  async function look(ids: string[], customerIds: string[]) {
    asked ??= askedSql(kind(), { any: [...entries.values()].map(({ condition }) => condition) })
    const { rows } = await place.db.execute<Whereabouts & { id: string; asked: Asked }>(sql`
      select id, store_id as "storeId", team_id as "teamId", assignee_id as "assigneeId", ${asked} as asked
      from conversations
      where id = any(${sql.param(ids)}::uuid[]) or customer_id = any(${sql.param(customerIds)}::uuid[])`)
    for (const entry of entries.values())
      for (const { id, asked, ...whereabouts } of rows) {
        if (entry.counting) entry.touched.add(id)
        if (!entry.members) continue
        const holds = seesConversation(entry.sight, whereabouts) && entry.holds(asked)
        if (holds) entry.members.add(id)
        else entry.members.delete(id)
      }
  }

  async function countAnew(entry: Entry) {
    if (counts >= countsAtOnce) await new Promise<void>(done => waiting.push(done))
    counts += 1
    try {
      const { condition, reader, sight } = entry
      entry.holds = conditionTest(kind(), condition, reader)
      const ids = await inTransaction(place.pool, async db => {
        await db.execute(sql.raw(`set local statement_timeout = ${longestCountMs}`))
        const holds = and(conditionSql(kind(), condition, reader), inSightOf(sight))
        const { rows } = await db.execute<{ id: string }>(
          sql`select id from conversations where ${holds} limit ${mostCounted + 1}`,
        )
        return rows.map(({ id }) => id)
      })
      entry.isOver = ids.length > mostCounted
      entry.members = new Set(ids)
    } catch (error) {
      if (!isTimeout(error)) throw error
      entry.members = null
    } finally {
      counts -= 1
      waiting.shift()?.()
      entry.countedAt = Date.now()
      entry.counting = null
    }
    const touched = [...entry.touched]
    entry.touched.clear()
    if (touched.length > 0) await look(touched, [])
  }

  function forget(now: number) {
    for (const [key, entry] of entries)
      if (now - entry.askedAt > forgottenAfterMs && !entry.counting) {
        entries.delete(key)
        asked = null
      }
    if (entries.size === 0) cursor = null
  }

  const kind = () => place.records.get('conversation')!

  return { count }
}

const isDue = ({ countedAt, isOver, isTimed }: Entry, now: number) =>
  now - countedAt >= (isTimed ? countedAnewMs.timed : isOver ? countedAnewMs.over : countedAnewMs.sure)

/** The same for all who would be answered the same. */
function keyOf({ condition, reader, sight: { id, storeIds, teamIds } }: Question): string {
  const text = JSON.stringify(condition)
  return JSON.stringify([
    text,
    storeIds === 'all' ? storeIds : [...storeIds].sort(),
    teamIds && [id, ...[...teamIds].sort()],
    text.includes('"@me"') && reader.id,
    text.includes('"@my_teams"') && [...reader.teamIds].sort(),
    looksAtClock(condition) && reader.zone,
  ])
}

const timed = /"is":"(within|last|next|older_than|on)"/
const looksAtClock = (condition: Condition) => timed.test(JSON.stringify(condition))
