import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../../test/cpu-time.ts'
import { corpus, mail, multipart } from '../../../test/mails.ts'
import { readReport } from './reports.ts'
import { takeApart } from './structure.ts'

type Expected = { dsn: string; hardbounce: boolean; reason: string; replycode: string; feedbacktype?: string }

const folder = path.join(import.meta.dirname, '../../../test/data/mail/bounces')
const expected: Record<string, Expected[]> = JSON.parse(
  fs.readFileSync(path.join(folder, 'EXPECTED.json'), 'utf8'),
)
const reportOf = async (raw: Buffer) => readReport(await takeApart(raw))
const bounces = await Promise.all(
  Object.entries(expected).map(async ([name, recipients]) => {
    const report = await reportOf(fs.readFileSync(path.join(folder, name)))
    return { name, report, pairs: recipients.map((wanted, n) => ({ wanted, got: report?.recipients[n] })) }
  }),
)
const pairs = bounces.flatMap(bounce => bounce.pairs.map(pair => ({ ...bounce, ...pair })))
const share = (matching: unknown[], all: unknown[]) => matching.length / all.length

describe('the bounces of some hundred servers', () => {
  test('are all read, each with its recipients', () => {
    for (const { name, report, pairs } of bounces) {
      expect(report?.recipients, name).toHaveLength(pairs.length)
      expect(report?.kind === 'complaint' || report?.kind === 'auto_reply', name).toBe(
        /^arf|^rfc3834/.test(name),
      )
    }
  })

  test('are hard where nothing but another address helps', () => {
    const right = pairs.filter(({ wanted, got }) => (got?.class === 'hard') === wanted.hardbounce)
    expect(share(right, pairs)).toBeGreaterThan(0.98)
  })

  test('have the class of their status', () => {
    const withStatus = pairs.filter(({ wanted }) => wanted.dsn !== '')
    const right = withStatus.filter(({ wanted, got }) => got?.status?.[0] === wanted.dsn[0])
    expect(share(right, withStatus)).toBeGreaterThan(0.98)
  })

  test('have their reason and reply code', () => {
    const word = (reason: string) => reason.replaceAll('_', '').replace(/^suspended$/, 'suspend')
    const sames: Record<string, string> = {
      messagetoobig: 'mesgtoobig',
      toomanyconnections: 'toomanyconn',
      toofast: 'speeding',
      notaccepted: 'notaccept',
    }
    const right = pairs.filter(({ wanted, got }) => {
      const reason = word(got?.reason ?? '')
      return (sames[reason] ?? reason) === wanted.reason
    })
    expect(share(right, pairs)).toBeGreaterThan(0.94)
    const coded = pairs.filter(({ wanted, got }) => (got?.replyCode ?? '') === wanted.replycode)
    expect(share(coded, pairs)).toBeGreaterThan(0.94)
  })

  test('say what kind of complaint they are', () => {
    for (const { name, wanted, report } of pairs) {
      if (wanted.feedbacktype)
        expect(report, name).toMatchObject({ kind: 'complaint', feedbackType: wanted.feedbacktype })
    }
  })

  test('name the mail they return', () => {
    const named = bounces.filter(({ report }) => report?.original.messageId)
    expect(share(named, bounces)).toBeGreaterThan(0.8)
  })
})

describe('the original of a bounce', () => {
  test('is read from a copy in the text', async () => {
    const report = bounces.find(({ name }) => name === 'lhost-qmail-14.eml')!.report
    expect(report!.original.messageId).toMatch(/@nq\.example\.jp$/)
  })

  test('is read from returned headers, with what it answered', async () => {
    const status =
      'Reporting-MTA: dns;a\r\n\r\nFinal-Recipient: rfc822;jane@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n'
    const headers =
      'Message-ID: <1@acme.example>\r\nReferences: <0@b.example> <00@b.example>\r\nTo: Jane <jane@b.example>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n'
    const raw = multipart('report', [
      'Content-Type: text/plain\r\n\r\nSorry.\r\n',
      `Content-Type: message/delivery-status\r\n\r\n${status}`,
      `Content-Type: text/rfc822-headers\r\n\r\n${headers}`,
    ])
    expect(await reportOf(raw)).toMatchObject({
      kind: 'bounce',
      recipients: [{ address: 'jane@b.example', status: '5.1.1', class: 'hard', reason: 'user_unknown' }],
      original: {
        messageId: '1@acme.example',
        references: ['0@b.example', '00@b.example'],
        to: 'jane@b.example',
        subject: 'Grüße',
      },
    })
  })
})

const dsn = (fields: string, text = 'Sorry.') =>
  multipart('report', [
    `Content-Type: text/plain\r\n\r\n${text}\r\n`,
    `Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;a\r\n\r\nFinal-Recipient: rfc822;jane@b.example\r\n${fields}\r\n`,
  ])

