import { expect, test } from 'vitest'
import { fieldIn, midnightIn, momentIn, momentOf } from './zone-time.ts'

test.each([
  ['Asia/Shanghai', '2026-11-23', '09:00', '2026-11-23T01:00:00.000Z'],
  ['America/New_York', '2026-11-23', '09:00', '2026-11-23T14:00:00.000Z'],
  ['America/New_York', '2026-07-01', '09:00', '2026-07-01T13:00:00.000Z'],
  ['Asia/Kolkata', '2026-11-23', '00:15', '2026-11-22T18:45:00.000Z'],
  ['Europe/Berlin', '2026-03-29', '09:00', '2026-03-29T07:00:00.000Z'],
  ['Europe/Berlin', '2026-10-25', '09:00', '2026-10-25T08:00:00.000Z'],
])('%s, %s %s', (zone, date, time, at) => {
  expect(momentIn(zone, date, time).toISOString()).toBe(at)
})

test.each([
  'Asia/Shanghai',
  'America/St_Johns',
  'UTC',
])('a field of %s says the moment it was given', zone => {
  const at = new Date('2026-03-08T06:30:00Z')
  expect(momentOf(zone, fieldIn(zone, at))).toEqual(at)
})

test.each([
  ['Asia/Shanghai', 0, '2026-10-24T16:00:00.000Z'],
  ['Europe/Berlin', 0, '2026-10-24T22:00:00.000Z'],
  // The clocks went back in between.
  ['Europe/Berlin', 1, '2026-10-25T23:00:00.000Z'],
])('in %s a day begins at its own midnight, and one %i later', (zone, later, at) => {
  expect(midnightIn(zone, '2026-10-25', later).toISOString()).toBe(at)
})
