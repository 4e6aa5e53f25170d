import fc from 'fast-check'
import type { Interval, OpeningHours } from './business-time.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const zones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Havana',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Australia/Lord_Howe',
  'Europe/London',
  'Pacific/Apia',
]

const wallClock = (zone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })

/**
 * The oracle: walks minute by minute with the furthest wall-clock reading seen so far, and looks that up in the
 * calendar. It shares nothing with the code under test but the meaning of a calendar.
 */
export function openMinutes(calendar: OpeningHours, from: number, minutes: number): boolean[] {
  const clock = wallClock(calendar.zone)
  const days = new Map<string, readonly Interval[]>()
  const open: boolean[] = []
  let reached = ''
  let quarter = ''
  // The longest repeated stretch is Troll's two hours.
  for (let i = -180; i < minutes; i++) {
    const now = from + i * minute
    // Clocks of these years change on the quarter hour; asking for every minute would take a minute of tests.
    const past = (now / minute) % 15
    if (past === 0 || quarter === '') quarter = clock.format(now - past * minute)
    const reading = quarter.slice(0, 14) + String(Number(quarter.slice(14)) + past).padStart(2, '0')
    if (reading > reached) reached = reading
    const [date = '', time = ''] = reached.split(' ')
    if (!days.has(date)) days.set(date, intervalsOn(calendar, date))
    if (i >= 0) open.push(days.get(date)!.some(each => each.from <= time && time < each.to))
  }
  return open
}

function intervalsOn({ weekly, closed, special }: OpeningHours, date: string): readonly Interval[] {
  const exception = special.find(each => each.date === date)
  if (exception) return exception.intervals
  if (closed.some(each => each.date === date)) return []
  return (
    Object.entries(weekly).find(([weekday]) => Number(weekday) % 7 === new Date(date).getUTCDay())?.[1] ?? []
  )
}

/** To the hour before. */
function clockChangesOf(zone: string): number[] {
  const clock = wallClock(zone)
  const offset = (t: number) => Date.parse(`${clock.format(t).replace(' ', 'T')}Z`) - t
  const changes: number[] = []
  for (let t = Date.UTC(2024, 0, 1); t < Date.UTC(2031, 0, 1); t += day) {
    if (offset(t) === offset(t + day)) continue
    for (let h = t; h < t + day; h += hour) if (offset(h) !== offset(h + hour)) changes.push(h)
  }
  return changes
}

/** Per zone the hours after which its clocks change, 2024 to 2030. */
export const clockChanges = new Map(zones.map(zone => [zone, clockChangesOf(zone)]))

const moments = fc
  .record({
    zone: fc.constantFrom(...zones),
    anywhere: fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 11, 31) }),
    nearChange: fc.integer({ min: 0, max: 3 }),
    which: fc.nat(),
    before: fc.integer({ min: 0, max: 25 * 60 }),
  })
  .map(({ zone, anywhere, nearChange, which, before }) => {
    const changes = clockChanges.get(zone) ?? []
    const change = nearChange > 0 ? changes[which % Math.max(1, changes.length)] : undefined
    const from = change === undefined ? Math.floor(anywhere / minute) * minute : change - before * minute
    return { zone, from }
  })

const timeText = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

// Half of the marks lie in the small hours, where clocks change.
const marks = fc.oneof(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1440 }), fc.constant(1440))
const intervalLists = fc.uniqueArray(marks, { maxLength: 6 }).map(list => {
  const sorted = list.toSorted((a, b) => a - b).map(timeText)
  const intervals: Interval[] = []
  for (let i = 0; i + 1 < sorted.length; i += 2) intervals.push({ from: sorted[i]!, to: sorted[i + 1]! })
  return intervals
})

/** A calendar and a whole minute, half of them near a change of clocks. */
export const scenes = moments.chain(({ zone, from }) => {
  const nearby = fc
    .integer({ min: -1, max: 4 })
    .map(days => new Date(from + days * day).toISOString().slice(0, 10))
  return fc.record({
    from: fc.constant(from),
    calendar: fc.record({
      zone: fc.constant(zone),
      weekly: fc
        .array(intervalLists, { minLength: 7, maxLength: 7 })
        .map(week => Object.fromEntries(week.map((intervals, i) => [i + 1, intervals]))),
      closed: fc.array(fc.record({ date: nearby, name: fc.constant('') }), { maxLength: 1 }),
      special: fc.uniqueArray(fc.record({ date: nearby, intervals: intervalLists, name: fc.constant('') }), {
        maxLength: 2,
        selector: ({ date }) => date,
      }),
    }),
  })
})
