import { eq, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { Availability } from '../staff/tables.ts'
import { roles, staff } from '../staff/tables.ts'
import { type Agent, isLive } from './choosing.ts'
import { agents } from './tables.ts'
import { unitsOf, type Weights } from './weights.ts'

export type ListedAgent = Agent & { state: Availability }

/**
 * Everybody who may answer customers, with what he holds now: what is `new` or `open` and his. Read after the
 * allocator's lock is held, so what the allocator before gave out is counted.
 */
export async function listAgents(ctx: Ctx, weights: Weights): Promise<ListedAgent[]> {
  const rows = await ctx.db
    .select({
      id: staff.id,
      name: staff.name,
      languages: staff.languages,
      skills: staff.skills,
      storeIds: staff.storeIds,
      state: staff.availability,
      chatLimit: staff.chatLimit,
      capacity: staff.capacity,
      teamIds: sql<string[]>`array(select team_id from team_members where staff_id = ${staff.id})`,
      holds: sql<Record<string, number>>`(select coalesce(jsonb_object_agg(channel_kind, n), '{}') from
        (select channel_kind, count(*) as n from conversations where assignee_id = ${staff.id}
          and category in ('new', 'open') group by channel_kind) held)`,
      idleMs:
        sql<number>`extract(epoch from greatest(${staff.availabilitySince}, ${agents.idleSince})) * 1000`.mapWith(
          Number,
        ),
      wrapUpMs: wrapUpEnd(ctx).mapWith(Number),
    })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .leftJoin(agents, eq(agents.staffId, staff.id))
    .where(sql`${isNull(staff.deactivatedAt)} and ${roles.permissions} && array['conversations:reply', '*']`)
    .orderBy(staff.id)
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

/** Told by what he resolved, so it holds from the commit on, before any reaction to it has run. */
const wrapUpEnd = (
  ctx: Ctx,
) => sql<number>`coalesce((select max(extract(epoch from c.resolved_at) + q.wrap_up_seconds) * 1000
  from conversations c join queues q on q.id = c.queue_id
  where c.assignee_id = ${staff.id} and c.resolved_at is not null and c.resolved_at > ${new Date(ctx.now.getTime() - longestWrapUp)}
    and q.wrap_up_seconds > 0), 0)`

const longestWrapUp = 3_600_000
