// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let started: number
beforeEach(() => {
  vi.resetModules()
  vi.useFakeTimers()
  localStorage.clear()
  started = 0
  const node = () => ({
    ...{ type: '', frequency: { value: 0 }, connect: (to: unknown) => to, stop() {} },
    start: () => void started++,
    gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} },
  })
  vi.stubGlobal(
    'AudioContext',
    class {
      currentTime = 0
      destination = {}
      createOscillator = node
      createGain = node
    },
  )
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Each tab has the code to itself, and shares what the browser keeps. */
const tab = () => {
  vi.resetModules()
  return import('./attention.ts')
}

test('twenty arrivals in two tabs are one sound', async () => {
  const tabs = [await tab(), await tab()]
  for (let n = 0; n < 20; n++) for (const { ring } of tabs) await ring('customer_wrote', 60)
  expect(started).toBe(1)
  vi.advanceTimersByTime(3_001)
  await tabs[1]!.ring('customer_wrote', 60)
  expect(started).toBe(2)
})

test('an escalation is heard although something just rang, but not twice', async () => {
  const { ring } = await tab()
  await ring('customer_wrote', 60)
  await ring('escalation', 60)
  const after = started
  await ring('escalation', 60)
  await ring('mention', 60)
  expect([after, started]).toEqual([6, 6])
})

test('nothing is heard where this machine is mute or the volume is nought', async () => {
  const { ring, setSound } = await tab()
  await ring('mention', 0)
  setSound(false)
  await ring('mention', 60)
  expect(started).toBe(0)
})
