import { eq, inArray } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { publicHolidays } from '../settings/holidays.ts'
import { calendars } from '../settings/tables.ts'
import { staff, teams } from '../staff/tables.ts'
import type { ClockKind, clockPolicies } from './tables.ts'

type Terms = Omit<typeof clockPolicies.$inferInsert, 'version' | 'effectiveFrom'>

const triggersOf: Record<ClockKind, readonly Terms['trigger'][]> = {
  first_response: ['oldest_unanswered_message', 'first_message_of_thread'],
  next_response: ['oldest_unanswered_message'],
  resolution: ['opened'],
  update: ['opened'],
  promise: ['promised'],
}

const longestMs = 400 * 86_400_000
const unitMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  calendar_day: 86_400_000,
  business_day: 86_400_000,
}

/** Refuses what contradicts itself, and what names something that is not there. */
export async function assertPossible(ctx: Ctx, terms: Terms) {
  if (!triggersOf[terms.kind].includes(terms.trigger))
    throw invalid('trigger_unfit', 'A clock of this kind does not start there.')
  assertWindow(terms)
  await assertCalendar(ctx, terms)
  if ((terms.pauseCapHours ?? null) !== null && terms.pausesOn.length === 0)
    throw invalid('cap_without_pause', 'Nothing pauses this clock, so nothing can be capped.')
  await assertEscalations(ctx, terms)
}

function assertWindow({ kind, windowValue, windowUnit, ringSeconds, calendar, channel }: Terms) {
  if (kind === 'promise') {
    if (windowUnit) throw invalid('window_of_promise', 'A promise names its own hour.')
    return
  }
  if (!windowUnit || !windowValue) throw invalid('window_missing', 'Say how long it may take.')
  if ((windowUnit === 'ring') !== (ringSeconds != null) || (windowUnit === 'ring' && channel !== 'phone'))
    throw invalid('window_in_rings', 'Rings are for the phone, and need the seconds of one.')
  if (windowUnit === 'business_day' && calendar === 'always')
    throw invalid('window_needs_calendar', 'Business days need a calendar that says which those are.')
  const ms = windowUnit === 'ring' ? ringSeconds! * 1_000 : unitMs[windowUnit]
  if (windowValue * ms > longestMs) throw invalid('window_too_long', 'No clock runs for more than 400 days.')
}

async function assertCalendar(ctx: Ctx, { calendar, calendarId, country, zone, weekendDueAt }: Terms) {
  const isOwn = Boolean(calendarId) || Boolean(country && zone)
  if ((calendar === 'own') !== isOwn || (calendarId && country))
    throw invalid('calendar_unclear', 'Its own calendar is either one of yours or a country and a zone.')
  if (weekendDueAt && !zone) throw invalid('zone_missing', 'A weekend begins somewhere: say in which zone.')
  if (country) await publicHolidays(country, undefined, ctx.now.getUTCFullYear())
  if (!calendarId) return
  const [known] = await ctx.db
    .select({ id: calendars.id })
    .from(calendars)
    .where(eq(calendars.id, calendarId))
    .for('key share')
  if (!known) throw invalid('calendar_not_found', 'There is no such calendar.')
}

async function assertEscalations(ctx: Ctx, { escalations }: Terms) {
  const teamIds = escalations.flatMap(step => (step.do === 'reassign' && step.teamId ? step.teamId : []))
  const staffIds = escalations.flatMap(step => (step.do === 'note' ? step.mentionId : []))
  const known = async (table: typeof teams | typeof staff, ids: string[]) =>
    ids.length === 0 ||
    (await ctx.db.select({ id: table.id }).from(table).where(inArray(table.id, ids))).length ===
      new Set(ids).size
  if (!(await known(teams, teamIds))) throw invalid('team_not_found', 'There is no such team.')
  if (!(await known(staff, staffIds))) throw invalid('staff_not_found', 'There is no such colleague.')
}
