import { type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { type OpeningHours, spansOn } from '../../settings/business-time.ts'
import { calendars } from '../../settings/tables.ts'

const day = 86_400_000

/**
 * The open spans of every calendar from a moment until now, as a table `hours` of ordered arrays: where each begins
 * and ends, and how long it was open before. PostgreSQL finds a moment's place in them by `width_bucket`.
 */
export async function hoursSql(ctx: Ctx, since: Date): Promise<SQL> {
  const rows = await ctx.db.select().from(calendars)
  const table = rows.map(({ id, zone, weekly, closed, special }) => {
    const hours: OpeningHours = { zone, weekly, closed, special }
    const [starts, ends, before]: number[][] = [[], [], []]
    let total = 0
    for (let date = Math.floor(since.getTime() / day) - 1; date <= ctx.now.getTime() / day + 1; date++)
      for (const span of spansOn(hours, date)) {
        starts!.push(span.start / 1_000)
        ends!.push(span.end / 1_000)
        before!.push(total)
        total += (span.end - span.start) / 1_000
      }
    return { id, starts, ends, before }
  })
  const column = (name: string) =>
    sql.raw(
      `array(select x::float8 from jsonb_array_elements_text(e->'${name}') with ordinality as list(x, n) order by n) as ${name}`,
    )
  return sql`hours as materialized (select (e->>'id')::uuid as calendar_id, ${column('starts')}, ${column('ends')}, ${column('before')}
    from jsonb_array_elements(${JSON.stringify(table)}::jsonb) as list(e))`
}

export const joinHours = sql`left join hours on hours.calendar_id = stores.calendar_id`

/** Open seconds up to a moment; between two moments it is their difference. */
export const openSeconds = (at: SQL) => {
  const epoch = sql`extract(epoch from ${at})::float8`
  const place = sql`width_bucket(${epoch}, hours.starts)`
  return sql`(case when hours.starts is null then ${epoch} when ${place} = 0 then 0
    else hours.before[${place}] + least(${epoch}, hours.ends[${place}]) - hours.starts[${place}] end)`
}
