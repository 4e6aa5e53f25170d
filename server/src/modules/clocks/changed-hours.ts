import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { windowOf } from './arithmetic.ts'
import { aboutClock } from './clocks.ts'
import { clockMoved } from './events.ts'
import { hoursOf } from './hours.ts'
import { reckonAgain } from './running.ts'
import { clockPolicies, clocks } from './tables.ts'

const mostAtOnce = 500

/**
 * Reckons again what runs by hours that have changed since: those of a calendar that was edited, or of a store that
 * was given another. A breach that was told stays one. Answers whether more may wait.
 */
export async function followChangedHours(ctx: Ctx): Promise<boolean> {
  const stale = await findStale(ctx)
  if (stale.size === 0) return false
  const locked = await ctx.db
    .select({ clock: clocks, policy: clockPolicies })
    .from(clocks)
    .leftJoin(clockPolicies, eq(clockPolicies.id, clocks.policyId))
    .where(and(inArray(clocks.id, [...stale.keys()]), isNull(clocks.stoppedAt)))
    .orderBy(clocks.subjectId, clocks.id)
    .for('update', { of: clocks, skipLocked: true })
  const hours = await hoursOf(
    ctx,
    [...stale.values()].map(({ key }) => key),
  )
  const rewound = locked.map(({ clock, policy }) => {
    const { key, zone } = stale.get(clock.id)!
    const window = policy && windowOf({ ...policy, zone }, hours(key), clock.startedAt)
    return { policy, clock: { ...clock, calendarKey: key, windowMs: window?.ms ?? clock.windowMs } }
  })
  for (const { clock } of await reckonAgain(ctx, rewound))
    ctx.emit(clockMoved, aboutClock(clock), { conversationId: clock.subjectId })
  return stale.size === mostAtOnce
}

/** By ranges beside the present key, so that those that are up to date are never looked at. */
async function findStale(ctx: Ctx): Promise<Map<string, { key: string; zone: string | null }>> {
  const { rows } = await ctx.db.execute<{ id: string; key: string; zone: string | null }>(sql`
    with shops as (
      select stores.id as store_id, stores.zone, coalesce(calendars.id || ':' || calendars.version, 'always') collate "C" as key
      from stores left join calendars on calendars.id = stores.calendar_id),
    own as (select calendars.id || ':' as prefix, (calendars.id || ':' || calendars.version) collate "C" as key from calendars)
    (select stale.id, shops.key, shops.zone from shops cross join lateral (
        (select id from clocks where store_id = shops.store_id and follows_store and ${isOpen} and calendar_key < shops.key limit ${mostAtOnce})
        union all
        (select id from clocks where store_id = shops.store_id and follows_store and ${isOpen} and calendar_key > shops.key limit ${mostAtOnce})) as stale)
    union all
    (select stale.id, own.key, null from own cross join lateral (
        (select id from clocks where not follows_store and calendar_key <> 'always' and ${isOpen}
          and calendar_key >= own.prefix and calendar_key < own.key limit ${mostAtOnce})
        union all
        (select id from clocks where not follows_store and calendar_key <> 'always' and ${isOpen}
          and calendar_key > own.key and calendar_key < left(own.prefix, 36) || ';' limit ${mostAtOnce})) as stale)
    limit ${mostAtOnce}`)
  return new Map(rows.map(({ id, ...by }) => [id, by]))
}

const isOpen = sql`stopped_at is null and breached_at is null`
