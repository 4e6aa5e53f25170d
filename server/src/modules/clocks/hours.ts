import { inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { BusinessCalendar, OpeningHours } from '../settings/business-time.ts'
import { suggestCalendar } from '../settings/holidays.ts'
import { calendars } from '../settings/tables.ts'

/** As SQL, of a policy `p`, the calendar `own` it names and the calendar `shop` of the store: by which hours it counts. */
export const calendarKeySql = sql`case p.calendar when 'always' then 'always'
  when 'store' then coalesce(shop.id || ':' || shop.version, 'always')
  else coalesce(own.id || ':' || own.version, 'country:' || p.country || ':' || p.zone) end`

/**
 * The hours behind keys: `always`, a calendar and its version, or a country on the clocks of a zone. Hours once read
 * are kept, since a changed calendar has another key. One changed since the key was made answers as it is now.
 */
export async function hoursOf(ctx: Ctx, keys: Iterable<string>): Promise<(key: string) => BusinessCalendar> {
  const wanted = [...new Set(keys)].filter(key => key !== 'always')
  const found = new Map<string, BusinessCalendar>()
  for (const key of wanted) {
    const hours = key.startsWith('country:') ? await countryHours(ctx, key) : kept.get(key)
    if (hours) found.set(key, hours)
  }
  const missing = wanted.filter(key => !found.has(key))
  if (missing.length > 0) {
    const ids = missing.map(key => key.slice(0, key.indexOf(':')))
    const rows = await ctx.db.select().from(calendars).where(inArray(calendars.id, ids))
    for (const key of missing) {
      const row = rows.find(({ id }) => key.startsWith(id))
      if (!row) continue
      const { id, version, zone, weekly, closed, special } = row
      const hours: OpeningHours = { zone, weekly, closed, special }
      keep(`${id}:${version}`, hours)
      found.set(key, hours)
    }
  }
  return key => found.get(key) ?? 'always'
}

const keptAtMost = 1_000
const kept = new Map<string, OpeningHours>()

function keep(key: string, hours: OpeningHours) {
  if (kept.size >= keptAtMost) kept.clear()
  kept.set(key, hours)
}

const wholeDay = [{ from: '00:00', to: '24:00' }]

/** Monday to Friday around the clock, without the country's holidays, with China's make-up workdays. */
async function countryHours({ now }: Ctx, key: string): Promise<OpeningHours> {
  const [, country, zone] = key.split(':') as [string, string, string]
  const year = now.getUTCFullYear()
  const known = kept.get(`${key}:${year}`)
  if (known) return known
  const days = await suggestCalendar(country, [year - 1, year, year + 1], { workday: wholeDay })
  const hours: OpeningHours = {
    zone,
    weekly: { 1: wholeDay, 2: wholeDay, 3: wholeDay, 4: wholeDay, 5: wholeDay },
    closed: days.closed,
    special: days.special,
  }
  keep(`${key}:${year}`, hours)
  return hours
}
