export const windowUnits = ['ring', 'second', 'minute', 'hour', 'calendar_day', 'business_day'] as const
export type WindowUnit = (typeof windowUnits)[number]
export type ClockWindow = { value: number; unit: WindowUnit; ringSeconds?: number | undefined }

const sizes = [
  ['hour', 3_600],
  ['minute', 60],
] as const

/** In the largest unit in which it is a whole number: 7200 seconds are 2 hours. Days are no 24 hours, and stay. */
export function plainWindow({ value, unit, ...rest }: ClockWindow): ClockWindow {
  const seconds = { second: 1, minute: 60, hour: 3_600 }[unit as 'second']
  const size = seconds && sizes.find(([, each]) => (value * seconds) % each === 0)
  return size ? { value: (value * seconds) / size[1], unit: size[0] } : { value, unit, ...rest }
}
