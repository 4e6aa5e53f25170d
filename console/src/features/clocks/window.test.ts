import { expect, test } from 'vitest'
import { splitWindow } from './window.ts'

test.each([
  [30, 30, 'seconds'],
  [90, 90, 'seconds'],
  [120, 2, 'minutes'],
  [7_200, 2, 'hours'],
  [172_800, 2, 'days'],
] as const)('%i s are %i %s', (seconds, value, unit) => {
  expect(splitWindow(seconds)).toEqual({ value, unit })
})
