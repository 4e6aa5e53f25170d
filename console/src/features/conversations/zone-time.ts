const minute = 60_000
const day = 24 * 60 * minute

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

export type LaterChoice = { key: 'inAnHour' | 'tomorrow' | 'monday'; at: Date }

/** When people send later: soon, or when the other side's working day begins. */
export function laterChoices(zone: string, now: Date): LaterChoice[] {
  const today = now.getTime() + offsetOf(zone, now.getTime())
  const dateIn = (days: number) => new Date(today + days * day).toISOString().slice(0, 10)
  const weekday = new Date(today).getUTCDay()
  const toMonday = (8 - weekday) % 7 || 7
  return [
    { key: 'inAnHour', at: new Date(Math.ceil((now.getTime() + 60 * minute) / minute) * minute) },
    { key: 'tomorrow', at: momentIn(zone, dateIn(1), '09:00') },
    ...(toMonday > 1 ? [{ key: 'monday' as const, at: momentIn(zone, dateIn(toMonday), '09:00') }] : []),
  ]
}

export type SnoozeChoice = { key: LaterChoice['key'] | 'inThreeHours'; at: Date }

/** Until when people put something aside, by their own clock. */
export function snoozeChoices(zone: string, now: Date): SnoozeChoice[] {
  const [soon, ...rest] = laterChoices(zone, now)
  return [soon!, { key: 'inThreeHours', at: new Date(soon!.at.getTime() + 120 * minute) }, ...rest]
}

/** As a field of the browser takes it: `2026-11-23T09:00` on the clocks of this machine. */
export function localInput(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * minute).toISOString().slice(0, 16)
}

function offsetOf(zone: string, at: number) {
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
