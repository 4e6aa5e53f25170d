import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { channelCode } from '../channels/marketplaces.ts'
import type { Terms } from './arithmetic.ts'
import type { Start } from './clocks.ts'
import { calendarKeySql } from './hours.ts'
import type { ClockKind, clockPolicies } from './tables.ts'

type PolicyRow = typeof clockPolicies.$inferSelect

/** What a clock needs of the policy it starts under, and the hours by which it then counts. */
export type Policy = Terms &
  Pick<PolicyRow, 'id' | 'kind' | 'channel' | 'sites' | 'storeId' | 'trigger' | 'calendar'> & {
    calendarKey: string
  }

type Place = Pick<Start, 'storeId' | 'channelKind' | 'channelId'>

/**
 * Finds for each of these the policy in force: the store's before the company's, the channel's before that for any,
 * a site's before that for all. Asked with every message, so one statement, written by hand: building it took longer.
 */
export async function policiesFor(
  ctx: Ctx,
  starts: readonly Place[],
): Promise<(start: Start) => Policy | undefined> {
  const places = [...new Map(starts.map(start => [keyOf(start), start])).values()]
  const column = (pick: (place: Place) => unknown) => sql.param(places.map(pick))
  const { rows } = await executeNamed<Policy & { place: number }>(
    ctx.db,
    'policies-in-force',
    sql`
    select place.n::int as place, p.id, p.kind, p.channel, p.sites, p.store_id as "storeId", p.trigger,
      p.window_value as "windowValue", p.window_unit as "windowUnit", p.ring_seconds as "ringSeconds",
      p.weekend_due_at as "weekendDueAt", coalesce(p.zone, stores.zone) as zone, p.pause_cap_hours as "pauseCapHours",
      p.warn_at as "warnAt", p.escalations, p.calendar, ${calendarKeySql} as "calendarKey"
    from unnest(${column(({ channelKind }) => channelKind)}::text[], ${column(({ channelId }) => channelId ?? null)}::uuid[],
      ${column(({ storeId }) => storeId)}::uuid[]) with ordinality as place(channel_kind, channel_id, store_id, n)
    left join channels on channels.id = place.channel_id
    left join stores on stores.id = place.store_id
    join clock_policies p on p.channel in (${channelCode(sql`place.channel_kind`, sql`channels.settings`)}, 'any')
      and (p.store_id is null or p.store_id = place.store_id)
      and (p.sites = '{}' or coalesce(channels.settings->>'site', stores.country) = any(p.sites))
      and p.effective_from <= ${ctx.now} and (p.effective_to is null or p.effective_to > ${ctx.now})
    left join calendars own on own.id = p.calendar_id
    left join calendars shop on shop.id = stores.calendar_id`,
  )
  const nearestFirst = rows.sort((a, b) => nearness(b) - nearness(a))
  const byPlace = Map.groupBy(nearestFirst, ({ place }) => keyOf(places[place - 1]!))
  return start => {
    const suited = (byPlace.get(keyOf(start)) ?? []).filter(policy => isFor(policy, start))
    return kindsFor(start.kind)
      .map(kind => suited.find(policy => policy.kind === kind))
      .find(policy => policy !== undefined)
  }
}

const keyOf = ({ storeId, channelKind, channelId }: Place) => `${storeId} ${channelKind} ${channelId}`

const nearness = ({ storeId, channel, sites }: Policy) =>
  (storeId ? 4 : 0) + (channel === 'any' ? 0 : 2) + (sites.length > 0 ? 1 : 0)

/** Where nothing is said of the first answer, what is owed to every message is owed to the first one too. */
const kindsFor = (kind: ClockKind): ClockKind[] =>
  kind === 'first_response' ? ['first_response', 'next_response'] : [kind]

const isFor = ({ trigger }: Policy, { episode }: Start) =>
  trigger !== 'first_message_of_thread' || episode === 'opened'
