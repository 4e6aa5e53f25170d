import { performance } from 'node:perf_hooks'
import type pg from 'pg'

export type Clock = { now(): Date; adjust?(pool: pg.Pool): Promise<void> }

/**
 * The database's clock, read without asking it each time: its distance from this process's monotonic clock
 * is measured again at every sweep. So all processes agree on what is due, and a jump of this machine's
 * wall clock moves nothing.
 */
export function databaseClock(): Clock & { adjust(pool: pg.Pool): Promise<void> } {
  let distance = Date.now() - performance.now()
  return {
    now: () => new Date(performance.now() + distance),
    async adjust(pool) {
      const before = performance.now()
      const { rows } = await pool.query('select extract(epoch from clock_timestamp()) * 1000 as ms')
      distance = Number(rows[0].ms) - (before + performance.now()) / 2
    },
  }
}
