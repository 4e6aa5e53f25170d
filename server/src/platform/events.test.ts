import fc from 'fast-check'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { openPool } from './db.ts'
import { type Cursor, readEvents } from './events.ts'

const database = await createTestDatabase()
const pool = openPool(database.connection, { max: 12 })
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const insertSql =
  "insert into events (name, at, actor_kind, payload) values ('test.said', now(), 'system', $1) returning id"

const start = async (): Promise<Cursor> => ({
  id: (await pool.query('select coalesce(max(id), 0) as id from events')).rows[0].id,
  gapSeenAt: null,
})

async function follow(cursor: Cursor, seen: number[]) {
  const read = await readEvents(pool, cursor, 50)
  seen.push(...read.rows.map(row => row.id))
  return read.cursor
}

describe('following the event table', () => {
  test('waits for a lower id whose transaction has not ended, and then reads in order', async () => {
    let cursor = await start()
    const [slow, quick] = [await pool.connect(), await pool.connect()]
    await slow.query('begin')
    const low = (await slow.query(insertSql, ['{}'])).rows[0].id
    const high = (await quick.query(insertSql, ['{}'])).rows[0].id
    const seen: number[] = []
    cursor = await follow(cursor, seen)
    expect(seen).toEqual([])
    await slow.query('commit')
    await follow(cursor, seen)
    expect(seen).toEqual([low, high])
    slow.release()
    quick.release()
  })

  test('passes a gap that a rollback left, once everybody who could fill it is gone', async () => {
    let cursor = await start()
    const [gone, other] = [await pool.connect(), await pool.connect()]
    await gone.query('begin')
    await gone.query(insertSql, ['{}'])
    const kept = (await other.query(insertSql, ['{}'])).rows[0].id
    const seen: number[] = []
    cursor = await follow(cursor, seen)
    expect(seen).toEqual([])
    await gone.query('rollback')
    // The horizon is the whole server's, and other tests have transactions open too.
    await expect
      .poll(async () => {
        cursor = await follow(cursor, seen)
        return seen
      })
      .toEqual([kept])
    gone.release()
    other.release()
  })

  test('is not held up by a long transaction that says nothing', async () => {
    const cursor = await start()
    const long = await pool.connect()
    await long.query('begin; select pg_current_xact_id()')
    const { id } = (await pool.query(insertSql, ['{}'])).rows[0]
    const seen: number[] = []
    await follow(cursor, seen)
    expect(seen).toEqual([id])
    await long.query('rollback')
    long.release()
  })

  test('meets every committed event once and in order, whatever commits, rolls back or dies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            end: fc.constantFrom('commit', 'rollback', 'die'),
            pauses: fc.tuple(fc.nat(6), fc.nat(6)),
          }),
          { minLength: 4, maxLength: 14 },
        ),
        async writers => {
          let cursor = await start()
          const seen: number[] = []
          const committed: number[] = []
          let writing = true
          const reader = (async () => {
            while (writing) {
              cursor = await follow(cursor, seen)
              await pause(1)
            }
          })()
          await Promise.all(
            writers.map(async ({ end, pauses: [before, after] }) => {
              const client = new pg.Client(database.connection)
              client.on('error', () => {})
              await client.connect()
              await client.query('begin; select pg_current_xact_id()')
              await pause(before)
              const { id } = (await client.query(insertSql, ['{}'])).rows[0]
              await pause(after)
              if (end !== 'die') await client.query(end)
              if (end === 'commit') committed.push(id)
              await client.end()
            }),
          )
          writing = false
          await reader
          // The snapshot is the whole server's: transactions of other test files hold a gap open too.
          for (let tries = 0; tries < 1_000 && seen.length < committed.length; tries++) {
            cursor = await follow(cursor, seen)
            await pause(5)
          }
          expect(seen).toEqual(committed.sort((a, b) => a - b))
        },
      ),
      { numRuns: 12 },
    )
  }, 60_000)
})

const pause = (ms: number) => new Promise(done => setTimeout(done, ms))
