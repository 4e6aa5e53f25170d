import { type SQL, sql } from 'drizzle-orm'
import seeded from './targets.json' with { type: 'json' }

type Target = {
  metric: string
  channelKind: string | null
  op: string
  value: number
  effectiveFrom: string
}

export const targets = seeded

/** What is aimed at on this day, the newest first. */
const targetsOf = (metric: string): Target[] =>
  seeded.targets
    .filter(target => target.metric === metric)
    .sort((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom))

/** What a share is held against; times have one by channel, within the figure. */
export function targetOn(metric: string, day: string) {
  const found = targetsOf(metric).find(
    ({ channelKind, effectiveFrom }) => channelKind === null && effectiveFrom <= day,
  )
  return found ? { op: found.op as '<=' | '>=', value: found.value } : null
}

/** The target of a row in seconds, by its channel and its day; null where none was set. */
export function targetSql(metric: string, at: SQL): SQL {
  const all = targetsOf(metric)
  if (all.length === 0) return sql`null::float8`
  const cases = all.map(
    ({ channelKind, value, effectiveFrom }) =>
      sql`when ${at} >= ${effectiveFrom}::date and (${channelKind}::text is null or conversations.channel_kind = ${channelKind}) then ${value}::float8`,
  )
  return sql`case ${sql.join(cases, sql` `)} end`
}