describe('a delivery status', () => {
  test('of mail that is still tried is a delay', async () => {
    expect(await reportOf(dsn('Action: delayed\r\nStatus: 4.4.1'))).toMatchObject({
      kind: 'delay',
      recipients: [{ class: 'soft', reason: 'expired' }],
    })
  })

  test('of mail that arrived is none', async () => {
    expect(await reportOf(dsn('Action: delivered\r\nStatus: 2.0.0'))).toBeNull()
    expect(await reportOf(dsn('Action: relayed\r\nStatus: 2.1.9'))).toBeNull()
  })

  test.each([
    ['Diagnostic-Code: smtp; 552 5.1.1 Mailbox full', 'mailbox_full', 'soft'],
    ['Diagnostic-Code: smtp; 550 5.1.1 user does not exist', 'user_unknown', 'hard'],
    ['Diagnostic-Code: smtp; 550 5.7.1 blocked using zen.spamhaus.org', 'blocked', 'soft'],
    ['Diagnostic-Code: smtp; 550 5.7.26 fails DMARC', 'auth_failure', 'soft'],
    ['Diagnostic-Code: x; unrouteable address', 'host_unknown', 'hard'],
    ['Status: 5.1.10', 'not_accepted', 'hard'],
    ['Status: 4.2.2', 'mailbox_full', 'soft'],
    ['Status: 5.3.4', 'message_too_big', 'soft'],
    ['Diagnostic-Code: smtp; 550 no', 'undefined', 'soft'],
  ])('%s means %s, %s', async (fields, reason, kind) => {
    expect((await reportOf(dsn(`Action: failed\r\n${fields}`)))?.recipients[0]).toMatchObject({
      reason,
      class: kind,
    })
  })

  test('believes the server that replied before the one that gave up', async () => {
    const fields = 'Action: failed\r\nStatus: 4.4.7\r\nDiagnostic-Code: smtp; 450 4.7.1 Access denied'
    expect((await reportOf(dsn(fields)))?.recipients[0]).toMatchObject({ status: '4.7.1', replyCode: '450' })
  })

  test('does not take an address or a version for a status', async () => {
    const fields =
      'Action: failed\r\nDiagnostic-Code: smtp; 550 no from 5.4.10.2 by 4.16.55.1, version 15.1.1'
    expect((await reportOf(dsn(fields)))?.recipients[0]).toMatchObject({ status: '5.0.0' })
  })

  test('tells an unknown user refused after DATA, as filters do, from one refused at once', async () => {
    const fields = 'Action: failed\r\nStatus: 5.5.0\r\nDiagnostic-Code: smtp; 550 Unknown user'
    const after = (command: string) =>
      reportOf(dsn(fields, `said: 550 Unknown user (in reply to ${command} command)`))
    expect((await after('end of DATA'))?.recipients[0]).toMatchObject({ reason: 'filtered', class: 'soft' })
    expect((await after('RCPT TO'))?.recipients[0]).toMatchObject({ reason: 'user_unknown', class: 'hard' })
  })
})

const notice = (headers: Record<string, string>, text: string) =>
  mail({ From: 'Jane <jane@b.example>', To: 'help@acme.example', Subject: 'Help', ...headers }, `${text}\r\n`)
const qmails =
  '<bob@c.example>:\r\nRemote host said: 550 5.1.1 user unknown\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nReceived: x\r\nMessage-ID: <1@acme.example>\r\nSubject: Hi\r\n'

describe('what people write', () => {
  test.each([
    [
      'quotes a bounce',
      notice({ Subject: 'Undelivered Mail Returned to Sender' }, `What is this?\r\n\r\n${qmails}`),
    ],
    ['says "undeliverable"', notice({}, 'My mails to you are undeliverable, user unknown. 550 5.1.1. Why?')],
    ['forwards a bounce', notice({ Subject: 'Fwd: failure notice' }, `Hi, see below\r\n\r\n> ${qmails}`)],
    [
      'comes from a postmaster',
      notice(
        { From: 'postmaster@b.example', 'In-Reply-To': '<1@a>' },
        'Your mail could not be delivered: 550 user unknown.',
      ),
    ],
    [
      'is a parcel notice',
      notice({ From: 'no-reply@dhl.example' }, 'Your parcel could not be delivered. Total: 450 EUR'),
    ],
    ['bears a suspicious subject', notice({ Subject: 'delivery failed again' }, 'My sofa did not come.')],
  ])('is no report when it %s', async (_, raw) => {
    expect(await reportOf(raw)).toBeNull()
  })

  test('is no report in any mail of the corpora that is none', async () => {
    const reports =
      /multipart_report_emails|msg_(05|16|25|43)|raw_email_with_mimepart_without_content_type|^bounces/
    for (const { name, raw } of corpus) if (!reports.test(name)) expect(await reportOf(raw), name).toBeNull()
  })
})

