import os from 'node:os'
import { describe, expect, test } from 'vitest'
import { freeSpace, openDiskGuard } from './disk-guard.ts'

const megabyte = 1024 * 1024

/** A disk of 10 GB whose free space the test moves. */
function disk(freeMegabytes: number, options: { leastBytes?: number; leastShare?: number } = {}) {
  const state = { free: freeMegabytes * megabyte, looks: 0, now: 0, fails: false }
  const guard = openDiskGuard({
    dir: '/data',
    ...options,
    clock: () => state.now,
    look: async () => {
      state.looks += 1
      if (state.fails) throw new Error('no such folder')
      return { freeBytes: state.free, totalBytes: 10_000 * megabyte }
    },
  })
  return { state, guard }
}

const full = { status: 503, code: 'disk_full', retryAfterSeconds: 60 }

describe('room for what comes in', () => {
  test('is there down to 512 MB, and not a byte below', async () => {
    await disk(512).guard.assertRoom()
    await expect(disk(511.999).guard.assertRoom()).rejects.toMatchObject(full)
  })

  test('may be asked for as a share of the disk, of which the larger counts', async () => {
    await expect(disk(999, { leastShare: 0.1 }).guard.assertRoom()).rejects.toMatchObject(full)
    await disk(1000, { leastShare: 0.1 }).guard.assertRoom()
    await expect(
      disk(1500, { leastShare: 0.1, leastBytes: 2000 * megabyte }).guard.assertRoom(),
    ).rejects.toMatchObject(full)
  })

  test('is looked up once in two seconds for all who ask, and then again', async () => {
    const { state, guard } = disk(600)
    await Promise.all(Array.from({ length: 50 }, () => guard.assertRoom()))
    state.free = 0
    state.now = 1_999
    await guard.assertRoom()
    expect(state.looks).toBe(1)
    state.now = 2_000
    await expect(guard.assertRoom()).rejects.toMatchObject(full)
    state.free = 600 * megabyte
    state.now = 4_000
    await guard.assertRoom()
    expect(state.looks).toBe(3)
  })

  test('that cannot be looked up is an error, and is looked up again at once', async () => {
    const { state, guard } = disk(600)
    state.fails = true
    await expect(guard.assertRoom()).rejects.toThrow('no such folder')
    state.fails = false
    await guard.assertRoom()
  })
})

test('the free space of a real folder is told in bytes', async () => {
  const { freeBytes, totalBytes } = await freeSpace(os.tmpdir())
  expect(freeBytes).toBeGreaterThan(0)
  expect(totalBytes).toBeGreaterThan(freeBytes)
})
