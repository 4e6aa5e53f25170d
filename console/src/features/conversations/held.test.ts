import { expect, test } from 'vitest'
import { secondsUntil } from './held.ts'

const at = '2026-11-23T09:00:10.000Z'

test.each([
  ['2026-11-23T09:00:00.000Z', 10],
  ['2026-11-23T09:00:00.001Z', 10],
  ['2026-11-23T09:00:09.999Z', 1],
  ['2026-11-23T09:00:10.000Z', 0],
  ['2026-11-23T09:01:00.000Z', 0],
])('at %s there are %i seconds left', (now, seconds) => {
  expect(secondsUntil(at, Date.parse(now))).toBe(seconds)
})
