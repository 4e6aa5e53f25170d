import { IANAZone } from 'luxon'

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7
export type Interval = { readonly from: string; readonly to: string }
export type ClosedDay = { readonly date: string; readonly name: string }
export type SpecialDay = {
  readonly date: string
  readonly intervals: readonly Interval[]
  readonly name: string
}

/** `weekly` by ISO weekday (1 Monday … 7 Sunday); a special day replaces the week's hours and outweighs a closed day. */
export type OpeningHours = {
  readonly zone: string
  readonly weekly: { readonly [weekday in Weekday]?: readonly Interval[] }
  readonly closed: readonly ClosedDay[]
  readonly special: readonly SpecialDay[]
}

/**
 * When a store or team works; `always` is 24 × 7. Never change a calendar in place: it is read once per object.
 *
 * Times are wall-clock times of the zone on that very date. A time stands for the first instant at which the
 * date's clock has reached it: 02:30 in the hour skipped in spring is 03:00, in the hour repeated in autumn
 * its first occurrence, for openings and closings alike, so that neighbouring intervals always meet.
 * Durations are counted on instants: an hour is 3,600 seconds on every day of the year.
 */
export type BusinessCalendar = 'always' | OpeningHours

export type CalendarProblem = {
  path: string
  code:
    | 'unknown_zone'
    | 'unknown_weekday'
    | 'bad_time'
    | 'ends_before_start'
    | 'overlap'
    | 'no_such_date'
    | 'date_twice'
    | 'never_open'
}

const day = 86_400_000
export const searchDays = 400
const farthest = 36_525 * day

export function isOpen(calendar: BusinessCalendar, at: Date): boolean {
  for (const span of spansFrom(calendar, instantOf(at))) return span.start <= at.getTime()
  return false
}

/** `at` itself when open; null when nothing opens for 400 days. */
export function nextOpening(calendar: BusinessCalendar, at: Date): Date | null {
  for (const span of spansFrom(calendar, instantOf(at))) return new Date(Math.max(span.start, at.getTime()))
  return null
}

/**
 * The earliest instant at which `ms` of business time have passed since `from`: work that fills the day to
 * its end is due at closing, not at the next opening. Null when the calendar stays closed for 400 days
 * before that, or the deadline lies more than a century ahead.
 */
export function addBusinessTime(calendar: BusinessCalendar, from: Date, ms: number): Date | null {
  const begin = instantOf(from)
  if (!(ms >= 0)) throw new RangeError(`Business time to add must be 0 ms or more, not ${ms}`)
  if (ms === 0) return new Date(begin)
  if (ms > farthest) return null
  let left = ms
  for (const span of spansFrom(calendar, begin)) {
    const start = Math.max(span.start, begin)
    if (start - begin > farthest) return null
    if (left <= span.end - start) return new Date(start + left)
    left -= span.end - start
  }
  return null
}

/** The latest instant from which `ms` of business time pass until `to`; null where it was never open that long. */
export function businessTimeBefore(calendar: BusinessCalendar, to: Date, ms: number): Date | null {
  const end = instantOf(to)
  if (!(ms > 0)) throw new RangeError(`Business time to go back must be more than 0 ms, not ${ms}`)
  if (calendar === 'always') return new Date(end - ms)
  let left = ms
  let firstOpen = Math.floor(end / day) + 1
  for (let date = firstOpen; date >= firstOpen - searchDays; date--) {
    for (const span of spansOn(calendar, date).reverse()) {
      const open = Math.min(span.end, end) - span.start
      if (open <= 0) continue
      if (left <= open) return new Date(span.start + open - left)
      left -= open
      firstOpen = date
    }
  }
  return null
}

/** Milliseconds of business time from `from` to `to`; 0 when `to` is not later. */
export function businessTimeBetween(calendar: BusinessCalendar, from: Date, to: Date): number {
  const begin = instantOf(from)
  const end = instantOf(to)
  if (calendar === 'always') return Math.max(0, end - begin)
  let total = 0
  for (let date = dateBefore(begin); date <= Math.floor(end / day) + 1; date++) {
    for (const span of spansOn(calendar, date)) {
      total += Math.max(0, Math.min(span.end, end) - Math.max(span.start, begin))
    }
  }
  return total
}

