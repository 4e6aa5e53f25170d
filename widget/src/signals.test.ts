import { describe, expect, test } from 'vitest'
import { batch, computed, effect, signal } from './signals.ts'

describe('signals', () => {
  test('an effect runs again only for what it read last', () => {
    const [which, a, b] = [signal('a'), signal(1), signal(10)]
    const seen: number[] = []
    effect(() => void seen.push(which.value === 'a' ? a.value : b.value))
    b.value = 11
    a.value = 2
    which.value = 'b'
    a.value = 3
    b.value = 12
    expect(seen).toEqual([1, 2, 11, 12])
  })

  test('several changes in a batch are heard once, nested ones too', () => {
    const [a, b] = [signal(1), signal(1)]
    const sums: number[] = []
    effect(() => void sums.push(a.value + b.value))
    batch(() => {
      a.value = 2
      batch(() => {
        b.value = 2
      })
      expect(sums).toEqual([2])
    })
    expect(sums).toEqual([2, 4])
  })

  test('a computed value follows, and is silent when it comes out the same', () => {
    const n = signal(1)
    const isEven = computed(() => n.value % 2 === 0)
    let runs = 0
    effect(() => {
      void isEven.value
      runs++
    })
    n.value = 3
    expect([isEven.value, runs]).toEqual([false, 1])
    n.value = 4
    expect([isEven.value, runs]).toEqual([true, 2])
  })

  test('an effect never sees a derived value older than its sources', () => {
    const n = signal(1)
    const seen: [number, number][] = []
    const plusTwo = { value: () => 0 }
    effect(() => void seen.push([n.value, plusTwo.value()]))
    const plusOne = computed(() => n.value + 1)
    const derived = computed(() => plusOne.value + 1)
    plusTwo.value = () => derived.value
    n.value = 2
    n.value = 3
    expect(seen).toEqual([
      [1, 0],
      [2, 4],
      [3, 5],
    ])
  })

  test('a stopped effect hears nothing, not even what was already due', () => {
    const a = signal(1)
    let heard = 0
    const stop = effect(() => {
      void a.value
      heard++
    })
    batch(() => {
      a.value = 2
      stop()
    })
    a.value = 3
    expect(heard).toBe(1)
  })

  test('peeking does not subscribe', () => {
    const a = signal(1)
    let runs = 0
    effect(() => {
      a.peek()
      runs++
    })
    a.value = 2
    expect(runs).toBe(1)
  })
})
