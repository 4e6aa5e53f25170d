import { expect, test } from 'vitest'
import { nextDayAt } from './business-days.ts'

test.each([
  ['tomorrow', 'Asia/Shanghai', '2026-11-25T10:00:00Z', '2026-11-26T01:00:00.000Z'],
  // Wednesday evening in London is Thursday in Shanghai.
  ['tomorrow', 'Asia/Shanghai', '2026-11-25T20:00:00Z', '2026-11-27T01:00:00.000Z'],
  ['tomorrow', 'Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T07:00:00.000Z'],
  ['monday', 'Asia/Shanghai', '2026-11-25T10:00:00Z', '2026-11-30T01:00:00.000Z'],
  ['monday', 'UTC', '2026-11-29T23:59:00Z', '2026-11-30T09:00:00.000Z'],
  ['monday', 'UTC', '2026-11-30T08:00:00Z', '2026-12-07T09:00:00.000Z'],
] as const)('nine o’clock of %s, by a clock in %s at %s', (day, zone, from, at) => {
  expect(nextDayAt(zone, new Date(from), day, '09:00').toISOString()).toBe(at)
})
