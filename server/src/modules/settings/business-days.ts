import { IANAZone } from 'luxon'
import {
  type OpeningHours,
  searchDays,
  shiftAround,
  spansOn,
  toInstant,
  wallTime,
  weekdayOf,
} from './business-time.ts'

const day = 86_400_000

/**
 * When the `days`th open day after that of `from` closes; the day on which something comes in never counts, at
 * whatever hour it came. Null when nothing opens for 400 days before that.
 */
export function closingAfterDays(hours: OpeningHours, from: Date, days: number): Date | null {
  let lastOpen = localDay(hours.zone, from).date
  let count = 0
  for (let date = lastOpen + 1; date <= lastOpen + searchDays; date++) {
    const closing = spansOn(hours, date)
      .filter(span => span.end > span.start)
      .at(-1)
    if (!closing) continue
    lastOpen = date
    if (++count === days) return new Date(closing.end)
  }
  return null
}

/** The first instant, `days` after the date of `from`, at which the zone's clock has reached the time that it shows then. */
export function sameTimeAfterDays(zone: string, from: Date, days: number): Date {
  const { date, time } = localDay(zone, from)
  return instantOn(zone, date + days, time)
}

/** That time on the day after the date of `from`, or on the Monday after it, by the zone's clock. */
export function nextDayAt(zone: string, from: Date, day: 'tomorrow' | 'monday', time: string): Date {
  const { date } = localDay(zone, from)
  return instantOn(zone, date + (day === 'tomorrow' ? 1 : 8 - weekdayOf(date)), wallTime(time))
}

/** Of what comes on a Saturday or Sunday of the zone: that time on the Monday after; else null. */
export function mondayAfterWeekend(zone: string, from: Date, time: string): Date | null {
  const { date } = localDay(zone, from)
  return weekdayOf(date) < 6 ? null : nextDayAt(zone, from, 'monday', time)
}

const instantOn = (zone: string, date: number, time: number) =>
  new Date(toInstant(shiftAround(zone, date), date * day + time))

/** Date as a day number and time as milliseconds since 00:00, as a clock on the wall shows them at this instant. */
function localDay(zone: string, at: Date) {
  const wall = at.getTime() + Math.round(IANAZone.create(zone).offset(at.getTime()) * 60_000)
  const date = Math.floor(wall / day)
  return { date, time: wall - date * day }
}
