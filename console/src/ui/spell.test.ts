import { expect, test } from 'vitest'
import { spellSoon } from './spell.ts'

test('a moment to come is spelled by the day it is in that zone', () => {
  const now = new Date('2026-11-22T15:30:00Z')
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
  expect(spellSoon(later(0.25), 'en', 'Asia/Shanghai', now)).toBe('23:45')
  expect(spellSoon(later(1), 'en', 'Asia/Shanghai', now)).toBe('Mon 00:30')
  expect(spellSoon(later(1), 'en', 'UTC', now)).toBe('16:30')
  expect(spellSoon(later(24 * 9), 'en', 'UTC', now)).toBe('1 Dec')
})
