import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { corpus, mail, multipart } from '../../../test/mails.ts'
import { openSplitter } from './delimiters.ts'
import { takeApart } from './structure.ts'

const text = (words: string) => `Content-Type: text/plain\r\n\r\n${words}`
const textsOf = async (raw: Buffer) => (await takeApart(raw)).parts.map(part => part.text)
const pieces = (raw: Buffer, size: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(raw.length / size) }, (_, n) => raw.subarray(n * size, (n + 1) * size)),
  )

describe('a mail is the same', () => {
  test('in pieces of any size', async () => {
    for (const { name, raw } of corpus) {
      const whole = await takeApart(raw)
      for (const size of raw.length < 3_000 ? [1, 7] : [61]) {
        expect(await takeApart(pieces(raw, size)), `${name} by ${size}`).toEqual(whole)
      }
    }
  })

  test('wherever it is cut', async () => {
    const raws = corpus.filter(({ raw }) => raw.length < 20_000).map(({ raw }) => raw)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...raws),
        fc.array(fc.nat(20_000), { maxLength: 8 }),
        async (raw, cuts) => {
          const ends = [...new Set([0, ...cuts.filter(cut => cut < raw.length), raw.length])].sort(
            (a, b) => a - b,
          )
          const cut = ends.slice(1).map((end, n) => raw.subarray(ends[n], end))
          expect(await takeApart(Readable.from(cut))).toEqual(await takeApart(raw))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('with the line ends of Unix', async () => {
    const raw = multipart('mixed', [text('one'), text('two')], { From: 'a@test.example' })
    const unix = Buffer.from(raw.toString().replaceAll('\r\n', '\n'))
    expect(await textsOf(unix)).toEqual(['one', 'two'])
  })
})

describe('broken structure', () => {
  test('an inner multipart that is never closed ends with the outer one', async () => {
    const inner = multipart('alternative', [text('one')])
      .toString()
      .replace('--b-alternative--\r\n', '')
    expect(await textsOf(multipart('mixed', [inner, text('two')]))).toEqual(['one\r\n', 'two'])
  })

  test('blanks after a delimiter do not hide it', async () => {
    const raw = Buffer.from(
      multipart('mixed', [text('one'), text('two')])
        .toString()
        .replaceAll('--b-mixed\r', '--b-mixed \t\r'),
    )
    expect(await textsOf(raw)).toEqual(['one', 'two'])
  })

  test('what is no delimiter of this mail is text', async () => {
    const raw = multipart('mixed', [text('one\r\n--b-mixedd\r\n--b-mixe\r\n-- b-mixed\r\n--\r\nend')])
    expect(await textsOf(raw)).toEqual(['one\r\n--b-mixedd\r\n--b-mixe\r\n-- b-mixed\r\n--\r\nend'])
  })

  test('parts after the last delimiter are parts', async () => {
    const raw = Buffer.concat([
      multipart('mixed', [text('one')]),
      Buffer.from(`--b-mixed\r\n${text('late')}`),
    ])
    expect(await textsOf(raw)).toEqual(['one', 'late'])
  })

  test('a boundary that never comes leaves its preamble, and says so', async () => {
    const raw = mail({ 'Content-Type': 'multipart/mixed; boundary=gone' }, 'what was said')
    expect(await takeApart(raw)).toMatchObject({
      parts: [{ type: 'text/plain', text: 'what was said' }],
      findings: ['boundary_missing'],
    })
  })

  test('no boundary at all leaves the text', async () => {
    expect(await takeApart(mail({ 'Content-Type': 'multipart/mixed' }, 'what was said'))).toMatchObject({
      parts: [{ text: 'what was said' }],
      findings: ['boundary_missing'],
    })
  })

  test('a missing empty line does not swallow the text', async () => {
    const raw = Buffer.from('From: a@test.example\r\nSubject: x\r\nHello there\r\n\r\nmore')
    const letter = await takeApart(raw)
    expect(letter.headers.map(({ name }) => name)).toEqual(['From', 'Subject'])
    expect(letter.parts[0]!.text).toBe('Hello there\r\n\r\nmore')
    expect(letter.findings).toEqual(['header_broken'])
  })

  test('a fold without its blank does not end the headers', async () => {
    const raw = mail({ Subject: 'long\r\nand broken', To: 'b@test.example' }, 'text')
    const { headers, findings } = await takeApart(raw)
    expect(headers.map(({ value }) => value)).toEqual(['long and broken', 'b@test.example'])
    expect(findings).toEqual(['header_broken'])
  })

  test("an mbox's first line is no header", async () => {
    const raw = Buffer.concat([
      Buffer.from('From a@test.example Mon Jan  1 00:00:00 2024\r\n'),
      mail({ To: 'b@test.example' }, 'x'),
    ])
    expect((await takeApart(raw)).headers.map(({ name }) => name)).toEqual(['To'])
  })

  test.each([0, 1, 2, 3])('nothing but %i bytes is a mail', async size => {
    await takeApart(Buffer.from('\r\n-'.slice(0, size)))
  })
})

describe('transfer encodings', () => {
  const encoded = async (encoding: string, body: string) =>
    (
      await textsOf(
        mail({ 'Content-Type': 'text/plain; charset=utf-8', 'Content-Transfer-Encoding': encoding }, body),
      )
    )[0]

  test.each([
    ['base64', '6YCA6LSn', '退货'],
    ['BASE64', '6YCA\r\n6LSn\r\n', '退货'],
    ['base64', '6Y CA!6\r\nLSn', '退货'],
    ['base64', 'YQ==\r\nYg==', 'ab'],
    ['base64', '6YCA6LS', '退\ufffd'],
    ['quoted-printable', '=E9=80=80=\r\n=E8=B4=A7  \r\nx', '退货\r\nx'],
    ['quoted-printable', 'a=ZZ=4', 'a=ZZ=4'],
    ['quoted-printable', 'soft=', 'soft'],
    ['quoted-printable', '=e9=80=80', '退'],
    ['"quoted-printable"', '=41', 'A'],
    ['7bit', '=41', '=41'],
    ['8bit', '退货', '退货'],
    ['nonsense', 'as it is', 'as it is'],
    ['x-uuencode', 'begin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\n', 'Cat'],
  ])('%s: %j', async (encoding, body, read) => {
    expect(await encoded(encoding, body)).toBe(read)
  })
})

describe('caps', () => {
  const nested = (depth: number) => {
    let raw: string | Buffer = text('deep')
    for (let level = 0; level < depth; level += 1)
      raw = multipart('mixed', [text(`level ${level}`), raw], {}, `b${level}`)
    return raw as Buffer
  }

  test('a nest of fifty is not followed to its end, and nothing is lost', async () => {
    const { parts, findings } = await takeApart(nested(50))
    expect(findings).toEqual(['nested_too_deep'])
    expect(parts).toHaveLength(21)
    expect(parts.at(-1)).toMatchObject({ type: 'multipart/mixed', text: null })
    expect(Math.max(...parts.map(({ within }) => within.length))).toBe(20)
  })

  test('a nest of fifteen is', async () => {
    const { parts, findings } = await takeApart(nested(15))
    expect(findings).toEqual([])
    expect(parts.at(-1)!.text).toBe('deep')
  })

  test('of ten thousand parts the first thousand are read', async () => {
    const raw = multipart(
      'mixed',
      Array.from({ length: 10_000 }, (_, n) => text(`part ${n}`)),
    )
    const { parts, findings } = await takeApart(raw)
    expect(parts).toHaveLength(1_000)
    expect(findings).toEqual(['parts_too_many'])
  })

  test('of ten thousand headers the first thousand are read', async () => {
    const raw = Buffer.from(`${'X-A: b\r\n'.repeat(10_000)}\r\ntext`)
    const { headers, parts, findings } = await takeApart(raw)
    expect(headers).toHaveLength(1_000)
    expect(parts[0]!.text).toBe('text')
    expect(findings).toEqual(['headers_too_many'])
  })

  test('headers of megabytes are cut, and the text after them is read', async () => {
    const raw = mail(
      { Subject: 'first', 'X-Long': 'x'.repeat(3_000_000), 'X-Many': '\r\n x'.repeat(300_000) },
      'text',
    )
    const { headers, parts, findings } = await takeApart(raw)
    expect(headers[0]).toMatchObject({ value: 'first' })
    expect(headers.reduce((sum, { value }) => sum + value.length, 0)).toBeLessThan(200_000)
    expect(parts[0]!.text).toBe('text')
    expect(findings).toContain('headers_too_large')
  })

  test('a text of megabytes is cut, one of a thousand parts no less', async () => {
    const long = await takeApart(mail({ To: 'b@test.example' }, 'x'.repeat(3_000_000)))
    expect(long.findings).toEqual(['text_cut'])
    expect(long.parts[0]).toMatchObject({ size: 3_000_000 })
    expect(long.parts[0]!.text!.length).toBe(2 * 1024 * 1024)
    const many = await takeApart(
      multipart(
        'mixed',
        Array.from({ length: 40 }, () => text('x'.repeat(500_000))),
      ),
    )
    expect(many.parts.reduce((sum, part) => sum + part.text!.length, 0)).toBeLessThanOrEqual(8 * 1024 * 1024)
  })

  test('whatever the caps, nothing is thrown', () => {
    for (const { raw } of corpus) {
      const splitter = openSplitter({ mostParts: 1, mostLevels: 1, mostHeaderBytes: 50 })
      for (const _ of [...splitter.read(raw), ...splitter.end()]);
    }
  })
})

describe('files', () => {
  const file = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 7) & 255))
  const raw = multipart('mixed', [
    text('see below'),
    `Content-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${file.toString('base64').replace(/.{76}/g, '$&\r\n')}`,
  ])
  const sha256 = createHash('sha256').update(file).digest('hex')

  test('are counted and hashed', async () => {
    expect((await takeApart(raw)).parts[1]).toMatchObject({
      type: 'application/pdf',
      name: 'a.pdf',
      size: 200_000,
      sha256,
      text: null,
    })
  })

  test('are kept as they were before they were encoded, and the text is not', async () => {
    const kept: Buffer[] = []
    const { parts } = await takeApart(pieces(raw, 1_000), {
      async keep(content) {
        const bytes = await buffer(content)
        kept.push(bytes)
        return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
      },
    })
    expect(kept).toEqual([file])
    expect(parts[1]).toMatchObject({ size: 200_000, sha256 })
  })

  test('that cannot be kept fail the mail, whether the store gives up early or late', async () => {
    const full = new Error('full')
    const early = takeApart(raw, { keep: () => Promise.reject(full) })
    await expect(early).rejects.toBe(full)
    const late = takeApart(raw, {
      async keep(content) {
        for await (const _ of content) throw full
        throw full
      },
    })
    await expect(late).rejects.toBe(full)
  })

  test('are given up when the source breaks off', async () => {
    let ended: unknown
    const broken = Readable.from(
      (async function* () {
        yield raw.subarray(0, 5_000)
        throw new Error('gone')
      })(),
    )
    const keep = async (content: Readable) => {
      await buffer(content).catch(error => {
        ended = error
        throw error
      })
      return { sha256: '', size: 0 }
    }
    await expect(takeApart(broken, { keep })).rejects.toThrow('gone')
    await expect.poll(() => ended).toBeInstanceOf(Error)
  })

  test('wait for a store that is slow: no more than a few pieces lie in memory', async () => {
    let ahead = 0
    let most = 0
    const counted = Readable.from(
      (async function* () {
        yield Buffer.from('Content-Type: application/zip\r\n\r\n')
        for (let n = 0; n < 200; n += 1) {
          ahead += 1
          most = Math.max(most, ahead)
          yield Buffer.alloc(64 * 1024)
        }
      })(),
    )
    const keep = async (content: Readable) => {
      let size = 0
      for await (const bytes of content as AsyncIterable<Buffer>) {
        size += bytes.length
        ahead -= bytes.length / 65_536
        await new Promise(setImmediate)
      }
      return { sha256: '', size }
    }
    expect((await takeApart(counted, { keep })).parts[0]!.size).toBe(200 * 65_536)
    expect(most).toBeLessThan(30)
  })
})

