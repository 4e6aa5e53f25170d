import { expect, test } from 'vitest'
import { laterChoices, snoozeChoices } from './later-choices.ts'

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

test('something is put aside for an hour, three, or until a morning of the reader’s', () => {
  const now = new Date('2026-11-25T20:00:00Z')
  expect(snoozeChoices('Asia/Shanghai', now).map(({ key, at }) => [key, at.toISOString()])).toEqual([
    ['inAnHour', '2026-11-25T21:00:00.000Z'],
    ['inThreeHours', '2026-11-25T23:00:00.000Z'],
    ['tomorrow', '2026-11-27T01:00:00.000Z'],
    ['monday', '2026-11-30T01:00:00.000Z'],
  ])
})