/** An IANA name. Intl also takes bare offsets such as +08:00, which know no summer time. */
export const isZone = (name: string) => /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name)

/** What a calendar must not be saved with; empty when it is sound. Paths are like `weekly.1.0` and `closed.3.date`. */
export function calendarProblems(calendar: BusinessCalendar): CalendarProblem[] {
  if (calendar === 'always') return []
  const problems: CalendarProblem[] = []
  if (!isZone(calendar.zone)) problems.push({ path: 'zone', code: 'unknown_zone' })
  for (const [weekday, intervals] of Object.entries(calendar.weekly)) {
    if (!/^[1-7]$/.test(weekday)) problems.push({ path: `weekly.${weekday}`, code: 'unknown_weekday' })
    problems.push(...intervalProblems(`weekly.${weekday}`, intervals))
  }
  calendar.special.forEach(({ intervals }, i) => {
    problems.push(...intervalProblems(`special.${i}.intervals`, intervals))
  })
  problems.push(...dateProblems(calendar))
  const weeklyHours = Object.values(calendar.weekly).some(intervals => intervals.length > 0)
  if (!weeklyHours && !calendar.special.some(({ intervals }) => intervals.length > 0)) {
    problems.push({ path: 'weekly', code: 'never_open' })
  }
  return problems
}

export function intervalProblems(path: string, intervals: readonly Interval[]): CalendarProblem[] {
  const problems: CalendarProblem[] = []
  const sound: { path: string; from: number; to: number }[] = []
  intervals.forEach((interval, i) => {
    const [from, to] = [wallTime(interval.from), wallTime(interval.to)]
    if (Number.isNaN(from)) problems.push({ path: `${path}.${i}.from`, code: 'bad_time' })
    if (Number.isNaN(to)) problems.push({ path: `${path}.${i}.to`, code: 'bad_time' })
    if (from >= to) problems.push({ path: `${path}.${i}`, code: 'ends_before_start' })
    if (from < to) sound.push({ path: `${path}.${i}`, from, to })
  })
  sound.sort((a, b) => a.from - b.from || a.to - b.to)
  let end = 0
  for (const interval of sound) {
    if (interval.from < end) problems.push({ path: interval.path, code: 'overlap' })
    end = Math.max(end, interval.to)
  }
  return problems
}

function dateProblems({ closed, special }: OpeningHours): CalendarProblem[] {
  const problems: CalendarProblem[] = []
  const seen = new Set<string>()
  const check = (date: string, path: string) => {
    if (Number.isNaN(dateNumber(date))) problems.push({ path, code: 'no_such_date' })
    if (seen.has(date)) problems.push({ path, code: 'date_twice' })
    seen.add(date)
  }
  closed.forEach(({ date }, i) => {
    check(date, `closed.${i}.date`)
  })
  special.forEach(({ date }, i) => {
    check(date, `special.${i}.date`)
  })
  return problems
}

type Span = { start: number; end: number }

/** The open spans that end after `from`, in order, until 400 days go by without one. */
function* spansFrom(calendar: BusinessCalendar, from: number): Generator<Span> {
  if (calendar === 'always') {
    yield { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }
    return
  }
  let lastOpen = Math.floor(from / day)
  for (let date = dateBefore(from); date <= lastOpen + searchDays; date++) {
    for (const span of spansOn(calendar, date)) {
      if (span.end <= from || span.end === span.start) continue
      lastOpen = date
      yield span
    }
  }
}

export function spansOn(hours: OpeningHours, date: number): Span[] {
  const intervals = exceptionsOf(hours).get(date) ?? hours.weekly[weekdayOf(date)] ?? []
  if (intervals.length === 0) return []
  const shift = shiftAround(hours.zone, date)
  return wallSpansOf(intervals).map(({ from, to }) => ({
    start: toInstant(shift, date * day + from),
    end: toInstant(shift, date * day + to),
  }))
}

