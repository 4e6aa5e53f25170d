import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { instant } from './columns.ts'
import { system } from './context.ts'
import { type Db, inTransaction } from './db.ts'
import { reasonOf } from './errors.ts'
import { type Cursor, type EventRow, events, type Reaction, readEvents } from './events.ts'
import { openContext, type Workplace } from './work.ts'

export const reactionCursors = pgTable('reaction_cursors', {
  name: text().primaryKey(),
  position: bigint({ mode: 'number' }).notNull(),
})

/** What a reaction could not do yet. While one stands open, later events of its subject wait behind it. */
export const reactionFailures = pgTable(
  'reaction_failures',
  {
    reaction: text().notNull(),
    eventId: bigint({ mode: 'number' }).notNull(),
    subject: uuid(),
    attempts: integer().notNull(),
    nextAt: instant(),
    parkedAt: instant(),
    reason: text(),
  },
  t => [
    primaryKey({ columns: [t.reaction, t.eventId] }),
    index('reaction_failures_waiting').on(t.nextAt).where(sql`parked_at is null`),
  ],
)

type Outcome = { failure: string | null; emitted: number }

const batchSize = 200
const attemptsBeforeParking = 5
const leaderLock = 0x0afa_0002

/**
 * Runs every module's reactions over the event table, in order, in whichever process holds the leader's
 * lock. The cursor moves in the same transaction as what the reactions did, so in the database each acts
 * once; a reaction that throws is set aside and tried again, and the line goes on.
 */
