import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import type { Availability } from '../staff/tables.ts'
import { type Agent, isLive } from './choosing.ts'
import { agents } from './tables.ts'
import { unitsOf, type Weights } from './weights.ts'

export type ListedAgent = Agent & { state: Availability }

/**
 * Everybody who may answer customers, with what he holds now: what is `new` or `open` and his. Read after the
 * allocator's lock is held, so what the allocator before gave out is counted.
 */
export async function listAgents(ctx: Ctx, weights: Weights): Promise<ListedAgent[]> {
  // Asked before each thing that is given out, so written by hand: building it took longer than running it. The
  // wrap-up is told by what he resolved, so it holds from that commit on, before any reaction to it has run.
  const { rows } = await executeNamed<AgentRow>(
    ctx.db,
    'agents-of-routing',
    sql`
    select staff.id, staff.name, languages, skills, store_ids as "storeIds", availability as state, chat_limit as "chatLimit",
      capacity, extract(epoch from greatest(availability_since, idle_since))::float8 * 1000 as "idleMs",
      array(select team_id from team_members where staff_id = staff.id) as "teamIds",
      (select coalesce(jsonb_object_agg(channel_kind, n), '{}') from (select channel_kind, count(*) as n from conversations
        where assignee_id = staff.id and category in ('new', 'open') group by channel_kind) held) as holds,
      coalesce((select max(extract(epoch from c.resolved_at) + q.wrap_up_seconds)::float8 * 1000
        from conversations c join queues q on q.id = c.queue_id and q.wrap_up_seconds > 0
        where c.assignee_id = staff.id and c.resolved_at is not null
          and c.resolved_at > ${new Date(ctx.now.getTime() - longestWrapUp)}), 0) as "wrapUpMs"
    from staff join roles on roles.id = role_id left join agents on agents.staff_id = staff.id
    where deactivated_at is null and permissions && array['conversations:reply', '*'] order by staff.id`,
  )
  return rows.map(({ holds, idleMs, wrapUpMs, ...row }) => {
    const held = Object.entries(holds)
    return {
      ...row,
      isOnline: row.state === 'online',
      openChats: held.reduce((sum, [kind, n]) => sum + (isLive(kind) ? n : 0), 0),
      units: held.reduce((sum, [kind, n]) => sum + n * unitsOf(weights, kind), 0),
      idleSince: idleMs,
      wrapUpUntil: wrapUpMs,
    }
  })
}

/** From now on he is idle the longest last. */
export async function noteBusy(ctx: Ctx, staffIds: readonly string[]) {
  if (staffIds.length === 0) return
  await ctx.db
    .insert(agents)
    .values([...new Set(staffIds)].sort().map(staffId => ({ staffId, idleSince: ctx.now })))
    .onConflictDoUpdate({
      target: agents.staffId,
      set: { idleSince: sql`greatest(${agents.idleSince}, excluded.idle_since)` },
    })
}

type AgentRow = Pick<
  ListedAgent,
  'id' | 'name' | 'languages' | 'skills' | 'storeIds' | 'teamIds' | 'state' | 'chatLimit' | 'capacity'
> & { holds: Record<string, number>; idleMs: number; wrapUpMs: number }

const longestWrapUp = 3_600_000
