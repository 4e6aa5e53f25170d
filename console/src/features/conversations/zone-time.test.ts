import { expect, test } from 'vitest'
import { fieldIn, laterChoices, localInput, momentIn, momentOf, snoozeChoices } from './zone-time.ts'

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

test('tomorrow is the day after the one it is there', () => {
  // Sunday evening in London is Monday morning in Tokyo.
  const now = new Date('2026-11-22T20:00:30Z')
  const [soon, tomorrow, monday] = laterChoices('Asia/Tokyo', now)
  expect(soon!.at.toISOString()).toBe('2026-11-22T21:01:00.000Z')
  expect(tomorrow!.at.toISOString()).toBe('2026-11-24T00:00:00.000Z')
  expect(monday!.at.toISOString()).toBe('2026-11-30T00:00:00.000Z')
})

test('on a Sunday tomorrow is Monday already', () => {
  expect(laterChoices('Europe/London', new Date('2026-11-22T12:00:00Z')).map(({ key }) => key)).toEqual([
    'inAnHour',
    'tomorrow',
  ])
})

test('a field is given this machine’s own clock', () => {
  expect(new Date(localInput(new Date('2026-11-23T09:00:00Z'))).toISOString()).toBe(
    '2026-11-23T09:00:00.000Z',
  )
})

test('something is put aside for an hour, three, or until a morning of the reader’s', () => {
  const now = new Date('2026-11-25T20:00:00Z')
  expect(snoozeChoices('Asia/Shanghai', now).map(({ key, at }) => [key, at.toISOString()])).toEqual([
    ['inAnHour', '2026-11-25T21:00:00.000Z'],
    ['inThreeHours', '2026-11-25T23:00:00.000Z'],
    ['tomorrow', '2026-11-27T01:00:00.000Z'],
    ['monday', '2026-11-30T01:00:00.000Z'],
  ])
})

test.each([
  'Asia/Shanghai',
  'America/St_Johns',
  'UTC',
])('a field of %s says the moment it was given', zone => {
  const at = new Date('2026-03-08T06:30:00Z')
  expect(momentOf(zone, fieldIn(zone, at))).toEqual(at)
})