export function startReactions(place: Workplace, reactions: readonly Reaction[]) {
  const byEvent = Map.groupBy(reactions, reaction => reaction.event)
  const byName = new Map(reactions.map(reaction => [reaction.name, reaction]))
  let leader: pg.PoolClient | null = null
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let asked = false
  let cursor: Cursor | null = null

  async function lead() {
    if (leader) return true
    const client = await place.pool.connect()
    client.once('error', () => {
      if (leader === client) client.release(true)
      leader = null
      cursor = null
    })
    const { rows } = await client.query('select pg_try_advisory_lock($1) as mine', [leaderLock])
    if (!rows[0].mine) {
      client.release()
      return false
    }
    leader = client
    return true
  }

  async function catchUp() {
    if (!(await lead())) return
    cursor ??= { id: await startingPosition(place.db), gapSeenAt: null }
    for (;;) {
      const read = await readEvents(place.pool, cursor, batchSize)
      if (read.rows.length > 0) await react(read.rows, read.cursor.id)
      cursor = read.cursor
      if (read.waiting && !stopped) setTimeout(wake, 3)
      if (stopped || read.waiting || read.rows.length < batchSize) return
    }
  }

  /** Hopefully first: savepoints are two statements in three, and nearly always nothing fails. */
  async function react(rows: EventRow[], position: number) {
    if (rows.every(row => reactionsTo(row).length === 0)) return moveCursor(place.db, position)
    await reactTo(rows, position, runReaction).catch(() => reactTo(rows, position, attempt))
  }

  const reactionsTo = (row: EventRow) =>
    byEvent.get(row.name)?.filter(reaction => reaction.when(row.payload as never)) ?? []

  async function reactTo(rows: EventRow[], position: number, run: typeof attempt) {
    let told = 0
    await inTransaction(place.pool, async db => {
      const behind = await openFailures(db)
      const hasRun = new Set<Reaction>()
      for (const row of rows)
        for (const reaction of reactionsTo(row)) {
          if (reaction.isForAll && hasRun.has(reaction)) continue
          const blocked = subjectOf(row) !== null && behind.has(`${reaction.name} ${subjectOf(row)}`)
          const { failure, emitted } = blocked
            ? { failure: 'waits behind an earlier event', emitted: 0 }
            : await run(db, reaction, row)
          told += emitted
          if (failure === null) {
            hasRun.add(reaction)
            continue
          }
          behind.add(`${reaction.name} ${subjectOf(row)}`)
          await setAside(db, place.clock.now(), reaction, row, failure)
        }
      await moveCursor(db, position)
    })
    if (told > 0) place.wake()
  }

  async function attempt(db: Db, reaction: Reaction, row: EventRow): Promise<Outcome> {
    try {
      return await db.transaction(savepoint => runReaction(savepoint, reaction, row))
    } catch (error) {
      place.log.warn({ reaction: reaction.name, event: row.id, err: error }, 'a reaction is set aside')
      return { failure: reasonOf(error), emitted: 0 }
    }
  }

  async function runReaction(db: Db, reaction: Reaction, row: EventRow): Promise<Outcome> {
    const { ctx, flush } = openContext(place, db, system, row)
    await reaction.run(ctx, row.payload as never, row)
    return { failure: null, emitted: await flush() }
  }

  /** Tries again what was set aside and is due, oldest event first; after five tries it is parked for a person. */
  async function retry() {
    if (!leader) return
    const due = await place.db
      .select()
      .from(reactionFailures)
      .innerJoin(events, eq(events.id, reactionFailures.eventId))
      .where(and(isNull(reactionFailures.parkedAt), lte(reactionFailures.nextAt, place.clock.now())))
      .orderBy(asc(reactionFailures.eventId))
      .limit(batchSize)
    const held = new Set<string>()
    for (const { reaction_failures: failure, events: event } of due) {
      const line = `${failure.reaction} ${failure.subject}`
      if (held.has(line)) continue
      if (!(await retryOne(failure, event as EventRow)) && failure.subject) held.add(line)
    }
  }

  async function retryOne(failure: typeof reactionFailures.$inferSelect, row: EventRow): Promise<boolean> {
    const mine = and(
      eq(reactionFailures.reaction, failure.reaction),
      eq(reactionFailures.eventId, failure.eventId),
    )
    const reaction = byName.get(failure.reaction)
    try {
      let told = 0
      await inTransaction(place.pool, async db => {
        const { ctx, flush } = openContext(place, db, system, row)
        await reaction?.run(ctx, row.payload as never, row)
        await db.delete(reactionFailures).where(mine)
        told = await flush()
      })
      if (told > 0) place.wake()
      return true
    } catch (error) {
      const attempts = failure.attempts + 1
      const parked = attempts >= attemptsBeforeParking
      await place.db
        .update(reactionFailures)
        .set({
          attempts,
          reason: reasonOf(error).slice(0, 500),
          nextAt: backOff(place.clock.now(), attempts),
          parkedAt: parked ? place.clock.now() : null,
        })
        .where(mine)
      return parked
    }
  }

  function run(work: () => Promise<void>) {
    running = running.then(work).catch(error => {
      cursor = null
      place.log.warn({ err: error }, 'reactions paused')
    })
    return running
  }

  function wake() {
    if (asked || stopped) return
    asked = true
    run(async () => {
      asked = false
      if (!stopped) await catchUp()
    })
  }

  return {
    wake,
    retry: () => run(retry),
    async stop() {
      stopped = true
      await running
      leader?.release(true)
      leader = null
    },
  }
}

const subjectOf = (row: EventRow) => row.conversationId ?? row.customerId

const backOff = (now: Date, attempts: number) => new Date(now.getTime() + 1_000 * 2 ** attempts)

async function startingPosition(db: Db) {
  const [row] = await db.select().from(reactionCursors).where(eq(reactionCursors.name, 'all'))
  return row?.position ?? 0
}

const moveCursor = (db: Db, position: number) =>
  db
    .insert(reactionCursors)
    .values({ name: 'all', position })
    .onConflictDoUpdate({ target: reactionCursors.name, set: { position } })
    .prepare('move-cursor')
    .execute()

async function openFailures(db: Db) {
  const rows = await db
    .select({ reaction: reactionFailures.reaction, subject: reactionFailures.subject })
    .from(reactionFailures)
    .where(isNull(reactionFailures.parkedAt))
    .prepare('open-failures')
    .execute()
  return new Set(rows.map(row => `${row.reaction} ${row.subject}`))
}

const setAside = (db: Db, now: Date, reaction: Reaction, row: EventRow, reason: string) =>
  db
    .insert(reactionFailures)
    .values({
      reaction: reaction.name,
      eventId: row.id,
      subject: subjectOf(row),
      attempts: 1,
      nextAt: backOff(now, 1),
      reason: reason.slice(0, 500),
    })
    .onConflictDoNothing()
