import { type SQL, sql } from 'drizzle-orm'
import { isNoSpam, type Period } from './metric.ts'

/** Nobody is at work for longer without a word in the log: a lost heartbeat ends it. */
const longestShift = sql`interval '7 days'`

/**
 * A row for each person and day on which he was at work: how long, and how much of it he held a chat. Whom the actor
 * shares no store with is left out; what a colleague held is counted whole, since it is his time.
 */
export function occupancyRows({ from, to, zone, now, storeIds }: Period): SQL {
  const begins = sql`(${from}::date::timestamp at time zone ${zone})`
  const ends = sql`least(((${to}::date + 1)::timestamp at time zone ${zone}), ${now}::timestamptz)`
  const seen =
    storeIds === 'all'
      ? sql`true`
      : sql`(s.store_ids is null or s.store_ids && ${sql.param([...storeIds])}::uuid[])`
  const width = (ranges: SQL) =>
    sql`(select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0)::float8 from unnest(${ranges}) as r)`
  return sql`with log as (
      select l.staff_id, l.state, l.at, lead(l.at) over (partition by l.staff_id order by l.at, l.id) as until
      from availability_log l join staff s on s.id = l.staff_id and ${seen} where l.at >= ${begins} - ${longestShift} and l.at < ${ends}),
    work as (select staff_id, range_agg(tstzrange(at, least(coalesce(until, ${ends}), ${ends}))) as at_work from log
      where state in ('online', 'busy') and at < least(coalesce(until, ${ends}), ${ends}) group by 1),
    given as (
      select a.staff_id, a.at, coalesce(lead(a.at) over (partition by a.conversation_id order by a.at, a.id), c.resolved_at, ${ends}) as until
      from assignments a join conversations c on c.id = a.conversation_id and c.channel_kind = 'web_chat' and ${isNoSpam('c')}
      where a.at >= ${begins} - ${longestShift} and a.at < ${ends}),
    held as (select staff_id, range_agg(tstzrange(at, least(until, ${ends}))) as in_hand from given
      where staff_id is not null and at < least(until, ${ends}) group by 1),
    days as (select d::date as day, tstzmultirange(tstzrange(d at time zone ${zone}, (d + interval '1 day') at time zone ${zone})) as span
      from generate_series(${from}::date::timestamp, ${to}::date::timestamp, interval '1 day') as list(d))
  select work.staff_id || ' ' || days.day as key, null::uuid as conversation_id, work.staff_id, days.day::timestamp at time zone ${zone} as at,
    ${width(sql`at_work * coalesce(in_hand, '{}') * span`)} as numerator, ${width(sql`at_work * span`)} as denominator
  from work left join held on held.staff_id = work.staff_id cross join days where not isempty(at_work * span)`
}
