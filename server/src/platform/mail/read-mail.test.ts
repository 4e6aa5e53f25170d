import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { corpus, mail, multipart } from '../../../test/mails.ts'
import { saidIn } from './mail.ts'
import { readMail } from './read-mail.ts'

const textPart = (words: string, more = '') =>
  `Content-Type: text/plain; charset=utf-8${more}\r\n\r\n${words}`
const htmlPart = (html: string) => `Content-Type: text/html; charset=utf-8\r\n\r\n${html}`
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const filePart = (type: string, headers: string[] = [], body = png) =>
  [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...headers, '', body].join('\r\n')

describe('every mail of the corpus', () => {
  test.each(
    corpus.map(({ name, raw }) => [name, raw] as const),
  )('%s has text, files or is empty', async (_, raw) => {
    const read = await readMail(raw)
    expect(read.segments.map(({ text }) => text).join('')).toBe(read.text)
    expect(read.sha256).toBe(createHash('sha256').update(raw).digest('hex'))
    expect(read.size).toBe(raw.length)
    const isEmpty = read.text.trim() === '' && read.attachments.length === 0
    if (isEmpty) expect(read.html?.trim() ?? '').not.toMatch(/[a-z]{4}/)
    else if (read.attachments.length === 0) expect(saidIn(read.segments)).not.toBe('')
    for (const { name } of read.attachments) expect(name).not.toMatch(/[\\/\0]|^\./)
  })

  test('reads the same a second time, and as a stream', async () => {
    for (const { raw } of corpus) {
      const read = await readMail(raw)
      expect(await readMail(raw)).toEqual(read)
      expect(await readMail(Readable.from([raw]))).toEqual(read)
    }
  })
})

describe('a mail of any bytes', () => {
  const raws = corpus.filter(({ raw }) => raw.length < 12_000).map(({ raw }) => raw)
  const change = fc.record({
    at: fc.nat(12_000),
    take: fc.nat(40),
    put: fc.oneof(
      fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)),
      fc
        .constantFrom(
          '\r\n',
          '\n\n',
          '=?',
          '?=',
          '--',
          '"',
          '<',
          '(',
          ';',
          ':',
          '\0',
          '=',
          'boundary=',
          'charset=gb2312',
        )
        .map(words => Buffer.from(words)),
    ),
  })

  test('is read, quickly, and its segments are its text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...raws),
        fc.array(change, { maxLength: 12 }),
        async (raw, changes) => {
          let changed = raw
          for (const { at, take, put } of changes) {
            const from = at % (changed.length + 1)
            changed = Buffer.concat([changed.subarray(0, from), put, changed.subarray(from + take)])
          }
          const start = performance.now()
          const read = await readMail(changed)
          expect(performance.now() - start).toBeLessThan(3_000)
          expect(read.segments.map(({ text }) => text).join('')).toBe(read.text)
        },
      ),
      { numRuns: 1_500, interruptAfterTimeLimit: 15_000 },
    )
  }, 40_000)

  test('even of noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), async bytes => {
        const read = await readMail(Buffer.from(bytes))
        expect(read.size).toBe(bytes.length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the headers', () => {
  test('say who wrote to whom, about what and when', async () => {
    const read = await readMail(
      mail(
        {
          'Return-Path': '<bounce@shop.example>',
          'Delivered-To': 'help@afar.example',
          Received: 'from a by b with ESMTP id x; Mon, 5 Jan 2026 09:10:12 +0000 (UTC)',
          'X-Original-To': 'support@afar.example',
          From: '=?utf-8?B?546L5bCP5piO?= <Wang@Example.CN>',
          Sender: 'robot@shop.example',
          'Reply-To': 'Ada <ada@shop.example>, b@shop.example',
          To: 'Help <help@afar.example>',
          Cc: 'c@afar.example',
          Subject: '=?gb2312?B?zcu79Q==?=\r\n  1234',
          Date: 'Mon, 5 Jan 2026 17:10:11 +0800',
          'Message-ID': '<one@shop.example>',
          'In-Reply-To': '<two@afar.example>',
          References: '<zero@afar.example>\r\n <two@afar.\r\n example>',
        },
        '你好，我想退货。',
      ),
    )
    expect(read).toMatchObject({
      returnPath: 'bounce@shop.example',
      deliveredTo: ['help@afar.example', 'support@afar.example'],
      from: { name: '王小明', address: 'wang@example.cn' },
      sender: { name: '', address: 'robot@shop.example' },
      replyTo: [
        { name: 'Ada', address: 'ada@shop.example' },
        { name: '', address: 'b@shop.example' },
      ],
      to: [{ name: 'Help', address: 'help@afar.example' }],
      cc: [{ name: '', address: 'c@afar.example' }],
      subject: '退货 1234',
      date: new Date('2026-01-05T09:10:11Z'),
      receivedAt: new Date('2026-01-05T09:10:12Z'),
      messageId: 'one@shop.example',
      inReplyTo: ['two@afar.example'],
      references: ['zero@afar.example', 'two@afar.example'],
      text: '你好，我想退货。',
      language: 'zh',
      html: null,
    })
  })

  test('in bytes of an old charset are read', async () => {
    const gbk = Buffer.from([
      ...Buffer.from('Subject: '),
      0xcd,
      0xcb,
      0xbb,
      0xf5,
      0xc9,
      0xea,
      0xc7,
      0xeb,
      ...Buffer.from('\r\n\r\n'),
    ])
    expect(await readMail(gbk)).toMatchObject({ subject: '退货申请', findings: ['charset_guessed'] })
  })

  test('may be absent, all of them', async () => {
    expect(await readMail(Buffer.from('\r\nhello'))).toMatchObject({
      from: null,
      to: [],
      subject: '',
      date: null,
      receivedAt: null,
      messageId: null,
      references: [],
      returnPath: null,
      text: 'hello',
    })
    expect((await readMail(mail({ 'Return-Path': '<>' }))).returnPath).toBe('')
  })

  test('of a thread without end keep its root and its newest', async () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => `<${n}@a.example>`)
    const { references } = await readMail(mail({ References: ids.join(' ') }, 'x'))
    expect(references).toHaveLength(200)
    expect([references[0], references[1], references.at(-1)]).toEqual([
      '0@a.example',
      '801@a.example',
      '999@a.example',
    ])
  })

  test('of a stranger are not believed about who checked them', async () => {
    const raw = mail(
      { 'Authentication-Results': 'mx.evil.example; spf=pass smtp.mailfrom=bank.example' },
      'x',
    )
    expect((await readMail(raw, { trustedServers: ['mx.ours.example'] })).authentication.by).toBeNull()
    expect((await readMail(raw)).authentication.spf.result).toBe('unchecked')
    expect((await readMail(raw, { trustedServers: ['MX.evil.example'] })).authentication).toMatchObject({
      spf: { result: 'pass', domain: 'bank.example' },
      by: 'mx.evil.example',
    })
  })
})

