import { asc, eq, inArray, sql } from 'drizzle-orm'
import { type Ctx, sees } from '../../platform/context.ts'
import { conflict, found, invalid, isForeignKeyViolation } from '../../platform/errors.ts'
import { assertSeesStores } from '../staff/roles.ts'
import {
  type BusinessCalendar,
  type CalendarProblem,
  calendarProblems,
  intervalProblems,
  isOpen,
  nextOpening,
  type OpeningHours,
} from './business-time.ts'
import { calendarChanged } from './events.ts'
import { suggestCalendar } from './holidays.ts'
import type { CalendarChange, NewCalendar, SuggestionQuery } from './schemas.ts'
import { calendars, stores } from './tables.ts'

type CalendarRow = typeof calendars.$inferSelect

export async function listCalendars(ctx: Ctx) {
  const rows = await ctx.db.select().from(calendars).orderBy(asc(calendars.name), asc(calendars.id))
  const users = await storesWith(
    ctx,
    rows.map(row => row.id),
  )
  return rows.map(row => present(ctx, row, users))
}

export async function getCalendar(ctx: Ctx, id: string) {
  const [row] = await ctx.db.select().from(calendars).where(eq(calendars.id, id))
  return present(ctx, found(row, 'calendar'), await storesWith(ctx, [id]))
}

export async function createCalendar(ctx: Ctx, input: NewCalendar) {
  refuse(calendarProblems(input))
  const [row] = await ctx.db
    .insert(calendars)
    .values({ ...input, createdAt: ctx.now })
    .returning()
  ctx.emit(calendarChanged, { calendarId: row!.id })
  ctx.audit('calendar.created', `calendar:${row!.id}`)
  return present(ctx, row!, [])
}

export async function changeCalendar(ctx: Ctx, id: string, { expectedVersion, ...fields }: CalendarChange) {
  const { current, users } = await lockCalendar(ctx, id)
  if (expectedVersion !== undefined && expectedVersion !== current.version)
    throw conflict('changed_meanwhile', 'Somebody changed this calendar meanwhile.', {
      version: current.version,
    })
  const changed = Object.keys(fields)
  if (changed.length === 0) return present(ctx, current, users)
  refuse(calendarProblems({ ...current, ...fields }))
  const [row] = await ctx.db
    .update(calendars)
    .set({ ...fields, version: sql`${calendars.version} + 1` })
    .where(eq(calendars.id, id))
    .returning()
  ctx.emit(calendarChanged, { calendarId: id })
  ctx.audit('calendar.changed', `calendar:${id}`, changed)
  return present(ctx, row!, users)
}

export async function deleteCalendar(ctx: Ctx, id: string) {
  const { users } = await lockCalendar(ctx, id)
  if (users.length > 0)
    throw conflict('calendar_in_use', 'A store works by this calendar; give it another one first.')
  try {
    await ctx.db.delete(calendars).where(eq(calendars.id, id))
  } catch (error) {
    if (isForeignKeyViolation(error))
      throw conflict('calendar_in_use', 'A clock policy counts by this calendar, or once did.')
    throw error
  }
  ctx.emit(calendarChanged, { calendarId: id })
  ctx.audit('calendar.deleted', `calendar:${id}`)
}

/** A country's holidays of a year, for a calendar in the making. */
export function suggestDays({ country, region, year, workday }: SuggestionQuery) {
  const hours = workday.split(',').map(span => ({ from: span.slice(0, 5), to: span.slice(6) }))
  refuse(intervalProblems('workday', hours))
  return suggestCalendar(country, [year], { region, workday: hours })
}

/** The calendar stays until this transaction ends, so a store can be given it. */
export async function refuseUnknownCalendar(ctx: Ctx, id: string | null | undefined) {
  if (!id) return
  const [calendar] = await ctx.db
    .select({ id: calendars.id })
    .from(calendars)
    .where(eq(calendars.id, id))
    .for('key share')
  if (!calendar) throw invalid('calendar_not_found', 'There is no such calendar.')
}

/**
 * When each of these stores works; a store without a calendar is always open. Asked whenever a clock starts, so
 * written by hand: building it with Drizzle cost as much as all the rest.
 */
export async function storeCalendars(
  ctx: Ctx,
  storeIds: readonly string[],
): Promise<Map<string, BusinessCalendar>> {
  if (storeIds.length === 0) return new Map()
  const { rows } = await ctx.db.execute<OpeningHours & { storeId: string; hasHours: boolean }>(sql`
    select stores.id as "storeId", calendar_id is not null as "hasHours", calendars.zone, weekly, closed, special
    from stores left join calendars on calendars.id = calendar_id
    where stores.id = any(${sql.param([...storeIds])}::uuid[])`)
  return new Map(rows.map(({ storeId, hasHours, ...hours }) => [storeId, hasHours ? hours : 'always']))
}

/** Whether a store is open now and, if not, when it opens next. */
export async function storeHours(
  ctx: Ctx,
  storeId: string,
): Promise<{ open: boolean; opensAt: Date | null }> {
  const calendar = (await storeCalendars(ctx, [storeId])).get(storeId) ?? 'always'
  const open = isOpen(calendar, ctx.now)
  return { open, opensAt: open ? null : nextOpening(calendar, ctx.now) }
}

type User = { id: string; calendarId: string | null }

const storesWith = (ctx: Ctx, calendarIds: readonly string[]): Promise<User[]> =>
  ctx.db
    .select({ id: stores.id, calendarId: stores.calendarId })
    .from(stores)
    .where(inArray(stores.calendarId, [...calendarIds]))

/** Whoever changes a calendar changes the hours of every store that works by it, so he must see them all. */
async function lockCalendar(ctx: Ctx, id: string) {
  const [row] = await ctx.db.select().from(calendars).where(eq(calendars.id, id)).for('update')
  const current = found(row, 'calendar')
  const users = await storesWith(ctx, [id])
  assertSeesStores(
    ctx.actor,
    users.map(store => store.id),
  )
  return { current, users }
}

const present = (ctx: Ctx, { createdAt: _, ...row }: CalendarRow, users: readonly User[]) => ({
  ...row,
  isOpen: isOpen(row, ctx.now),
  storeIds: users
    .filter(({ id, calendarId }) => calendarId === row.id && sees(ctx.actor, id))
    .map(({ id }) => id),
})

function refuse(problems: readonly CalendarProblem[]) {
  if (problems.length > 0) throw invalid('calendar_impossible', 'This calendar cannot be.', problems)
}
