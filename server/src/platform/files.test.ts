import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { uuidv7 } from './columns.ts'
import { type Ctx, system } from './context.ts'
import { openDb, openPool } from './db.ts'
import { addFile, contentHeaders, getFile, openFiles, receiveFile } from './files.ts'

const database = await createTestDatabase()
const pool = openPool(database.connection, { max: 2 })
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-files-'))
const store = openFiles(dir)
const ctx: Ctx = {
  db: openDb(pool),
  actor: system,
  records: new Map(),
  actions: new Map(),
  triggers: new Map(),
  variables: new Map(),
  now: new Date('2026-11-21T10:00:00Z'),
  emit: () => {},
  audit: () => {},
}

afterAll(async () => {
  await pool.end()
  await database.drop()
  fs.rmSync(dir, { recursive: true, force: true })
})

const receive = (
  content: Buffer | Readable,
  { name = 'a.bin', type = 'application/octet-stream', maxBytes = 5_000_000 } = {},
) =>
  receiveFile(store, {
    content: content instanceof Readable ? content : Readable.from(pieces(content)),
    name,
    type,
    maxBytes,
  })

function* pieces(content: Buffer) {
  for (let i = 0; i < content.length; i += 10) yield content.subarray(i, i + 10)
}

function png(width: number, height: number, rest = '') {
  const head = Buffer.from(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR12345678\x08\x06\0\0\0${rest}`, 'latin1')
  head.writeUInt32BE(width, 16)
  head.writeUInt32BE(height, 20)
  return head
}

describe('a received file', () => {
  test('is kept with a clean name, its kind, its size and who brought it', async () => {
    const conversationId = uuidv7()
    const file = await receive(png(640, 480), { name: '../\u202eholiday.png', type: 'image/png' })
    const { id } = await addFile(ctx, file, conversationId)
    expect(await getFile(ctx, id)).toEqual({
      id,
      sha256: file.sha256,
      ...{ name: 'holiday.png', type: 'image/png', size: 29, width: 640, height: 480 },
      ...{ uploadedByKind: 'system', uploadedById: null, conversationId, createdAt: ctx.now },
    })
    expect(Buffer.concat(await (await store.open(file.sha256)).toArray())).toEqual(png(640, 480))
  })

  test('is a picture when its bytes say so, whatever it was called', async () => {
    expect(await receive(png(1, 1), { type: 'text/html' })).toMatchObject({
      type: 'image/png',
      width: 1,
      height: 1,
    })
  })

  test.each([
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/png'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'image/svg+xml'],
    ['a TIFF', Buffer.from('II*\0'), 'image/tiff'],
    ['nothing', Buffer.alloc(0), 'image/jpeg'],
  ])('that calls %s a picture is bytes', async (_, content, type) => {
    expect(await receive(content, { type })).toMatchObject({
      type: 'application/octet-stream',
      width: null,
      height: null,
    })
  })

  test('of 40 million pixels is a picture, of more is bytes to download', async () => {
    expect(await receive(png(8_000, 5_000), { type: 'image/png' })).toMatchObject({
      type: 'image/png',
      width: 8_000,
    })
    for (const [width, height] of [
      [8_001, 5_000],
      [64_250, 64_250],
      [2 ** 32 - 1, 1],
    ] as const) {
      const file = await receive(png(width, height), { type: 'image/png' })
      expect(file).toMatchObject({ type: 'application/octet-stream', width: null, height: null })
    }
  })

  test.each([
    ['text/plain; charset=utf-8', 'text/plain'],
    ['Application/PDF', 'application/pdf'],
    [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ...[
      'text/html',
      'application/xhtml+xml',
      'text/xml',
      'application/xml',
      'application/rss+xml',
      'text/javascript',
    ].map(type => [type, 'application/octet-stream']),
    ...[
      'application/ecmascript',
      'text/xsl',
      'multipart/x-mixed-replace',
      'message/rfc822',
      'x',
      '',
      'a/b/c',
      'text/plain\r\nx-evil: 1',
    ].map(type => [type, 'application/octet-stream']),
  ])('that claims %j is kept as %s', async (claimed, type) => {
    expect(await receive(Buffer.from('x'), { type: claimed! })).toMatchObject({ type })
  })

  test('that a parser cut off at its own limit is refused, not kept half', async () => {
    const content = Object.assign(Readable.from([Buffer.from('half of it')]), { truncated: true })
    await expect(receive(content)).rejects.toMatchObject({ status: 413, code: 'file_too_large' })
    expect(fs.readdirSync(path.join(dir, 'incoming'))).toEqual([])
  })

  test('that is too large is refused and its sender is stopped', async () => {
    const content = Readable.from(pieces(Buffer.alloc(100_000)))
    await expect(receive(content, { maxBytes: 1_000 })).rejects.toMatchObject({ code: 'file_too_large' })
    expect(content.destroyed).toBe(true)
  })

  test('that nobody knows is not found', async () => {
    await expect(getFile(ctx, uuidv7())).rejects.toMatchObject({ status: 404, code: 'file_not_found' })
  })
})

describe('a file is served', () => {
  const picture = { name: 'a.png', type: 'image/png', size: 3, width: 1 }
  const inert = {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': expect.stringMatching(/^private/),
    'content-length': '3',
  }

  test('in place when it is a picture we recognised', () => {
    expect(contentHeaders(picture)).toMatchObject({
      ...inert,
      'content-type': 'image/png',
      'content-disposition': `inline; filename="a.png"; filename*=UTF-8''a.png`,
    })
  })

  test.each([
    ['a picture nobody looked at', { ...picture, width: null }, 'application/octet-stream'],
    ['SVG', { ...picture, type: 'image/svg+xml' }, 'application/octet-stream'],
    ['HTML', { ...picture, type: 'text/html' }, 'application/octet-stream'],
    ['XML', { ...picture, type: 'application/atom+xml' }, 'application/octet-stream'],
    ['a document', { ...picture, type: 'application/pdf' }, 'application/pdf'],
  ])('as a download when it is %s', (_, file, type) => {
    const headers = contentHeaders(file)
    expect(headers).toMatchObject({ ...inert, 'content-type': type })
    expect(headers['content-disposition']).toMatch(/^attachment; /)
  })

  test.each([
    ['发票 "2026".pdf', `filename="__ _2026_.pdf"; filename*=UTF-8''%E5%8F%91%E7%A5%A8%20%222026%22.pdf`],
    [
      `it's 100% (new)*!.txt`,
      `filename="it's 100_ (new)*!.txt"; filename*=UTF-8''it%27s%20100%25%20%28new%29%2A%21.txt`,
    ],
    ['a\\b.txt', `filename="a_b.txt"; filename*=UTF-8''a%5Cb.txt`],
    ['a\r\nset-cookie: x=1', `filename="a__set-cookie: x=1"; filename*=UTF-8''a%0D%0Aset-cookie%3A%20x%3D1`],
    ['\ud800', `filename="_"; filename*=UTF-8''%EF%BF%BD`],
  ])('under the name %j', (name, parameters) => {
    expect(contentHeaders({ ...picture, name })['content-disposition']).toBe(`inline; ${parameters}`)
  })
})