describe('a machine without a delivery status', () => {
  test('is believed when it is a mailer daemon', async () => {
    const report = await reportOf(
      notice({ From: 'MAILER-DAEMON@b.example', Subject: 'failure notice' }, qmails),
    )
    expect(report).toMatchObject({
      kind: 'bounce',
      recipients: [{ address: 'bob@c.example', status: '5.1.1', replyCode: '550', class: 'hard' }],
      original: { messageId: '1@acme.example', subject: 'Hi' },
    })
  })

  test('names each recipient with its own reason', async () => {
    const text =
      '<bob@c.example>:\r\n550 5.1.1 user unknown\r\n\r\n<eve@c.example>:\r\n552 5.2.2 mailbox full\r\n'
    const report = await reportOf(
      notice({ From: 'MAILER-DAEMON@b.example', Subject: 'failure notice' }, text),
    )
    expect(report?.recipients.map(({ address, reason }) => [address, reason])).toEqual([
      ['bob@c.example', 'user_unknown'],
      ['eve@c.example', 'mailbox_full'],
    ])
  })

  test('may be Amazon, in JSON of its own', async () => {
    const complaint = {
      notificationType: 'Complaint',
      complaint: {
        complaintFeedbackType: 'abuse',
        complainedRecipients: [{ emailAddress: 'Bob@c.example' }],
      },
      mail: { messageId: 'x', commonHeaders: { messageId: '<1@acme.example>', subject: 'Hi' } },
    }
    const wrapped = JSON.stringify({ Type: 'Notification', Message: JSON.stringify(complaint) })
    expect(await reportOf(notice({}, `${wrapped}\r\n\r\n--\r\nfooter`))).toMatchObject({
      kind: 'complaint',
      feedbackType: 'abuse',
      recipients: [{ address: 'bob@c.example' }],
      original: { messageId: '1@acme.example' },
    })
  })
})

describe('a vacation notice', () => {
  test.each([
    [{ 'Auto-Submitted': 'auto-replied' }],
    [{ 'X-Autoreply': 'yes' }],
    [{ Precedence: 'auto_reply' }],
    [{ Subject: '自动回复: 您的订单' }],
    [{ Subject: 'Out of office', 'X-Auto-Response-Suppress': 'All' }],
  ])('is known by %j', async headers => {
    const raw = notice(
      { ...headers, 'In-Reply-To': '<1@acme.example>' } as Record<string, string>,
      'I am away.',
    )
    expect(await reportOf(raw)).toMatchObject({
      kind: 'auto_reply',
      recipients: [{ address: 'jane@b.example', reason: 'vacation', class: null }],
      original: { messageId: '1@acme.example' },
    })
  })

  test('is not a customer on vacation', async () => {
    expect(await reportOf(notice({ Subject: 'Out of office chairs' }, 'Do you have some?'))).toBeNull()
    expect(
      await reportOf(notice({ Subject: 'Automatic reply: settings', 'Auto-Submitted': 'no' }, 'Is it free?')),
    ).toBeNull()
  })
})

test('a mutilated bounce is still read or left, never thrown at', async () => {
  const raws = corpus.filter(({ name }) => name.startsWith('bounces')).map(({ raw }) => raw)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...raws),
      fc.array(fc.tuple(fc.nat(20_000), fc.nat(400), fc.string({ unit: 'binary', maxLength: 20 })), {
        maxLength: 6,
      }),
      async (raw, cuts) => {
        let text = raw.toString('latin1')
        for (const [at, length, put] of cuts) text = text.slice(0, at) + put + text.slice(at + length)
        const report = await reportOf(Buffer.from(text, 'latin1'))
        for (const { status } of report?.recipients ?? [])
          expect(status ?? '5.0.0').toMatch(/^[45]\.\d{1,3}\.\d{1,3}$/)
      },
    ),
    { numRuns: 400 },
  )
})

test('a hostile report costs what its length costs', async () => {
  const seeds = [
    ...[
      'a@b.example:\n',
      '550 ',
      '<',
      'user ',
      'Final-Recipient: rfc822;a@b\nStatus: 5.1.1\n\n',
      'Received: a\n',
      ' a\n',
      '5.1',
      '{',
      'a@',
    ],
  ]
  for (const type of ['text/plain', 'message/delivery-status', 'message/feedback-report', 'message/rfc822']) {
    for (const seed of seeds) {
      const [half, whole] = [128 * 1024, 256 * 1024].map(size =>
        shortest(type, seed.repeat(size / seed.length)),
      )
      expect(whole, `${type} ${seed}`).toBeLessThan(Math.max(4 * half!, 200))
    }
  }
})

test('a hundred recipients with winding diagnostics are soon judged', () => {
  const diagnostic = 'mailbox domain sender account user '.repeat(28)
  const group = `Final-Recipient: rfc822;a@b.example\nAction: failed\nDiagnostic-Code: x; ${diagnostic}\n\n`
  expect(shortest('message/delivery-status', group.repeat(100))).toBeLessThan(1_000)
})

function shortest(type: string, text: string) {
  const from = { name: 'From', value: 'mailer-daemon@b.example', raw: '' }
  const part = {
    type,
    parameters: {},
    disposition: null,
    name: null,
    contentId: null,
    text,
    size: 0,
    sha256: '',
    within: [],
  }
  const headers = [from, { name: 'Subject', value: 'failure notice', raw: '' }]
  return cpuTime(() => readReport({ headers, parts: [part], findings: [] }))
}
