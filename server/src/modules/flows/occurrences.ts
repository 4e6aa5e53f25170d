import { DateTime } from 'luxon'

export type Schedule = { at: string; zone: string; days: readonly number[] }

/**
 * The first instant after `after` at which a clock in the zone shows that time on one of these weekdays (1 Monday … 7
 * Sunday). The time is that of the date itself: one that is skipped in spring comes when the clock has passed it, one
 * that comes twice in autumn counts the first time.
 */
export function nextOccurrence({ at, zone, days }: Schedule, after: Date): Date {
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  const today = DateTime.fromJSDate(after, { zone }).startOf('day')
  for (let n = 0; n <= 8; n++) {
    const date = today.plus({ days: n })
    if (!days.includes(date.weekday)) continue
    const instant = onDate(date, hour, minute)
    if (instant > after) return instant
  }
  throw new RangeError('A schedule needs a weekday.')
}

function onDate(date: DateTime, hour: number, minute: number): Date {
  const { year, month, day, zone } = date
  const said = DateTime.fromObject({ year, month, day, hour, minute }, { zone })
  const earlier = said.minus({ hours: 1 })
  // Of two hours of the same name the first: an hour back the wall shows the same time only then.
  const isSecond = earlier.hour === hour && earlier.minute === minute && earlier.day === day
  const isSkipped = said.hour !== hour || said.minute !== minute
  return (isSecond ? earlier : isSkipped ? startOfGap(date, hour, minute) : said).toJSDate()
}

/** The moment to which the clock jumps over the time that is not there. */
function startOfGap(date: DateTime, hour: number, minute: number): DateTime {
  for (let back = 1; back <= 180; back++) {
    const total = hour * 60 + minute - back
    const wall = { hour: Math.floor(total / 60), minute: total % 60 }
    const before = date.set(wall)
    if (before.hour === wall.hour && before.minute === wall.minute) return before.plus({ minutes: 1 })
  }
  return date.set({ hour, minute })
}
