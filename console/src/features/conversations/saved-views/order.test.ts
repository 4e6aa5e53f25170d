import { expect, test } from 'vitest'
import { movesTo } from './order.ts'

const all = (...positions: number[]) => positions.map((position, n) => ({ id: 'abcd'[n]!, position }))

test('a view that moves changes places with its neighbour, and only what differs is written', () => {
  expect(movesTo(all(0, 1, 2, 3), 'b', 1)).toEqual([
    { id: 'c', position: 1 },
    { id: 'b', position: 2 },
  ])
})

test('views that never moved get their places when the first does', () => {
  expect(movesTo(all(0, 0, 0), 'c', -1)).toEqual([
    { id: 'c', position: 1 },
    { id: 'b', position: 2 },
  ])
})

test('nothing moves beyond the ends', () => {
  expect(movesTo(all(0, 1), 'a', -1)).toEqual([])
  expect(movesTo(all(0, 1), 'b', 1)).toEqual([])
})
