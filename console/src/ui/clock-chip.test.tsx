// @vitest-environment happy-dom
import { act, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ClockChip } from './clock-chip.tsx'
import { clockPhase } from './clock-phase.ts'

const start = Date.parse('2026-01-05T09:00:00Z')
const clock = {
  kind: 'first_response',
  startedAt: new Date(start).toISOString(),
  dueAt: new Date(start + 30_000).toISOString(),
  breachedAt: null,
}

describe('a clock', () => {
  test.each([
    [0, 'calm', 30_000],
    [14_900, 'calm', 15_100],
    [15_000, 'warning', 15_000],
    [29_999, 'warning', 1],
    [30_000, 'late', 0],
    [270_000, 'late', -240_000],
  ])('after %i ms is %s with %i ms left', (after, phase, left) => {
    const found = clockPhase(clock, start + after)
    expect(found.phase).toBe(phase)
    expect(found.left === 0 ? 0 : found.left).toBe(left)
  })

  test('that the server says was missed is late, whatever the desk’s clock shows', () => {
    expect(clockPhase({ ...clock, breachedAt: clock.dueAt }, start).phase).toBe('late')
  })
})

describe('the chip', () => {
  beforeEach(() => void vi.useFakeTimers({ now: start }))
  afterEach(() => void vi.useRealTimers())

  const shown = () => [screen.getByRole('timer').dataset.phase, screen.getByRole('timer').textContent]

  test('counts down by the second, ambers half-way, and says by how much it is over', () => {
    render(<ClockChip clock={clock} />)
    expect(shown()).toEqual(['calm', '30 s'])
    act(() => void vi.advanceTimersByTime(6_000))
    expect(shown()).toEqual(['calm', '24 s'])
    act(() => void vi.advanceTimersByTime(10_000))
    expect(shown()).toEqual(['warning', '14 s'])
    act(() => void vi.advanceTimersByTime(14_000 + 4 * 60_000))
    expect(shown()).toEqual(['late', '+4 m over'])
  })

  test('twenty of them share one timer', () => {
    render(Array.from({ length: 20 }, (_, index) => <ClockChip key={index} clock={clock} />))
    expect(vi.getTimerCount()).toBe(1)
  })
})
