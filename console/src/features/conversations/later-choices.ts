import { momentIn, offsetOf } from '../../ui/zone-time.ts'

const minute = 60_000
const day = 24 * 60 * minute

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
