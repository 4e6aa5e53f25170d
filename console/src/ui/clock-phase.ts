export type ClockTimes = { startedAt: string; dueAt: string; breachedAt: string | null }
export type ClockPhase = { phase: 'calm' | 'warning' | 'late'; left: number; part: number }

const warnFrom = 0.5

/** Where a clock stands at `now` (server's time): `part` is the share of its time that is used, `left` in ms, below 0 when over. */
export function clockPhase(clock: ClockTimes, now: number): ClockPhase {
  const start = Date.parse(clock.startedAt)
  const due = Date.parse(clock.dueAt)
  const left = due - now
  const part = due > start ? Math.min(1, Math.max(0, (now - start) / (due - start))) : 1
  if (left <= 0 || clock.breachedAt) return { phase: 'late', left: Math.min(left, 0), part: 1 }
  return { phase: part >= warnFrom ? 'warning' : 'calm', left, part }
}
