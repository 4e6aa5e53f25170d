import { expect, test } from 'vitest'
import { plainWindow } from './window.ts'

test.each([
  [30, 'second', 30, 'second'],
  [90, 'second', 90, 'second'],
  [120, 'second', 2, 'minute'],
  [7_200, 'second', 2, 'hour'],
  [240, 'minute', 4, 'hour'],
  [2, 'business_day', 2, 'business_day'],
] as const)('%i %s are %i %s', (value, unit, spelled, as) => {
  expect(plainWindow({ value, unit })).toEqual({ value: spelled, unit: as })
})