describe('the text', () => {
  test('of a mail that says it twice is the plain one, and the HTML is shown', async () => {
    const read = await readMail(
      multipart('alternative', [textPart('Hello'), htmlPart('<p>Hello <b>you</b></p>')]),
    )
    expect(read).toMatchObject({ text: 'Hello', html: '<p>Hello <b>you</b></p>', attachments: [] })
  })

  test('is made from the HTML where the plain one says nothing', async () => {
    const read = await readMail(
      multipart('alternative', [textPart(' \r\n'), htmlPart('<p>One</p><p>Two</p>')]),
    )
    expect(read.text).toBe('One\n\nTwo')
  })

  test('of several parts is all of them, in order', async () => {
    const parts = [textPart('One'), htmlPart('<p>Two</p>'), textPart('Three <3')]
    const read = await readMail(multipart('mixed', parts))
    expect(read.text).toBe('One\n\nTwo\n\nThree <3')
    expect(read.html).toBe('<pre>One</pre><br><p>Two</p><br><pre>Three &lt;3</pre>')
  })

  test('broken for the way is put together again', async () => {
    const flowed = await readMail(
      mail(
        { 'Content-Type': 'text/plain; format=flowed' },
        'One \r\ntwo\r\n> a \r\n> b\r\n From\r\n-- \r\nAda',
      ),
    )
    expect(flowed.text).toBe('One two\n> a b\nFrom\n-- \nAda')
    const delsp = await readMail(
      mail({ 'Content-Type': 'text/plain; format=flowed; delsp=yes; charset=utf-8' }, '你好 \r\n吗'),
    )
    expect(delsp.text).toBe('你好吗')
  })

  test('folds the quote and says the rest', async () => {
    const read = await readMail(
      mail({}, 'Yes please.\r\n\r\nOn Mon, 5 Jan 2026, Ada <a@b.example> wrote:\r\n> Really?\r\n'),
    )
    expect(saidIn(read.segments)).toBe('Yes please.')
    expect(read.segments.map(({ text }) => text).join('')).toBe(read.text)
  })

  test('that is nothing but a quote is said', async () => {
    const read = await readMail(mail({}, '> Really?\r\n> Yes.\r\n'))
    expect(saidIn(read.segments)).toBe('> Really?\n> Yes.')
  })

  test('of HTML that is too hard is still text', async () => {
    const read = await readMail(mail({ 'Content-Type': 'text/html' }, `${'<div>'.repeat(400)}deep`))
    expect(read).toMatchObject({ text: 'deep', html: null, findings: ['html_too_hard'] })
  })

  test('of a mail that only passes another on is that of the other', async () => {
    const inner = mail(
      { From: 'Ada <a@b.example>', Subject: 'My order', 'Content-Type': 'text/plain; charset=utf-8' },
      'Where is it?',
    )
    const read = await readMail(multipart('mixed', [`Content-Type: message/rfc822\r\n\r\n${inner}`]))
    expect(read.text).toBe('From: Ada <a@b.example>\nSubject: My order\n\nWhere is it?')
    expect(read.attachments).toMatchObject([
      { name: 'My order.eml', type: 'message/rfc822', size: inner.length },
    ])
  })
})

