import { expect, test } from 'vitest'
import { faultIn, spellWeek } from './week.ts'

const day = [
  { from: '09:00', to: '12:00' },
  { from: '14:00', to: '18:00' },
]

test('days with the same hours that follow each other are put together', () => {
  const weekly = { 1: day, 2: day, 3: day, 5: day, 6: [{ from: '10:00', to: '14:00' }] }
  expect(spellWeek(weekly, 'en')).toBe(
    'Mon–Wed 09:00–12:00, 14:00–18:00; Fri 09:00–12:00, 14:00–18:00; Sat 10:00–14:00',
  )
  expect(spellWeek({}, 'zh')).toBe('')
})

test('hours that overlap or run backwards are told', () => {
  expect(faultIn(day)).toBeNull()
  expect(faultIn([{ from: '18:00', to: '09:00' }])).toBe('backwards')
  expect(
    faultIn([
      { from: '14:00', to: '18:00' },
      { from: '09:00', to: '14:30' },
    ]),
  ).toBe('overlap')
  expect(faultIn([{ from: '09:00', to: '24:00' }])).toBeNull()
})
