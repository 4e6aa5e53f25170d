import { expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['您的包裹已发出', '您的包裹今天发出', 2],
  ['the same', 'the same', 0],
  ['aaa', 'aa', 1],
  ['x'.repeat(5_000), 'y'.repeat(4_000), 5_000],
  [`${'x'.repeat(5_000)}a`, `${'x'.repeat(5_000)}b`, 1],
])('from %j to %j', (from, to, expected) => expect(editDistance(from, to)).toBe(expected))
