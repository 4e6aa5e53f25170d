import { closingAfterDays, mondayAfterWeekend, sameTimeAfterDays } from '../settings/business-days.ts'
import { addBusinessTime, type BusinessCalendar, businessTimeBetween } from '../settings/business-time.ts'
import { type Escalation, never, type WindowUnit } from './tables.ts'

/** `to` is null while it lasts. In order and apart. */
export type Pause = { from: Date; to: Date | null }

/** What arithmetic needs of a policy. */
export type Terms = {
  windowValue: number | null
  windowUnit: WindowUnit | null
  ringSeconds: number | null
  weekendDueAt: string | null
  zone: string | null
  pauseCapHours: number | null
  warnAt: readonly number[]
  escalations: readonly Escalation[]
}

/** A place in a clock's life: a fraction of its window, or, after 1, so many milliseconds of its calendar. */
export type Step = { fraction: number; afterMs: number; warns: boolean; escalations: readonly Escalation[] }

const hour = 3_600_000
const unitMs = { second: 1_000, minute: 60_000, hour } as const

/**
 * How long a clock that starts at `from` may run, in milliseconds of the calendar it then counts by. Calendar days
 * and weekends go by the wall, whatever the hours; business days end with the closing of the last one. Null where
 * the calendar never opens again.
 */
export function windowOf(
  terms: Terms,
  calendar: BusinessCalendar,
  from: Date,
): { ms: number; calendar: BusinessCalendar } | null {
  const { windowValue: value, windowUnit: unit, zone, weekendDueAt } = terms
  const until = (due: Date) => ({ ms: due.getTime() - from.getTime(), calendar: 'always' as const })
  const monday = weekendDueAt && mondayAfterWeekend(zone ?? 'UTC', from, weekendDueAt)
  if (monday) return until(monday)
  if (unit === null || value === null) return null
  if (unit === 'ring') return { ms: value * terms.ringSeconds! * 1_000, calendar }
  if (unit !== 'calendar_day' && unit !== 'business_day') return { ms: value * unitMs[unit], calendar }
  if (unit === 'calendar_day' || calendar === 'always')
    return until(sameTimeAfterDays(calendar === 'always' ? (zone ?? 'UTC') : calendar.zone, from, value))
  const closing = closingAfterDays(calendar, from, value)
  return closing && { ms: businessTimeBetween(calendar, from, closing), calendar }
}

/** In order of time: fractions below 1, the breach, what follows it. Escalations of one moment stand together. */
export function stepsOf({ warnAt, escalations }: Pick<Terms, 'warnAt' | 'escalations'>): Step[] {
  const steps = new Map<string, Step>()
  const at = (fraction: number, afterMs: number) => {
    const key = `${fraction} ${afterMs}`
    const known = steps.get(key) ?? { fraction, afterMs, warns: false, escalations: [] }
    steps.set(key, known)
    return known
  }
  for (const fraction of warnAt) at(fraction, 0).warns = true
  at(1, 0)
  for (const escalation of escalations) {
    const step =
      'fraction' in escalation.at
        ? at(escalation.at.fraction, 0)
        : at(1, escalation.at.minutesAfterBreach * 60_000)
    step.escalations = [...step.escalations, escalation]
  }
  return [...steps.values()].sort((a, b) => a.fraction - b.fraction || a.afterMs - b.afterMs)
}

/**
 * When each step of a clock comes: its window is business time of the calendar since `from`, less pauses. What lies
 * beyond a pause that has not ended is `never`. Null where the calendar never opens again.
 */
export function momentsOf(
  steps: readonly Step[],
  calendar: BusinessCalendar,
  from: Date,
  windowMs: number,
  pauses: readonly Pause[] = [],
): Date[] | null {
  const moments = steps.map(({ fraction, afterMs }) =>
    reached(calendar, from, Math.round(windowMs * fraction) + afterMs, pauses),
  )
  return moments.every(moment => moment !== null) ? moments : null
}

/** Milliseconds of the calendar from `from` to `to`, less pauses. */
export function ownTime(calendar: BusinessCalendar, from: Date, to: Date, pauses: readonly Pause[]): number {
  let total = 0
  let since = from
  for (const pause of pauses) {
    total += businessTimeBetween(calendar, since, earlier(pause.from, to))
    since = pause.to ?? never
  }
  return total + businessTimeBetween(calendar, earlier(since, to), to)
}

/** Pauses as far as the policy grants them: together no longer than its cap, by the wall. */
export function granted(pauses: readonly Pause[], capHours: number | null): Pause[] {
  if (capHours === null) return [...pauses]
  let left = capHours * hour
  return pauses.flatMap(({ from, to }) => {
    const taken = Math.min(left, (to ?? never).getTime() - from.getTime())
    left -= taken
    return taken > 0 ? [{ from, to: new Date(from.getTime() + taken) }] : []
  })
}

function reached(calendar: BusinessCalendar, from: Date, ms: number, pauses: readonly Pause[]): Date | null {
  let [since, left] = [from, ms]
  for (const pause of pauses) {
    const available = businessTimeBetween(calendar, since, pause.from)
    if (left <= available) break
    if (pause.to === null) return never
    left -= available
    since = pause.to
  }
  return addBusinessTime(calendar, since, left)
}

const earlier = (a: Date, b: Date) => (a < b ? a : b)
