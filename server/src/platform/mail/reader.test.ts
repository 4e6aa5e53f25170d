import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { corpus, mail, multipart } from '../../../test/mails.ts'
import { openFiles } from '../file-store.ts'
import { readMail } from './read-mail.ts'
import { openReader, type Reader, type ReaderOptions } from './reader.ts'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-reader-'))
afterAll(() => fs.rmSync(dir, { recursive: true }))
// Each process takes a second to begin, and longer where others are at work.
vi.setConfig({ testTimeout: 60_000 })
const readers: Reader[] = []
afterEach(() => Promise.all(readers.splice(0).map(reader => reader.stop())))

function open(options: ReaderOptions = {}) {
  const reader = openReader(options)
  readers.push(reader)
  return reader
}

const bytes = (subject: string) => ({ bytes: mail({ Subject: subject }, `text of ${subject}`) })
const codeOf = (read: Promise<unknown>) =>
  read.then(
    () => 'read',
    error => error.code,
  )

const sourceOf = (file: string) => pathToFileURL(path.join(import.meta.dirname, file)).href
/** A process that reads as ours does, and does what a poison mail would have it do when its subject says so. */
const poisoned = path.join(dir, 'poisoned.ts')
fs.writeFileSync(
  poisoned,
  `import fs from 'node:fs'
import { readMail } from ${JSON.stringify(sourceOf('read-mail.ts'))}
import { runReader } from ${JSON.stringify(sourceOf('reader-program.ts'))}
await runReader(JSON.parse(process.argv[2]), (source, door) => {
  const text = source.toString()
  const accident = ${JSON.stringify(path.join(dir, 'accident'))}
  if (text.includes('Subject: accident') && !fs.existsSync(accident)) {
    fs.writeFileSync(accident, '')
    process.exit(3)
  }
  if (text.includes('Subject: exit')) process.exit(3)
  if (text.includes('Subject: throw')) return new Promise(() => setImmediate(() => { throw new Error('poison') }))
  if (text.includes('Subject: loop')) for (;;);
  if (text.includes('Subject: fill')) { const all = []; for (;;) all.push(new Array(1000).fill(all.length)) }
  return readMail(source, door)
})
`,
)
const program = pathToFileURL(poisoned)

describe('the reader', () => {
  test('reads as readMail does, from bytes and from files', async () => {
    const reader = open()
    for (const { raw, file } of corpus.slice(0, 40)) {
      const here = await readMail(raw)
      expect(await reader.read({ bytes: raw })).toEqual(here)
      expect(await reader.read({ path: file }, { size: raw.length })).toEqual(here)
    }
  })

  test('keeps files where the file store has them, and reads mails from there', async () => {
    const filesDir = path.join(dir, 'files')
    const store = openFiles(filesDir)
    const file = Buffer.alloc(300_000, 'file')
    const raw = multipart('mixed', [
      'Content-Type: text/plain\r\n\r\nsee below',
      `Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${file.toString('base64')}`,
    ])
    const reader = open({ filesDir })
    const read = await reader.read({ bytes: raw })
    const sha256 = createHash('sha256').update(file).digest('hex')
    expect(read.attachments).toMatchObject([{ name: 'a.pdf', size: 300_000, sha256 }])
    const kept: Buffer[] = []
    for await (const piece of await store.open(sha256)) kept.push(piece)
    expect(Buffer.concat(kept).equals(file)).toBe(true)

    fs.mkdirSync(path.join(filesDir, 'ab'), { recursive: true })
    fs.writeFileSync(path.join(filesDir, 'ab', 'c'.repeat(62)), raw)
    expect(await reader.read({ sha256: `ab${'c'.repeat(62)}` })).toEqual(read)
  })

  test('says what went wrong with the disk, which is not the fault of the mail', async () => {
    expect(await codeOf(open().read({ path: path.join(dir, 'gone.eml') }))).toBe('ENOENT')
    const raw = multipart('mixed', ['Content-Type: application/pdf\r\n\r\nlarger than ten bytes'])
    const small = open({ filesDir: path.join(dir, 'small'), mostFileBytes: 10 })
    await expect(small.read({ bytes: raw })).rejects.toMatchObject({
      name: 'Refusal',
      status: 413,
      code: 'file_too_large',
    })
  })

  test('reads what is urgent before what is not', async () => {
    const reader = open()
    await reader.read(bytes('first'))
    const order: string[] = []
    const read = async (subject: string, urgent: boolean) => {
      await reader.read(bytes(subject), { urgent })
      order.push(subject)
    }
    const others = Array.from({ length: 30 }, (_, n) => read(`other ${n}`, false))
    await Promise.all([...others, read('urgent', true)])
    expect(order.indexOf('urgent')).toBeLessThan(12)
  })

  test('shows who sent a mail to whoever checks it, and only when told', async () => {
    const checked = {
      spf: { result: 'pass' as const, domain: 'a.example' },
      dkim: [],
      dmarc: { result: 'none' as const, domain: null, policy: null },
      by: 'afar',
    }
    const authenticate = vi.fn(async () => checked)
    const reader = open({ authenticate })
    expect((await reader.read(bytes('x'))).authentication.by).toBeNull()
    expect(authenticate).not.toHaveBeenCalled()
    const envelope = { clientIp: '192.0.2.1' }
    expect((await reader.read(bytes('x'), { looksUp: true, envelope })).authentication).toEqual(checked)
    expect(authenticate).toHaveBeenCalledWith(expect.any(Buffer), envelope)
    const stamped = mail({ 'Authentication-Results': 'mx.ours.example; spf=fail' }, 'x')
    const trusted = { looksUp: true, trustedServers: ['mx.ours.example'] }
    expect((await reader.read({ bytes: stamped }, trusted)).authentication.by).toBe('mx.ours.example')
    expect(authenticate).toHaveBeenCalledTimes(1)
  })
})