describe('time', () => {
  const timeOf = async (raw: Buffer) => {
    const times: number[] = []
    for (let n = 0; n < 3; n += 1) {
      const start = performance.now()
      await takeApart(raw)
      times.push(performance.now() - start)
    }
    return Math.min(...times)
  }

  const shapes: Record<string, (n: number) => Buffer> = {
    'lines that begin like delimiters': n => multipart('mixed', [text('--b-mixe\r\n'.repeat(n))]),
    'dashes without end': n => multipart('mixed', [text('\n--'.repeat(n))]),
    'one line': n => multipart('mixed', [text('x'.repeat(n * 10))]),
    'empty lines': n => multipart('mixed', [text('\r\n'.repeat(n * 3))]),
    'quoted-printable escapes': n =>
      mail({ 'Content-Transfer-Encoding': 'quoted-printable' }, '=E9=\r\n'.repeat(n)),
    'base64 padding': n => mail({ 'Content-Transfer-Encoding': 'base64' }, 'YQ==\r\n'.repeat(n)),
    parameters: n => mail({ 'Content-Type': `text/plain${'; a*1*=('.repeat(n)}` }, 'x'),
    'header folds': n => mail({ 'X-A': `x${'\r\n x'.repeat(n)}` }, 'x'),
    'openings of encoded words': n => mail({ Subject: '=?a?q?x'.repeat(n) }, 'x'),
  }

  test.each(Object.entries(shapes))('is in proportion for %s', async (_, shape) => {
    await timeOf(shape(2_000))
    const short = await timeOf(shape(10_000))
    expect(await timeOf(shape(40_000))).toBeLessThan(20 + 12 * short)
  })
})
