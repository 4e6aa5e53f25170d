const day = 86_400_000

/** The moment at which clocks in a zone show this; where they never do, the moment they have jumped past it. */
export function momentIn(zone: string, date: string, time: string): Date {
  const asIfUtc = Date.parse(`${date}T${time}:00Z`)
  const guess = asIfUtc - offsetOf(zone, asIfUtc)
  return new Date(asIfUtc - offsetOf(zone, guess))
}

/** A moment as a field of the browser takes it, `2026-11-23T09:00` on the clocks of a zone, and back. */
export const fieldIn = (zone: string, at: Date) =>
  new Date(at.getTime() + offsetOf(zone, at.getTime())).toISOString().slice(0, 16)
export function momentOf(zone: string, field: string): Date {
  const [date = '', time = ''] = field.split('T')
  return momentIn(zone, date, time.slice(0, 5))
}

/** The midnight at which a date begins in a zone, or the one so many days later. */
export const midnightIn = (zone: string, date: string, daysLater = 0) =>
  momentIn(zone, new Date(Date.parse(date) + daysLater * day).toISOString().slice(0, 10), '00:00')

/** How far clocks there are ahead of UTC at a moment, in milliseconds. */
export function offsetOf(zone: string, at: number) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    },
  }).formatToParts(at)
  const [year, month, date, hour, min, sec] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(type =>
    Number(parts.find(part => part.type === type)?.value),
  ) as [number, number, number, number, number, number]
  return Date.UTC(year, month - 1, date, hour, min, sec) - Math.floor(at / 1_000) * 1_000
}
