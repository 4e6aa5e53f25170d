export const unitSeconds = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const
export type WindowUnit = keyof typeof unitSeconds
export const windowUnits = Object.keys(unitSeconds) as WindowUnit[]

/** The largest unit in which a stretch of time is a whole number: 7200 s are 2 hours. */
export function splitWindow(seconds: number): { value: number; unit: WindowUnit } {
  const unit = windowUnits.findLast(name => seconds % unitSeconds[name] === 0) ?? 'seconds'
  return { value: seconds / unitSeconds[unit], unit }
}