describe('the files', () => {
  test('shown in the text are told from those that are not', async () => {
    const read = await readMail(
      multipart('related', [
        htmlPart('<p>See <img src="cid:logo%40a"></p>'),
        filePart('image/png', ['Content-ID: <logo@a>', 'Content-Disposition: inline; filename=logo.png']),
        filePart('image/jpeg', ['Content-ID: <other@a>', 'Content-Disposition: inline']),
      ]),
    )
    expect(read.html).toBe('<p>See <img data-cid="logo@a" /></p>')
    expect(read.attachments).toMatchObject([
      { name: 'logo.png', type: 'image/png', width: 1, height: 1, contentId: 'logo@a', isInline: true },
      { name: 'file.jpg', type: 'image/png', contentId: 'other@a', isInline: false },
    ])
  })

  test('are no pictures because they say so', async () => {
    const page = Buffer.from('<script>alert(1)</script>').toString('base64')
    const read = await readMail(multipart('mixed', [filePart('image/png', ['Content-ID: <a>'], page)]))
    expect(read.attachments).toMatchObject([{ width: null, height: null, isInline: false }])
  })

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['\u200b.htaccess', 'htaccess'],
    ['/', 'file'],
    ['con.txt', '_con.txt'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a\r\nb.pdf', 'a b.pdf'],
  ])('named %j have only a name', async (given, name) => {
    const encoded = `=?utf-8?B?${Buffer.from(given).toString('base64')}?=`
    const read = await readMail(multipart('mixed', [filePart(`application/pdf; name="${encoded}"`)]))
    expect(read.attachments.map(file => file.name)).toEqual([name])
  })

  test('without a name get one that says what they are', async () => {
    const kinds = [
      'text/calendar; method=REQUEST',
      'application/pkcs7-signature',
      'application/pkcs7-mime; smime-type=enveloped-data',
      'application/ms-tnef',
      'application/pdf',
      'application/x-unheard-of',
    ]
    const read = await readMail(multipart('mixed', [textPart('x'), ...kinds.map(kind => filePart(kind))]))
    expect(read.attachments.map(({ name }) => name)).toEqual([
      'invitation.ics',
      'smime.p7s',
      'smime.p7m',
      'winmail.dat',
      'file.pdf',
      'file',
    ])
  })

  test('of text are files where they were attached, and text where they were not', async () => {
    const read = await readMail(
      multipart('mixed', [
        textPart('Hello'),
        `Content-Type: text/plain; name=log.txt\r\nContent-Disposition: attachment\r\n\r\nlog`,
        `Content-Type: text/plain; name=notes.txt\r\nContent-Disposition: inline\r\n\r\nnotes`,
        textPart('Bye'),
      ]),
    )
    expect(read.text).toBe('Hello\n\nBye')
    expect(read.attachments.map(({ name }) => name)).toEqual(['log.txt', 'notes.txt'])
  })
})
