import { count, min, sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Ctx } from '../../platform/context.ts'
import { openDb } from '../../platform/db.ts'
import type { Measure } from '../../platform/metrics.ts'
import { deliveries } from './tables.ts'

/** Per channel: how many wait and since when the oldest does, and how many a person must look at. */
export async function deliveryHealth({ db, now }: Pick<Ctx, 'db' | 'now'>) {
  const waitingSince = sql`case when ${deliveries.state} in ('pending', 'leased') then ${deliveries.createdAt} end`
  const inState = (state: string) => count(sql`case when ${deliveries.state} = ${state} then 1 end`)
  const rows = await db
    .select({
      channelId: deliveries.channelId,
      waiting: count(waitingSince),
      refused: inState('refused'),
      uncertain: inState('uncertain'),
      dead: inState('dead'),
      oldestAt: min(waitingSince).mapWith(deliveries.createdAt),
    })
    .from(deliveries)
    // As the two small indexes say it.
    .where(
      sql`${deliveries.state} in ('pending', 'leased') or ${deliveries.state} in ('refused', 'uncertain', 'dead')`,
    )
    .groupBy(deliveries.channelId)
  return rows.map(({ oldestAt, ...row }) => ({
    ...row,
    oldestAgeSeconds: oldestAt ? Math.max(0, (now.getTime() - oldestAt.getTime()) / 1_000) : 0,
  }))
}

export const deliveryMeasures: readonly Measure[] = [
  {
    name: 'afar_deliveries_oldest_seconds',
    help: 'Age of the oldest delivery that is not sent yet',
    labels: ['channel'],
    read: async pool =>
      (await read(pool)).map(({ channelId, oldestAgeSeconds }) => ({
        value: oldestAgeSeconds,
        labels: { channel: channelId },
      })),
  },
  {
    name: 'afar_deliveries',
    help: 'Deliveries that wait, or that a person must look at',
    labels: ['channel', 'state'],
    read: async pool =>
      (await read(pool)).flatMap(({ channelId, oldestAgeSeconds: _, ...counts }) =>
        Object.entries(counts).map(([state, value]) => ({ value, labels: { channel: channelId, state } })),
      ),
  },
]

const read = (pool: pg.Pool) => deliveryHealth({ db: openDb(pool), now: new Date() })
