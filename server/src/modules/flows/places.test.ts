import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../platform/filters/conditions.ts'
import { nextOccurrence } from './occurrences.ts'
import { allSteps, firstPlace, placeAfter, placeInto, stepAt } from './places.ts'
import type { Step } from './terms.ts'

const { steps } = fc.letrec<{ steps: Step[]; step: Step }>(tie => ({
  step: fc.oneof(
    { maxDepth: 4 },
    fc.constant<Step>({ do: 'stop' }),
    fc.record({
      do: fc.constant('branch' as const),
      if: fc.constant<Condition>({ all: [] }),
      yes: tie('steps'),
      no: tie('steps'),
    }),
  ),
  steps: fc.array(tie('step'), { maxLength: 4 }),
}))

test('whatever ways are taken, a walk comes to its end and to no place twice', () => {
  fc.assert(
    fc.property(steps, fc.infiniteStream(fc.boolean()), (steps, choices) => {
      const known = new Map(allSteps(steps))
      const seen = new Set<string>()
      for (let place = firstPlace(steps); place; ) {
        expect(seen.has(place)).toBe(false)
        seen.add(place)
        const step = stepAt(steps, place)!
        expect(known.get(place)).toBe(step)
        place =
          step.do === 'branch'
            ? placeInto(steps, place, choices.next().value ? 'yes' : 'no')
            : placeAfter(steps, place)
      }
    }),
    { numRuns: 500 },
  )
})

describe('a schedule comes at the time that the wall of its zone shows', () => {
  const weekdays = [1, 2, 3, 4, 5]
  const daily = [1, 2, 3, 4, 5, 6, 7]
  test.each([
    [
      'weekdays 05:00 Tokyo asked on Friday not on Saturday',
      '05:00',
      'Asia/Tokyo',
      weekdays,
      '2026-01-09T10:00:00Z',
      '2026-01-11T20:00:00Z',
    ],
    [
      '09:00 Los Angeles asked the day before its clocks go forward',
      '09:00',
      'America/Los_Angeles',
      daily,
      '2026-03-07T18:00:00Z',
      '2026-03-08T16:00:00Z',
    ],
    [
      '09:00 Los Angeles asked the day before its clocks go back',
      '09:00',
      'America/Los_Angeles',
      daily,
      '2026-10-31T17:00:00Z',
      '2026-11-01T17:00:00Z',
    ],
    [
      '02:30 on the night that has none, when the clock jumps',
      '02:30',
      'America/Los_Angeles',
      daily,
      '2026-03-08T08:00:00Z',
      '2026-03-08T10:00:00Z',
    ],
    [
      '01:30 on the night that has two, the first time',
      '01:30',
      'America/Los_Angeles',
      daily,
      '2026-11-01T07:00:00Z',
      '2026-11-01T08:30:00Z',
    ],
    [
      'once: not again an hour later',
      '01:30',
      'America/Los_Angeles',
      daily,
      '2026-11-01T08:30:00Z',
      '2026-11-02T09:30:00Z',
    ],
    [
      'today where it is still to come',
      '18:00',
      'Asia/Shanghai',
      daily,
      '2026-01-05T09:59:59Z',
      '2026-01-05T10:00:00Z',
    ],
    [
      'tomorrow from that very instant on',
      '18:00',
      'Asia/Shanghai',
      daily,
      '2026-01-05T10:00:00Z',
      '2026-01-06T10:00:00Z',
    ],
    [
      'half an hour apart in zones that are',
      '09:00',
      'Asia/Kolkata',
      [7],
      '2026-01-05T00:00:00Z',
      '2026-01-11T03:30:00Z',
    ],
  ])('%s', (_, at, zone, days, after, expected) => {
    expect(nextOccurrence({ at, zone, days }, new Date(after)).toISOString()).toBe(
      new Date(expected).toISOString(),
    )
  })
})
