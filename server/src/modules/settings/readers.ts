import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { Reader } from '../../platform/filters/times.ts'
import { businessTimeBefore, type OpeningHours } from './business-time.ts'

/**
 * By whose clock conditions are read: a colleague's own zone, else the company's. Business time is that of the
 * first store he sees that keeps hours; where none does, every hour counts.
 */
export async function readerOf({ db, actor, now }: Ctx): Promise<Reader> {
  const isStaff = actor.kind === 'staff'
  const me = isStaff ? actor.id : null
  const seen = sql.param(actor.storeIds === 'all' ? null : [...actor.storeIds])
  const { rows } = await db.execute<{ zone: string; teamIds: string[]; hours: OpeningHours | null }>(sql`
    select coalesce((select zone from staff where id = ${me}), (select zone from company), 'UTC') as zone,
      array(select team_id::text from team_members where staff_id = ${me}) as "teamIds",
      (select json_build_object('zone', calendars.zone, 'weekly', weekly, 'closed', closed, 'special', special)
        from stores join calendars on calendars.id = calendar_id
        where archived_at is null and (${seen}::uuid[] is null or stores.id = any(${seen}::uuid[]))
        order by stores.created_at, stores.id limit 1) as hours`)
  const { zone, teamIds, hours } = rows[0]!
  return {
    id: me,
    teamIds,
    now,
    zone,
    businessAgo: ms => businessTimeBefore(hours ?? 'always', now, ms),
  }
}
