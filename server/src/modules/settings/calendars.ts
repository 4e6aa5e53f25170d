import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found, invalid } from '../../platform/errors.ts'
import {
  type BusinessCalendar,
  calendarProblems,
  isOpen,
  nextOpening,
  type OpeningHours,
} from './business-time.ts'
import { calendarChanged } from './events.ts'
import type { CalendarChange, NewCalendar } from './schemas.ts'
import { calendars, stores } from './tables.ts'

type CalendarRow = typeof calendars.$inferSelect

export async function listCalendars(ctx: Ctx) {
  const rows = await ctx.db.select().from(calendars).orderBy(asc(calendars.name))
  const used = await ctx.db.select({ id: stores.id, calendarId: stores.calendarId }).from(stores)
  return rows.map(row => present(ctx, row, used))
}

export async function getCalendar(ctx: Ctx, id: string) {
  const [row] = await ctx.db.select().from(calendars).where(eq(calendars.id, id))
  const used = await ctx.db
    .select({ id: stores.id, calendarId: stores.calendarId })
    .from(stores)
    .where(eq(stores.calendarId, id))
  return present(ctx, found(row, 'calendar'), used)
}

export async function createCalendar(ctx: Ctx, input: NewCalendar) {
  refuseProblems(input)
  const [row] = await ctx.db
    .insert(calendars)
    .values({ ...input, createdAt: ctx.now } as typeof calendars.$inferInsert)
    .returning()
  ctx.emit(calendarChanged, { calendarId: row!.id })
  ctx.audit('calendar.created', `calendar:${row!.id}`)
  return getCalendar(ctx, row!.id)
}

export async function changeCalendar(ctx: Ctx, id: string, { expectedVersion, ...fields }: CalendarChange) {
  const [before] = await ctx.db.select().from(calendars).where(eq(calendars.id, id)).for('update')
  const current = found(before, 'calendar')
  if (expectedVersion !== undefined && expectedVersion !== current.version)
    throw conflict('changed_meanwhile', 'Somebody changed this calendar meanwhile.', {
      version: current.version,
    })
  refuseProblems({ ...current, ...fields } as OpeningHours)
  await ctx.db
    .update(calendars)
    .set({ ...(fields as Partial<CalendarRow>), version: sql`${calendars.version} + 1` })
    .where(eq(calendars.id, id))
  ctx.emit(calendarChanged, { calendarId: id })
  ctx.audit('calendar.changed', `calendar:${id}`, Object.keys(fields))
  return getCalendar(ctx, id)
}

export async function deleteCalendar(ctx: Ctx, id: string) {
  const [user] = await ctx.db.select({ id: stores.id }).from(stores).where(eq(stores.calendarId, id)).limit(1)
  if (user) throw conflict('calendar_in_use', 'A store works by this calendar; give it another one first.')
  const [gone] = await ctx.db.delete(calendars).where(eq(calendars.id, id)).returning()
  found(gone, 'calendar')
  ctx.emit(calendarChanged, { calendarId: id })
  ctx.audit('calendar.deleted', `calendar:${id}`)
}

/** When each of these stores works; a store without a calendar is always open. */
export async function storeCalendars(
  ctx: Ctx,
  storeIds: readonly string[],
): Promise<Map<string, BusinessCalendar>> {
  const rows = await ctx.db
    .select({ storeId: stores.id, calendar: calendars })
    .from(stores)
    .leftJoin(calendars, eq(calendars.id, stores.calendarId))
    .where(inArray(stores.id, [...new Set(storeIds)]))
  return new Map(rows.map(({ storeId, calendar }) => [storeId, calendar ?? 'always']))
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

const present = (
  ctx: Ctx,
  { createdAt: _, ...row }: CalendarRow,
  used: { id: string; calendarId: string | null }[],
) => ({
  ...row,
  weekly: row.weekly as NewCalendar['weekly'],
  special: row.special as NewCalendar['special'],
  closed: row.closed as NewCalendar['closed'],
  isOpen: isOpen(row, ctx.now),
  storeIds: used.filter(store => store.calendarId === row.id).map(store => store.id),
})

function refuseProblems(calendar: NewCalendar | OpeningHours) {
  const problems = calendarProblems(calendar as OpeningHours)
  if (problems.length > 0) throw invalid('calendar_impossible', 'This calendar cannot be.', problems)
}