/** Day 0, 1 January 1970, was a Thursday. */
export const weekdayOf = (date: number) => (((((date + 3) % 7) + 7) % 7) + 1) as Weekday

const exceptions = new WeakMap<OpeningHours, Map<number, readonly Interval[]>>()

function exceptionsOf(hours: OpeningHours) {
  const known = exceptions.get(hours)
  if (known) return known
  const dates = new Map<number, readonly Interval[]>()
  for (const { date } of hours.closed) dates.set(dateNumber(date), [])
  for (const { date, intervals } of hours.special) dates.set(dateNumber(date), intervals)
  exceptions.set(hours, dates)
  return dates
}

type WallSpan = { from: number; to: number }

const wallSpans = new WeakMap<readonly Interval[], WallSpan[]>()

/** In order and apart, so that no minute counts twice. */
function wallSpansOf(intervals: readonly Interval[]): WallSpan[] {
  const known = wallSpans.get(intervals)
  if (known) return known
  const spans = intervals
    .map(({ from, to }) => ({ from: wallTime(from), to: wallTime(to) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  const apart: WallSpan[] = []
  for (const span of spans) {
    const last = apart.at(-1)
    if (last && span.from < last.to) last.to = Math.max(last.to, span.to)
    else apart.push(span)
  }
  wallSpans.set(intervals, apart)
  return apart
}

/** A zone's offsets from UTC, in ms, before and after the instant `at` of its change; Infinity when there is none. */
type Shift = { before: number; at: number; after: number }

/** The first instant at which the clock has reached `wall`, given as if it were UTC. */
export function toInstant({ before, at, after }: Shift, wall: number): number {
  const early = wall - before
  return early < at ? early : Math.max(at, wall - after)
}

// Asking Intl for an offset takes some 7 µs, so one answer serves four days. With a day's margin at each end
// that is six; the closest two changes of any zone since 1995 lie seven days apart.
const stretchDays = 4
const stretchesKept = 10_000
const shifts = new Map<string, Map<number, Shift>>()

export function shiftAround(zone: string, date: number): Shift {
  const known = shifts.get(zone) ?? new Map<number, Shift>()
  shifts.set(zone, known)
  const stretch = Math.floor(date / stretchDays)
  let shift = known.get(stretch)
  if (!shift) {
    if (known.size >= stretchesKept) known.clear()
    const start = stretch * stretchDays * day
    shift = findShift(zone, start - day, start + (stretchDays + 1) * day)
    known.set(stretch, shift)
  }
  return shift
}

function findShift(name: string, from: number, to: number): Shift {
  const zone = IANAZone.create(name)
  if (!zone.isValid) throw new RangeError(`There is no time zone ${name}`)
  const offset = (at: number) => Math.round(zone.offset(at) * 60_000)
  const [before, after] = [offset(from), offset(to)]
  if (before === after) return { before, at: Number.POSITIVE_INFINITY, after }
  let [last, at] = [from, to]
  while (at - last > 1) {
    const middle = Math.floor((last + at) / 2)
    if (offset(middle) === before) last = middle
    else at = middle
  }
  return { before, at, after }
}

/** Local dates are at most one day away from the UTC date of the same instant. */
const dateBefore = (at: number) => Math.floor(at / day) - 1

function instantOf(at: Date): number {
  const ms = at.getTime()
  if (Number.isNaN(ms)) throw new RangeError('Invalid date')
  return ms
}

/** Milliseconds since 00:00 on the clock's face, NaN for what is no time. */
export function wallTime(time: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]|24(?=:00)):([0-5]\d)$/.exec(time) ?? []
  return (Number(hours) * 60 + Number(minutes)) * 60_000
}

// Calendars come fresh from the database with a hundred dates each, nearly always the same ones.
const dateNumbers = new Map<string, number>()
const datesKept = 10_000

/** Days since 1970-01-01, NaN for what is no date. */
function dateNumber(date: string): number {
  const known = dateNumbers.get(date)
  if (known !== undefined) return known
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
  if (dateNumbers.size >= datesKept) dateNumbers.clear()
  dateNumbers.set(date, isReal ? ms / day : Number.NaN)
  return isReal ? ms / day : Number.NaN
}
