import { count, min, sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Ctx } from '../../platform/context.ts'
import { openDb } from '../../platform/db.ts'
import type { Measure } from '../../platform/metrics.ts'
import { inbound } from './tables.ts'

/**
 * Per channel: since when the oldest item waits, and how many wait or stand parked. The age is the one number
 * that rises whenever messages get stuck, whatever the cause.
 */
export async function inboundHealth({ db, now }: Pick<Ctx, 'db' | 'now'>) {
  const waitingSince = sql`case when ${inbound.state} = 'received' then ${inbound.receivedAt} end`
  const rows = await db
    .select({
      channelId: inbound.channelId,
      waiting: count(waitingSince),
      parked: count(sql`case when ${inbound.state} = 'parked' then 1 end`),
      oldestAt: min(waitingSince).mapWith(inbound.receivedAt),
    })
    .from(inbound)
    // As the two small indexes say it.
    .where(sql`${inbound.state} = 'received' or ${inbound.state} in ('ignored', 'parked')`)
    .groupBy(inbound.channelId)
  return rows.map(({ oldestAt, ...row }) => ({
    ...row,
    oldestAgeSeconds: oldestAt ? Math.max(0, (now.getTime() - oldestAt.getTime()) / 1_000) : 0,
  }))
}

type Health = Awaited<ReturnType<typeof inboundHealth>>[number]

export const inboundMeasures: readonly Measure[] = [
  {
    name: 'afar_inbound_oldest_seconds',
    help: 'Age of the oldest item that came in by webhook and is not taken in yet',
    labels: ['channel'],
    read: pool => readings(pool, health => health.oldestAgeSeconds),
  },
  {
    name: 'afar_inbound_waiting',
    help: 'Items that came in by webhook and are not taken in yet',
    labels: ['channel'],
    read: pool => readings(pool, health => health.waiting),
  },
  {
    name: 'afar_inbound_parked',
    help: 'Items that could not be taken in and wait for a person',
    labels: ['channel'],
    read: pool => readings(pool, health => health.parked),
  },
]

async function readings(pool: pg.Pool, pick: (health: Health) => number) {
  const all = await inboundHealth({ db: openDb(pool), now: new Date() })
  return all.map(health => ({ value: pick(health), labels: { channel: health.channelId } }))
}