describe('a poison mail', () => {
  const others = () => Array.from({ length: 12 }, (_, n) => `good ${n}`)

  test.each([
    ['exit', 'mail_reader_died', 20_000],
    ['throw', 'mail_reader_died', 20_000],
    ['loop', 'mail_too_hard', 400],
    ['fill', 'mail_too_much_memory', 20_000],
  ])('that makes its process %s is refused with %s, and the others are read', async (subject, code, budgetMs) => {
    const reader = open({ program, budgetMs, maxMemoryMb: 110 })
    const before = others().map(other => reader.read(bytes(other)))
    const poison = codeOf(reader.read(bytes(subject)))
    const after = others().map(other => reader.read(bytes(other)))
    expect(await poison).toBe(code)
    const read = await Promise.all([...before, ...after])
    expect(read.map(({ subject }) => subject)).toEqual([...others(), ...others()])
  })

  test('is told from one whose process ended by accident, which is read the second time', async () => {
    const reader = open({ program })
    expect((await reader.read(bytes('accident'))).subject).toBe('accident')
  })

  test('kills its process and not another', async () => {
    const reader = open({ program, processes: 2, budgetMs: 300 })
    const poison = codeOf(reader.read(bytes('loop')))
    expect((await reader.read(bytes('good'))).subject).toBe('good')
    expect(await poison).toBe('mail_too_hard')
  })

  test('of real HTML that takes longer than it may is refused', async () => {
    const reader = open({ budgetMs: 10, budgetMsPerMb: 0 })
    await codeOf(reader.read(bytes('warm')))
    const rows = '<tr><td style="color:red;width:10px"><a href="https://a.example/x">x</a></td></tr>'.repeat(
      11_000,
    )
    const hard = mail({ 'Content-Type': 'text/html' }, `<table>${rows}</table>`)
    expect(await codeOf(reader.read({ bytes: hard }))).toBe('mail_too_hard')
    expect(await codeOf(open().read({ bytes: hard }))).toBe('read')
  })

  test('that is only waited for in vain is not blamed on the time others took', async () => {
    const reader = open({ budgetMs: 50 })
    await reader.read(bytes('warm'))
    const reads = others().map(other => codeOf(reader.read(bytes(other))))
    const until = performance.now() + 800
    while (performance.now() < until);
    expect(new Set(await Promise.all(reads))).toEqual(new Set(['read']))
  })
})

describe('a process that cannot start', () => {
  test('refuses what waits after some tries, and does not try for ever', async () => {
    const broken = pathToFileURL(path.join(dir, 'gone.ts'))
    const reader = open({ program: broken })
    const reads = ['one', 'two', 'three', 'four'].map(subject => codeOf(reader.read(bytes(subject))))
    expect(await Promise.all(reads)).toEqual(Array(4).fill('mail_reader_died'))
  })
})

describe('stopping', () => {
  test('refuses what waits, at once and from then on', async () => {
    const reader = open({ program, budgetMs: 60_000 })
    const reads = ['loop', 'waiting', 'waiting too'].map(subject => codeOf(reader.read(bytes(subject))))
    await reader.stop()
    expect(await Promise.all(reads)).toEqual(Array(3).fill('mail_reader_stopped'))
    expect(await codeOf(reader.read(bytes('late')))).toBe('mail_reader_stopped')
  })

  test('an idle process ends, and the next mail starts another', async () => {
    const reader = open({ idleMs: 30 })
    await reader.read(bytes('one'))
    await new Promise(resolve => setTimeout(resolve, 200))
    expect((await reader.read(bytes('two'))).subject).toBe('two')
  })
})
