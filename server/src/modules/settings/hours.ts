import { inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { OpeningHours } from './business-time.ts'
import { calendars } from './tables.ts'

/**
 * Tells one state of a calendar from every other. Its version alone would not do: a change that is rolled back
 * leaves its number to the next.
 */
export const edition = sql<string | null>`(${calendars.version} || '.' || ${calendars}.xmin)`

// Three years of holidays take 0.1 ms to read from JSON, as long as all else that a clock needs to start.
const kept = new Map<string, OpeningHours>()
const keptAtMost = 500

/** The hours of these calendars by their id; asks the database only for editions it has not met before. */
export async function hoursOf(
  ctx: Ctx,
  wanted: readonly { calendarId: string | null; edition: string | null }[],
): Promise<Map<string, OpeningHours>> {
  const hours = new Map<string, OpeningHours>()
  const unknown = new Set<string>()
  for (const { calendarId, edition } of wanted) {
    if (!calendarId) continue
    const known = kept.get(`${calendarId} ${edition}`)
    if (known) hours.set(calendarId, known)
    else unknown.add(calendarId)
  }
  if (unknown.size === 0) return hours
  const { zone, weekly, closed, special } = calendars
  const rows = await ctx.db
    .select({ id: calendars.id, edition, hours: { zone, weekly, closed, special } })
    .from(calendars)
    .where(inArray(calendars.id, [...unknown]))
  if (kept.size + rows.length > keptAtMost) kept.clear()
  for (const row of rows) {
    kept.set(`${row.id} ${row.edition}`, row.hours)
    hours.set(row.id, row.hours)
  }
  return hours
}
