import fc from 'fast-check'
import { calendarProblems } from '../settings/business-time.ts'
import { openMinutes, scenes, wallReadings } from '../settings/test-calendars.ts'
import { granted, momentsOf, ownTime, type Pause, stepsOf, windowOf } from './arithmetic.ts'
import { type Escalation, windowUnits } from './tables.ts'

const minute = 60_000
const day = 86_400_000
const walkedDays = 11
/** What is due later is "not within the days walked" for both. */
const comparedDays = 9
const spentDays = 3

const pauses = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 20 * 60 }),
    /** Null for one that has not ended. */
    lasts: fc.option(fc.integer({ min: 0, max: 30 * 60 }), { freq: 9 }),
  }),
  { maxLength: 3 },
)

/** A policy, a calendar with breaks and holidays, a whole minute at which a clock starts, and its pauses. */
export const cases = fc
  .record({
    scene: scenes.filter(({ calendar }) => calendarProblems(calendar).length === 0),
    isAlways: fc.constantFrom(true, false, false, false),
    value: fc.integer({ min: 1, max: 40 }),
    unit: fc.constantFrom(...windowUnits.filter(unit => unit !== 'second')),
    ringSeconds: fc.constantFrom(60, 120),
    weekendDueAt: fc.option(fc.constantFrom('12:00', '02:30', '00:00'), { freq: 1 }),
    fraction: fc.constantFrom(0.25, 0.5, 0.75),
    minutesAfterBreach: fc.integer({ min: 1, max: 300 }),
    pauses,
    pauseCapHours: fc.option(fc.integer({ min: 1, max: 12 })),
  })
  .map(one => ({ ...one, value: one.unit.endsWith('day') ? 1 + (one.value % 6) : one.value }))

export type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

/** When it warns, is due and escalates, and what it had taken after three days: null for what is not within the walk. */
export function reckon(one: Case): (number | null)[] {
  const { calendar: hours, from } = one.scene
  const calendar = one.isAlways ? ('always' as const) : hours
  const escalation: Escalation = {
    at: { minutesAfterBreach: one.minutesAfterBreach },
    ...{ do: 'notify', whom: 'supervisors' },
  }
  const terms = {
    ...{ windowValue: one.value, windowUnit: one.unit, ringSeconds: one.ringSeconds, zone: hours.zone },
    ...{ weekendDueAt: one.weekendDueAt, pauseCapHours: one.pauseCapHours },
    ...{ warnAt: [one.fraction], escalations: [escalation] },
  }
  const start = new Date(from)
  const stood = granted(standing(one), one.pauseCapHours)
  const window = windowOf(terms, calendar, start) ?? { ms: Number.POSITIVE_INFINITY, calendar }
  const moments = momentsOf(stepsOf(terms), window.calendar, start, window.ms, stood) ?? [null, null, null]
  const seen = moments.map(moment =>
    moment && moment.getTime() < from + comparedDays * day ? moment.getTime() : null,
  )
  return [...seen, ownTime(window.calendar, start, new Date(from + spentDays * day), stood)]
}

/**
 * The same by walking minute by minute; it shares nothing with the code under test but what the words mean. A
 * fraction of what does not end within the walk is unknown.
 */
export function walk(one: Case): (number | null | 'unknown')[] {
  const { calendar, from } = one.scene
  const open = openMinutes(calendar, from, walkedDays * 1_440)
  const wall = wallReadings(calendar.zone, from, walkedDays * 1_440)
  const { length, byWall } = lengthOf(one, open, wall)
  const stands = standingMinutes(one)
  const counts = (i: number) => (byWall || one.isAlways || open[i]!) && !stands[i]
  const reach = (wanted: number) => {
    let passed = 0
    for (let i = 0; i < open.length; i++) {
      if (!counts(i)) continue
      if (passed + 1 < wanted) passed++
      else {
        const at = from + Math.round((i + wanted - passed) * minute)
        return at < from + comparedDays * day ? at : null
      }
    }
    return null
  }
  let spent = 0
  for (let i = 0; i < spentDays * 1_440; i++) if (counts(i)) spent += minute
  const warnsAt = length === Number.POSITIVE_INFINITY ? 'unknown' : reach(length * one.fraction)
  return [warnsAt, reach(length), reach(length + one.minutesAfterBreach), spent]
}

/** Whether both agree on all that the walk knows. */
export function isAgreed(one: Case): boolean {
  const walked = walk(one)
  return reckon(one).every((moment, i) => walked[i] === 'unknown' || walked[i] === moment)
}

function standing({ pauses: gaps, scene: { from } }: Case): Pause[] {
  const list: Pause[] = []
  let at = from
  for (const { after, lasts } of gaps) {
    const begin = at + after * minute
    list.push({ from: new Date(begin), to: lasts === null ? null : new Date(begin + lasts * minute) })
    if (lasts === null) break
    at = begin + lasts * minute
  }
  return list
}

function standingMinutes({ pauses: gaps, pauseCapHours }: Case): boolean[] {
  const stands: boolean[] = []
  let left = (pauseCapHours ?? 10_000) * 60
  let i = 0
  for (const { after, lasts } of gaps) {
    i += after
    const until = lasts === null ? walkedDays * 1_440 : i + lasts
    for (; i < until; i++) {
      if (left > 0) stands[i] = true
      left--
    }
  }
  return stands
}

/** In minutes that count, or Infinity for what the walk does not reach. */
function lengthOf(one: Case, open: readonly boolean[], wall: readonly string[]) {
  const [startDate = '', startTime = ''] = wall[0]!.split(' ')
  const dateAfter = (n: number) =>
    new Date(Date.parse(`${startDate}T00:00Z`) + n * day).toISOString().slice(0, 10)
  const until = (reading: string) => {
    const found = wall.findIndex(shown => shown >= reading)
    return found < 0 ? Number.POSITIVE_INFINITY : found
  }
  const weekday = new Date(`${startDate}T00:00Z`).getUTCDay()
  if (one.weekendDueAt && (weekday === 0 || weekday === 6))
    return { length: until(`${dateAfter(weekday === 6 ? 2 : 1)} ${one.weekendDueAt}`), byWall: true }
  if (one.unit === 'calendar_day' || (one.unit === 'business_day' && one.isAlways))
    return { length: until(`${dateAfter(one.value)} ${startTime}`), byWall: true }
  const minutes = { ring: one.ringSeconds / 60, second: 1 / 60, minute: 1, hour: 60 }
  if (one.unit !== 'business_day') return { length: one.value * minutes[one.unit], byWall: false }

  const datesSeen = new Set<string>()
  let [passed, length, reached] = [0, Number.POSITIVE_INFINITY, '']
  for (let i = 0; i < open.length; i++) {
    if (wall[i]! > reached) reached = wall[i]!
    if (!open[i]) continue
    const date = reached.slice(0, 10)
    if (date > startDate) datesSeen.add(date)
    if (datesSeen.size > one.value) break
    passed++
    if (datesSeen.size === one.value) length = passed
  }
  // The last day of the walk may be seen in part.
  const isWhole = reached.slice(0, 10) > ([...datesSeen][one.value - 1] ?? '9999')
  return { length: isWhole ? length : Number.POSITIVE_INFINITY, byWall: false }
}
