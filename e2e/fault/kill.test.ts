import { expect, test } from 'vitest'
import { killRounds } from './kill-rounds.ts'

test('ten kills under load lose nothing, double nothing and leave no gap', async () => {
  const rounds = await killRounds(10)
  expect(
    rounds.flatMap(({ round, breaches }) => breaches.map(breach => `round ${round}: ${breach}`)),
  ).toEqual([])
  expect(rounds.reduce((sum, { acked }) => sum + acked, 0)).toBeGreaterThan(500)
}, 240_000)
