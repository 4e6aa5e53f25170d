import { spelling } from '../../i18n/index.ts'
import type { Calendar, Interval } from './api.ts'

export type Weekly = Calendar['weekly']
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

export const weekdays: Weekday[] = [1, 2, 3, 4, 5, 6, 7]

// 5 January 2026 is a Monday.
export const spellWeekday = (weekday: Weekday, locale: string, width: 'short' | 'long' = 'long') =>
  new Intl.DateTimeFormat(spelling(locale), { weekday: width, timeZone: 'UTC' }).format(
    Date.UTC(2026, 0, 4 + weekday),
  )

const spellIntervals = (intervals: readonly Interval[]) =>
  intervals.map(({ from, to }) => `${from}–${to}`).join(', ')

/** `Mon–Fri 09:00–12:00, 14:00–18:00; Sat 10:00–14:00`: days with the same hours that follow each other are put together. */
export function spellWeek(weekly: Weekly, locale: string) {
  const runs: { from: Weekday; to: Weekday; hours: string }[] = []
  for (const weekday of weekdays) {
    const hours = spellIntervals(weekly[weekday] ?? [])
    const last = runs.at(-1)
    if (!hours) continue
    if (last?.hours === hours && last.to === weekday - 1) last.to = weekday
    else runs.push({ from: weekday, to: weekday, hours })
  }
  const name = (weekday: Weekday) => spellWeekday(weekday, locale, 'short')
  return runs
    .map(({ from, to, hours }) => `${name(from)}${from === to ? '' : `–${name(to)}`} ${hours}`)
    .join('; ')
}

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** What a person got wrong in the hours of one day, if anything: an end before its beginning, or two that overlap. */
export function faultIn(intervals: readonly Interval[]): 'backwards' | 'overlap' | null {
  if (intervals.some(({ from, to }) => minutes(to) <= minutes(from))) return 'backwards'
  const sorted = [...intervals].sort((a, b) => minutes(a.from) - minutes(b.from))
  return sorted.some(({ from }, index) => index > 0 && minutes(from) < minutes(sorted[index - 1]!.to))
    ? 'overlap'
    : null
}
