import { expect, test } from 'vitest'
import { readTime } from './time-field.tsx'

test.each([
  ['9', '09:00'],
  ['930', '09:30'],
  ['09:30', '09:30'],
  ['18：00', '18:00'],
  ['24', null],
  ['25:00', null],
  ['9:75', null],
  ['noon', null],
])('%s is read as %s', (typed, time) => {
  expect(readTime(typed)).toBe(time)
})

test('only an end may be 24:00', () => {
  expect(readTime('24:00', true)).toBe('24:00')
  expect(readTime('24:30', true)).toBeNull()
})
