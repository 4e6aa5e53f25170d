import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { openFiles } from './file-store.ts'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-files-'))
const store = openFiles(dir)
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

const sha256 = (content: Buffer | string) => createHash('sha256').update(content).digest('hex')
const put = (content: Buffer | string, maxBytes = 1_000_000) =>
  store.put(Readable.from([Buffer.from(content)]), { maxBytes })
const read = async (hash: string) => Buffer.concat(await (await store.open(hash)).toArray())
const unfinished = () => fs.readdirSync(path.join(dir, 'incoming'))

describe('a stored content', () => {
  test('is found again by its SHA-256, byte for byte', async () => {
    const content = randomBytes(300_000)
    const stored = await put(content)
    expect(stored).toEqual({ sha256: sha256(content), size: 300_000 })
    expect(await read(stored.sha256)).toEqual(content)
  })

  test('lies under a name of our own making, for the owner only', async () => {
    const { sha256: hash } = await put('where')
    const { mode } = fs.statSync(path.join(dir, hash.slice(0, 2), hash.slice(2)))
    expect(mode & 0o777).toBe(0o600)
  })

  test('that comes twice, even at the same moment, lies there once', async () => {
    const both = await Promise.all([put('twice'), put('twice'), put('twice')])
    const folder = path.join(dir, both[0].sha256.slice(0, 2))
    expect(fs.readdirSync(folder).filter(name => both[0].sha256.endsWith(name))).toHaveLength(1)
    expect(unfinished()).toEqual([])
  })

  test('may be empty', async () => {
    const { sha256: hash, size } = await put('')
    expect(size).toBe(0)
    expect(await read(hash)).toHaveLength(0)
  })

  test('is gone when it is removed, and removing it again is no error', async () => {
    const { sha256: hash } = await put('for a while')
    await store.remove(hash)
    await store.remove(hash)
    await expect(store.open(hash)).rejects.toMatchObject({ status: 404, code: 'file_not_found' })
  })
})

describe('an upload', () => {
  test('of exactly the limit is taken, of one byte more is refused', async () => {
    expect((await put(Buffer.alloc(1000), 1000)).size).toBe(1000)
    await expect(put(Buffer.alloc(1001), 1000)).rejects.toMatchObject({ status: 413, code: 'file_too_large' })
  })

  test('that is too large is cut off at once, is not read to its end and leaves nothing', async () => {
    let produced = 0
    const endless = Readable.from(
      (function* () {
        for (;;) {
          produced += 1
          yield Buffer.alloc(65_536)
        }
      })(),
    )
    await expect(store.put(endless, { maxBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'file_too_large',
    })
    expect(produced).toBeLessThan(100)
    expect(endless.destroyed).toBe(true)
    expect(unfinished()).toEqual([])
  })

  test('that breaks off leaves nothing', async () => {
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('half')
        throw new Error('the visitor left')
      })(),
    )
    await expect(store.put(broken, { maxBytes: 1000 })).rejects.toThrow('the visitor left')
    expect(unfinished()).toEqual([])
    await expect(store.open(sha256('half'))).rejects.toMatchObject({ code: 'file_not_found' })
  })

  test('is never whole in memory', async () => {
    const chunk = Buffer.alloc(1 << 20, 7)
    const before = process.memoryUsage()
    let peak = 0
    const large = Readable.from(
      (function* () {
        for (let i = 0; i < 200; i++) {
          const { rss } = process.memoryUsage()
          peak = Math.max(peak, rss - before.rss)
          yield chunk
        }
      })(),
    )
    const { sha256: hash } = await store.put(large, { maxBytes: 300 << 20 })
    expect(peak).toBeLessThan(100 << 20)
    await store.remove(hash)
  })
})

test('only a SHA-256 names a content, so no path leads out', async () => {
  for (const name of ['../secret', '..', `${'a'.repeat(63)}/`, 'A'.repeat(64), '', `../${'a'.repeat(64)}`]) {
    await expect(store.open(name)).rejects.toMatchObject({ code: 'file_not_found' })
    await expect(store.remove(name)).rejects.toMatchObject({ code: 'file_not_found' })
  }
})

test('uploads that a crash cut off are swept away on a later start; those still running are not', () => {
  const old = path.join(dir, 'incoming', 'old')
  const running = path.join(dir, 'incoming', 'running')
  for (const file of [old, running]) fs.writeFileSync(file, 'x')
  fs.utimesSync(old, new Date(), new Date(Date.now() - 25 * 3_600_000))
  openFiles(dir)
  expect(unfinished()).toEqual(['running'])
})
