import { createHash } from 'node:crypto'
import { lte } from 'drizzle-orm'
import { index, pgTable, timestamp } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { bytes } from './columns.ts'
import type { Db } from './db.ts'

/**
 * One bucket of tokens per key, shared by all processes, kept as the moment at which it is full again. The
 * migrations make the table UNLOGGED: after a crash everybody starts afresh, and nobody pays for the log.
 */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: bytes().primaryKey(),
    fullAt: timestamp({ withTimezone: true }).notNull(),
  },
  t => [index('rate_limits_by_full_at').on(t.fullAt)],
)

export type RateLimit = { limit: number; perSeconds: number }

/**
 * Takes one token of `limit`, which come back evenly over `perSeconds`; refused attempts cost nothing. Takes the
 * pool and never a transaction: a refusal rolls that one back, and the attempt must count all the same.
 */
export async function takeToken(
  pool: Pick<pg.Pool, 'query'>,
  key: string,
  { limit, perSeconds }: RateLimit,
  now: Date,
) {
  const windowMicros = perSeconds * 1_000_000
  const stepMicros = stepOf({ limit, perSeconds })
  const { rows } = await pool.query<{ allowed: boolean; full_in_ms: number }>({
    name: 'take-token',
    text: takeSql,
    values: [hashOf(key), now, stepMicros, windowMicros],
  })
  // No row at all: another attempt took the last token while this one was looking.
  const [answer = { allowed: false, full_in_ms: windowMicros / 1_000 }] = rows
  if (answer.allowed) return { allowed: true, retryAfterSeconds: 0 }
  const waitMs = Number(answer.full_in_ms) + (stepMicros - windowMicros) / 1_000
  return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) }
}

/** Takes an attempt back, as if it had not been made: for limits that are to count only what failed. */
export async function returnToken(pool: Pick<pg.Pool, 'query'>, key: string, limit: RateLimit) {
  await pool.query(
    `update rate_limits set full_at = full_at - $2 * interval '1 microsecond' where key = $1`,
    [hashOf(key), stepOf(limit)],
  )
}

/** Forgets the keys whose buckets are full, which is the same as never having been seen. */
export async function sweepRateLimits(db: Db, now: Date) {
  await db.delete(rateLimits).where(lte(rateLimits.fullAt, now))
}

const takeSql = `
  with taken as (
    insert into rate_limits as bucket (key, full_at)
    values ($1, $2::timestamptz + $3 * interval '1 microsecond')
    on conflict (key) do update
      set full_at = greatest(bucket.full_at, $2::timestamptz) + $3 * interval '1 microsecond'
      where greatest(bucket.full_at, $2::timestamptz) + $3 * interval '1 microsecond'
        <= $2::timestamptz + $4 * interval '1 microsecond'
    returning full_at
  )
  select true as allowed, 0::float8 as full_in_ms from taken
  union all
  select false, extract(epoch from full_at - $2::timestamptz)::float8 * 1000 from rate_limits
  where key = $1 and not exists (select from taken)`

// Rounded down, so that the whole limit fits into the window.
const stepOf = ({ limit, perSeconds }: RateLimit) => Math.floor((perSeconds * 1_000_000) / limit)

// Keys carry addresses of people and machines; the table need not.
const hashOf = (key: string) => createHash('sha256').update(key).digest()
