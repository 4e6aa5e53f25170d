import { afterEach, expect, test } from 'vitest'
import { forgetServerTime, learnServerTime, serverNow } from './server-time.ts'

afterEach(forgetServerTime)

const header = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toUTCString()

test('a desk two minutes slow counts in the server’s time', () => {
  const now = Date.now()
  for (const at of [0, 300, 900, 1450, 2200, 2990])
    learnServerTime(header(now + at + 120_000), now + at - 20, now + at)
  expect(Math.abs(serverNow() - Date.now() - 120_000)).toBeLessThan(250)
})

test('a clock that was set anew is believed at once', () => {
  const now = Date.now()
  learnServerTime(header(now), now - 20, now)
  learnServerTime(header(now + 3_600_000), now - 20, now)
  expect(Math.abs(serverNow() - Date.now() - 3_600_000)).toBeLessThan(1000)
})

test('without any answer the desk’s own clock serves', () => {
  expect(Math.abs(serverNow() - Date.now())).toBeLessThan(50)
})
