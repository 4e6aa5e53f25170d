import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OpeningHours } from '../settings/business-time.ts'
import { granted, momentsOf, ownTime, stepsOf, type Terms, windowOf } from './arithmetic.ts'
import { never } from './tables.ts'
import { cases, reckon, walk } from './test-arithmetic.ts'

const terms = (fields: Partial<Terms>): Terms => ({
  ...{ windowValue: 1, windowUnit: 'hour', ringSeconds: null, weekendDueAt: null, zone: null },
  ...{ pauseCapHours: null, warnAt: [], escalations: [] },
  ...fields,
})
const at = (text: string) => new Date(`${text}:00Z`)
const dueOf = (policy: Partial<Terms>, calendar: OpeningHours | 'always', from: string) => {
  const window = windowOf(terms(policy), calendar, at(from))
  return window && momentsOf(stepsOf(terms(policy)), window.calendar, at(from), window.ms)?.[0]?.toISOString()
}
const hours = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
]
const berlin: OpeningHours = {
  zone: 'Europe/Berlin',
  weekly: { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours },
  closed: [{ date: '2026-04-06', name: 'Ostermontag' }],
  special: [],
}

describe('500 random clocks', () => {
  test('warn, are due and have taken what a walk minute by minute says', { timeout: 120_000 }, () => {
    let within = 0
    const property = fc.property(cases, one => {
      const [ours, walked] = [reckon(one), walk(one)]
      within += walked.slice(0, 3).filter(moment => typeof moment === 'number').length
      expect(ours).toEqual(walked.map((moment, i) => (moment === 'unknown' ? ours[i] : moment)))
    })
    fc.assert(property, { numRuns: 500, seed: 20_261_122, endOnFailure: true })
    expect(within).toBeGreaterThan(700)
  })
})

describe('a window', () => {
  test.each([
    ['of hours skips the lunch break', { windowValue: 2 }, '2026-01-05T10:30', '2026-01-05T13:30'],
    [
      'of rings is as long as they ring',
      { windowValue: 3, windowUnit: 'ring', ringSeconds: 20 },
      '2026-01-05T08:00',
      '2026-01-05T08:01',
    ],
    [
      'of three business days ends as the third closes',
      { windowValue: 3, windowUnit: 'business_day' },
      '2026-01-05T10:00',
      '2026-01-08T17:00',
    ],
    [
      'of one business day counts from the next, however early it came',
      { windowUnit: 'business_day' },
      '2026-01-05T04:00',
      '2026-01-06T17:00',
    ],
    [
      'of business days leaves out weekends and holidays',
      { windowValue: 2, windowUnit: 'business_day' },
      '2026-04-02T10:00',
      '2026-04-07T16:00',
    ],
    [
      'of calendar days ends at the same time of day, over a change of clocks too',
      { windowValue: 2, windowUnit: 'calendar_day' },
      '2026-03-28T10:00',
      '2026-03-30T09:00',
    ],
  ] as const)('%s', (_, policy, from, due) => {
    expect(dueOf(policy, berlin, from)).toBe(`${due}:00.000Z`)
  })

  test('of what comes at a weekend ends on Monday noon, of other days as ever', () => {
    const us = { windowValue: 24, weekendDueAt: '12:00', zone: 'America/Los_Angeles' }
    expect(dueOf(us, 'always', '2026-01-10T08:00')).toBe('2026-01-12T20:00:00.000Z')
    expect(dueOf(us, 'always', '2026-01-12T07:59')).toBe('2026-01-12T20:00:00.000Z')
    expect(dueOf(us, 'always', '2026-01-12T08:00')).toBe('2026-01-13T08:00:00.000Z')
    expect(dueOf(us, 'always', '2026-01-10T07:59')).toBe('2026-01-11T07:59:00.000Z')
  })

  test('on a calendar that never opens has no end', () => {
    const closed = { ...berlin, weekly: {} }
    expect(windowOf(terms({ windowUnit: 'business_day' }), closed, at('2026-01-05T10:00'))).toBeNull()
    expect(dueOf({}, closed, '2026-01-05T10:00')).toBeUndefined()
  })
})

describe('pauses', () => {
  const pause = (from: string, to: string | null) => ({ from: at(from), to: to === null ? null : at(to) })

  test('put off what lies after them, by the open time they took', () => {
    const steps = stepsOf(terms({ warnAt: [0.5] }))
    const stood = [pause('2026-01-05T09:00', '2026-01-05T13:00')]
    expect(momentsOf(steps, berlin, at('2026-01-05T08:00'), 2 * 3_600_000, stood)).toEqual([
      at('2026-01-05T09:00'),
      at('2026-01-05T14:00'),
    ])
  })

  test('that have not ended leave the end open', () => {
    const moments = momentsOf(
      stepsOf(terms({ warnAt: [0.5] })),
      'always',
      at('2026-01-05T08:00'),
      3_600_000,
      [pause('2026-01-05T08:40', null)],
    )
    expect(moments).toEqual([at('2026-01-05T08:30'), never])
  })

  test('are granted up to the cap of all of them together', () => {
    const stood = [pause('2026-01-05T08:00', '2026-01-05T10:00'), pause('2026-01-05T11:00', null)]
    expect(granted(stood, 3)).toEqual([stood[0], pause('2026-01-05T11:00', '2026-01-05T12:00')])
    expect(granted(stood, 2)).toEqual([stood[0]])
    expect(granted(stood, null)).toEqual(stood)
  })

  test('are no time of ours', () => {
    const stood = [pause('2026-01-05T09:00', '2026-01-05T10:00'), pause('2026-01-05T13:00', null)]
    expect(ownTime(berlin, at('2026-01-05T08:00'), at('2026-01-05T16:00'), stood)).toBe(3 * 3_600_000)
  })
})

test('the steps of a policy stand in order, with what happens together in one', () => {
  const notify = { do: 'notify', whom: 'supervisors' } as const
  const steps = stepsOf({
    warnAt: [0.5, 0.9],
    escalations: [
      { at: { minutesAfterBreach: 30 }, ...notify },
      { at: { fraction: 0.9 }, ...notify },
      { at: { fraction: 1 }, ...notify },
    ],
  })
  expect(steps.map(step => [step.fraction, step.afterMs, step.warns, step.escalations.length])).toEqual([
    [0.5, 0, true, 0],
    [0.9, 0, true, 1],
    [1, 0, false, 1],
    [1, 1_800_000, false, 1],
  ])
})
