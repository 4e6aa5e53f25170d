import { afterAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { openDb, openPool } from './db.ts'
import { returnToken, sweepRateLimits, takeToken } from './rate-limits.ts'

const database = await createTestDatabase()
const pool = openPool(database.connection, { max: 20 })
const otherProcess = openPool(database.connection, { max: 20 })
afterAll(async () => {
  await pool.end()
  await otherProcess.end()
  await database.drop()
})

const start = Date.parse('2026-11-21T10:00:00Z')
const at = (seconds: number) => new Date(start + seconds * 1000)
const fivePerMinute = { limit: 5, perSeconds: 60 }
const take = (key: string, seconds: number, limit = fivePerMinute) => takeToken(pool, key, limit, at(seconds))

describe('a limit of five a minute', () => {
  test('lets five through at once and refuses the sixth, saying when to come back', async () => {
    for (let i = 0; i < 5; i++) expect(await take('a', 0)).toEqual({ allowed: true, retryAfterSeconds: 0 })
    expect(await take('a', 0)).toEqual({ allowed: false, retryAfterSeconds: 12 })
    expect(await take('a', 7)).toEqual({ allowed: false, retryAfterSeconds: 5 })
    expect(await take('a', 11.999)).toEqual({ allowed: false, retryAfterSeconds: 1 })
  })

  test('lets one more through when it said so, and not two', async () => {
    for (let i = 0; i < 6; i++) await take('b', 0)
    expect(await take('b', 12)).toMatchObject({ allowed: true })
    expect(await take('b', 12)).toMatchObject({ allowed: false })
  })

  test('is whole again after a minute, however often was asked in between', async () => {
    for (let i = 0; i < 50; i++) await take('c', 0)
    const later = []
    for (let i = 0; i < 6; i++) later.push((await take('c', 60)).allowed)
    expect(later).toEqual([true, true, true, true, true, false])
  })

  test('counts each key for itself', async () => {
    for (let i = 0; i < 6; i++) await take('d', 0)
    expect(await take('e', 0)).toMatchObject({ allowed: true })
  })

  test('does not count what was taken back', async () => {
    for (let i = 0; i < 5; i++) await take('g', 0)
    await returnToken(pool, 'g', fivePerMinute)
    expect(await take('g', 0)).toMatchObject({ allowed: true })
    expect(await take('g', 0)).toMatchObject({ allowed: false, retryAfterSeconds: 12 })
  })

  test('counts for all processes together, and exactly, when everybody comes at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        takeToken(i % 2 ? pool : otherProcess, 'f', fivePerMinute, at(0)),
      ),
    )
    expect(answers.filter(answer => answer.allowed)).toHaveLength(5)
    for (const { allowed, retryAfterSeconds } of answers) expect(retryAfterSeconds > 0).toBe(!allowed)
  })
})

test.each([
  { limit: 1, perSeconds: 1 },
  { limit: 3, perSeconds: 10 },
  { limit: 6, perSeconds: 10 },
  { limit: 7, perSeconds: 1 },
  { limit: 1000, perSeconds: 3 },
])('a limit of $limit in $perSeconds s is neither one less nor one more', async limit => {
  const allowed = []
  for (let i = 0; i < limit.limit + 1; i++) allowed.push((await take(`g ${limit.limit}`, 0, limit)).allowed)
  expect(allowed.filter(Boolean)).toHaveLength(limit.limit)
  expect(allowed.at(-1)).toBe(false)
})

test('a key is not kept as it is, for it may be an address', async () => {
  await take('sign-in ada@example.com 203.0.113.7', 0)
  const { rows } = await pool.query('select key from rate_limits')
  for (const { key } of rows) expect(key.toString('latin1')).not.toMatch(/ada@|203\.0/)
  expect(rows.every(row => row.key.length === 32)).toBe(true)
})

test('keys whose limits are whole again are swept away, the others stay', async () => {
  await takeToken(pool, 'old', fivePerMinute, at(10_000))
  await takeToken(pool, 'new', fivePerMinute, at(10_050))
  await sweepRateLimits(openDb(pool), at(10_012))
  const { rows } = await pool.query('select count(*)::int as count from rate_limits')
  expect(rows).toEqual([{ count: 1 }])
})

test('the table costs no write-ahead log', async () => {
  const { rows } = await pool.query("select relpersistence from pg_class where relname = 'rate_limits'")
  expect(rows).toEqual([{ relpersistence: 'u' }])
})
