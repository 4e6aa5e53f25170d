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

/** What a clock on the wall of this zone shows in each minute, as `2026-03-29 01:59`. */
export function wallReadings(zone: string, from: number, minutes: number): string[] {
  const readings: string[] = []
  for (let at = from; readings.length < minutes; ) {
    const hourBegins = Math.floor(at / hour) * hour
    const past = (at - hourBegins) / minute
    const shown = readingsOfHour(zone, hourBegins).slice(past, past + minutes - readings.length)
    readings.push(...shown)
    at += shown.length * minute
  }
  return readings
}

/** Clocks of these years change on the quarter hour; asking Intl for every minute would take a minute of tests. */
function readingsOfHour(zone: string, begins: number): string[] {
  const key = `${zone} ${begins}`
  const known = read.get(key)
  if (known) return known
  if (read.size > 1_000) read.clear()
  const readings = readHour(zone, begins)
  read.set(key, readings)
  return readings
}

const read = new Map<string, string[]>()

function readHour(zone: string, begins: number): string[] {
  const ask = (t: number) => format(zone, t)
  const first = ask(begins)
  const last = ask(begins + hour - minute)
  const isPlain = first.endsWith(':00') && last === `${first.slice(0, 14)}59`
  const quarter = (n: number) =>
    isPlain ? first.slice(0, 14) + twoDigits(n * 15) : ask(begins + n * 15 * minute)
  return [0, 1, 2, 3].flatMap(quarter).flatMap(shown => {
    const [upToHour, starts] = [shown.slice(0, 14), Number(shown.slice(14))]
    return Array.from({ length: 15 }, (_, n) => upToHour + twoDigits(starts + n))
  })
}

const formats = new Map<string, Intl.DateTimeFormat>()
function format(zone: string, t: number): string {
  if (!formats.has(zone)) formats.set(zone, wallClock(zone))
  return formats.get(zone)!.format(t)
}
const digits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))
const twoDigits = (n: number) => digits[n]!

/**
 * The oracle: walks minute by minute with the furthest wall-clock reading seen so far, and looks that up in the
 * calendar. It shares nothing with the code under test but the meaning of a calendar.
 */
export function openMinutes(calendar: OpeningHours, from: number, minutes: number): boolean[] {
  const days = new Map<string, readonly Interval[]>()
  const open: boolean[] = []
  let reached = ''
  // The longest repeated stretch is Troll's two hours.
  const before = 180
  let isOpen = false
  for (const [i, reading] of wallReadings(
    calendar.zone,
    from - before * minute,
    before + minutes,
  ).entries()) {
    if (reading > reached) {
      reached = reading
      const [date, time] = [reached.slice(0, 10), reached.slice(11)]
      if (!days.has(date)) days.set(date, intervalsOn(calendar, date))
      isOpen = days.get(date)!.some(each => each.from <= time && time < each.to)
    }
    if (i >= before) open.push(isOpen)
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
