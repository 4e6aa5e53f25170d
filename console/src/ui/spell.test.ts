import { expect, test } from 'vitest'
import { spellDay, spellShort, spellSoon } from './spell.ts'

test('a moment to come is spelled by the day it is in that zone', () => {
  const now = new Date('2026-11-22T15:30:00Z')
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
  expect(spellSoon(later(0.25), 'en', 'Asia/Shanghai', now)).toBe('23:45')
  expect(spellSoon(later(1), 'en', 'Asia/Shanghai', now)).toBe('Mon 00:30')
  expect(spellSoon(later(1), 'en', 'UTC', now)).toBe('16:30')
  expect(spellSoon(later(24 * 9), 'en', 'UTC', now)).toBe('1 Dec')
})

test('a moment gone by is spelled by the day it was in that zone', () => {
  const now = new Date('2026-11-22T15:30:00Z')
  const earlier = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  expect(spellShort(earlier(1), 'en', 'Asia/Tokyo', now)).toBe('Sun')
  expect(spellShort(earlier(1), 'en', 'Asia/Shanghai', now)).toBe('22:30')
  expect(spellShort(earlier(24 * 6), 'en', 'UTC', now)).toBe('Mon')
  expect(spellShort(earlier(24 * 7), 'en', 'UTC', now)).toBe('15 Nov')
  expect(spellShort(new Date('2025-12-31T20:00:00Z'), 'en', 'UTC', now)).toBe('31 Dec 2025')
  expect(spellShort(new Date('2025-12-31T20:00:00Z'), 'en', 'Asia/Shanghai', now)).toBe('1 Jan')
  expect(spellDay(new Date('2026-11-22T23:00:00Z'), 'en', 'Asia/Shanghai')).toContain('23 November')
})
