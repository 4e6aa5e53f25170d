import { describe, expect, test, vi } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailIn, mailsIn, openMailChannel, ourAddress, rawMail } from '../../../../test/mail.ts'
import { acceptInbound } from '../../channels/accepting.ts'
import { makeMailId, makeReplyToken } from '../../channels/mail/reply-token.ts'
import type { Conversation, Message } from '../schemas.ts'

const app = await startTestApp()
const agent = await app.as('admin')

describe('a mail', () => {
  test('opens a conversation with its subject, its words and a running clock', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(
      app,
      channel,
      rawMail({ messageId: 'a1@buyer.example', text: 'Where is it?\r\n\r\n-- \r\nAna' }),
    )
    const [conversation] = await conversationsOf(channel)
    expect(conversation).toMatchObject({
      subject: 'Where is my parcel?',
      customer: { name: 'Ana Lopes' },
      status: { category: 'new' },
      preview: { text: 'Where is it?' },
      waitingSince: expect.any(String),
    })
    const [message] = await messagesOf(conversation!.id)
    expect(message).toMatchObject({
      text: 'Where is it?',
      mail: {
        direction: 'in',
        subject: 'Where is my parcel?',
        sender: { name: 'Ana Lopes', address: 'ana@buyer.example' },
        to: [{ address: ourAddress }],
        segments: [{ kind: 'said' }, { kind: 'signature' }],
      },
    })
  })

  test('that comes twice is there once, and one of other content under the same Message-ID too', async () => {
    const channel = await openMailChannel(app)
    const mail = rawMail({ messageId: 'dhl@carrier.example', text: 'Parcel 1' })
    await mailsIn(app, channel, mail, mail, rawMail({ messageId: 'dhl@carrier.example', text: 'Parcel 2' }))
    expect(await textsOf(channel)).toEqual([['Parcel 1'], ['Parcel 2']])
  })

  test('to two mailboxes is in both', async () => {
    const [one, two] = [await openMailChannel(app), await openMailChannel(app)]
    const mail = rawMail({ messageId: 'both@buyer.example' })
    await mailsIn(app, one, mail)
    await mailsIn(app, two, mail)
    expect([(await textsOf(one)).length, (await textsOf(two)).length]).toEqual([1, 1])
  })

  test('carries its files', async () => {
    const channel = await openMailChannel(app)
    const content = [
      '--b',
      'Content-Type: text/plain',
      '',
      'See the invoice.',
      '--b',
      'Content-Type: application/pdf; name="../../invoice.pdf"',
      'Content-Disposition: attachment',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('%PDF-1.4 hello').toString('base64'),
      '--b--',
    ].join('\r\n')
    await mailsIn(app, channel, rawMail({ body: { type: 'multipart/mixed; boundary=b', content } }))
    const [conversation] = await conversationsOf(channel)
    const [message] = await messagesOf(conversation!.id)
    expect(message!.attachments).toMatchObject([{ name: 'invoice.pdf', type: 'application/pdf', size: 14 }])
    const file = await agent.get(message!.attachments[0]!.url.replace('/api', ''))
    expect(file).toMatchObject({ status: 200, body: '%PDF-1.4 hello' })
  })

  test('that was waiting while the server was away has its clock from when it came', async () => {
    const channel = await openMailChannel(app)
    const received = 'from mx by imap; Sat, 03 Jan 2026 09:00:00 +0000'
    await mailsIn(app, channel, rawMail({ headers: { Received: received } }))
    const [conversation] = await conversationsOf(channel)
    expect(conversation!.waitingSince).toBe('2026-01-03T09:00:00.000Z')
  })
})

describe('an answer', () => {
  test('finds its conversation by what it refers to, whatever its subject', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(
      app,
      channel,
      rawMail({ messageId: 'q1@buyer.example', text: 'First' }),
      rawMail({ subject: 'Something else', headers: { References: '<q1@buyer.example>' }, text: 'Second' }),
    )
    expect(await textsOf(channel)).toEqual([['First', 'Second']])
    expect((await conversationsOf(channel))[0]!.subject).toBe('Where is my parcel?')
  })

  test('by subject alone is a conversation of its own', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(
      app,
      channel,
      rawMail({ messageId: 'q2@buyer.example', text: 'First' }),
      rawMail({ subject: 'Re: Where is my parcel?', text: 'Second' }),
    )
    expect(await textsOf(channel)).toEqual([['First'], ['Second']])
  })

  test('of a stranger to what he quotes stays outside, and that of one in CC comes in', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(
      app,
      channel,
      rawMail({ messageId: 'q3@buyer.example', headers: { Cc: 'Bo <bo@buyer.example>' }, text: 'First' }),
      rawMail({ from: 'eve@evil.example', headers: { References: '<q3@buyer.example>' }, text: 'Stranger' }),
      rawMail({ from: 'bo@buyer.example', headers: { 'In-Reply-To': '<q3@buyer.example>' }, text: 'Known' }),
    )
    expect(await textsOf(channel)).toEqual([['First', 'Known'], ['Stranger']])
  })

  test('with our token comes in from any address, by References or by the address it was sent to', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(app, channel, rawMail({ text: 'First' }))
    const [{ id }] = (await conversationsOf(channel)) as [Conversation]
    const ours = makeMailId(app.place.secrets, id, crypto.randomUUID(), 'shop.example')
    const token = makeReplyToken(app.place.secrets, id).toUpperCase()
    await mailsIn(
      app,
      channel,
      rawMail({ from: 'ana@work.example', headers: { References: `<${ours}>` }, text: 'By References' }),
      rawMail({ from: 'ana@work.example', to: `help+${token}@shop.example`, text: 'By address' }),
    )
    expect(await textsOf(channel)).toEqual([['First', 'By References', 'By address']])
  })

  test('with a token that was made up, cut or changed stays outside', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(app, channel, rawMail({ text: 'First' }))
    const [{ id }] = (await conversationsOf(channel)) as [Conversation]
    const token = makeReplyToken(app.place.secrets, id)
    const forged = [
      token.slice(0, -1),
      // The last letter holds three bits of the signature and two that fill it up.
      turnLast(token, 1),
      turnLast(token, 4),
      'a'.repeat(42),
    ]
    for (const one of forged)
      await mailsIn(
        app,
        channel,
        rawMail({ from: 'eve@evil.example', to: `help+${one}@shop.example`, text: one }),
      )
    expect((await textsOf(channel)).length).toBe(1 + forged.length)
  })
})

function turnLast(token: string, by: number) {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return token.slice(0, -1) + letters[(letters.indexOf(token.at(-1)!) + by) % letters.length]
}

describe('what a robot sends', () => {
  test('starts no clock and reopens nothing, and is there all the same', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(
      app,
      channel,
      rawMail({
        subject: 'Out of office',
        headers: { 'Auto-Submitted': 'auto-replied' },
        text: 'I am away.',
      }),
    )
    const [conversation] = await conversationsOf(channel, 'resolved')
    expect(conversation).toMatchObject({ waitingSince: null, status: { category: 'resolved' } })
    expect(await messagesOf(conversation!.id)).toMatchObject([
      { text: 'I am away.', mail: { automatic: 'auto_replied' } },
    ])
  })
})

describe('history', () => {
  test('is filed as it was: resolved, at its own time, unread by nobody, told to nobody', async () => {
    const channel = await openMailChannel(app)
    const date = 'Mon, 03 Mar 2025 10:00:00 +0000'
    const before = await eventCount('message.added')
    await mailIn(app, channel, rawMail({ messageId: 'old@buyer.example', date, text: 'Long ago' }), 'history')
    await mailIn(
      app,
      channel,
      rawMail({ headers: { References: '<old@buyer.example>' }, date, text: 'Thanks' }),
      'history',
    )
    await app.settled()
    const [conversation] = await conversationsOf(channel, 'resolved')
    expect(conversation).toMatchObject({
      openedAt: '2025-03-03T10:00:00.000Z',
      unread: 0,
      clock: null,
      waitingSince: null,
    })
    expect((await messagesOf(conversation!.id)).map(message => message.createdAt)).toEqual(
      Array(2).fill('2025-03-03T10:00:00.000Z'),
    )
    expect(await eventCount('message.added')).toBe(before)
  })
})

test('of many batches each is there once and in order; one that cannot be read is parked alone', async () => {
  const channel = await openMailChannel(app)
  const lost = { externalId: 'lost', line: 'lost@buyer.example', raw: Buffer.alloc(0), headers: {} }
  // Its bytes are not where they should be.
  const rawFile = { sha256: 'a'.repeat(64), size: 300_000 }
  const many = Array.from({ length: 260 }, (_, n) =>
    n === 150
      ? acceptInbound(app.place, channel, { ...lost, rawFile, traffic: 'history' })
      : mailIn(app, channel, numbered(n), 'history'),
  )
  await Promise.all(many)
  await vi.waitFor(
    async () => {
      app.clock.advance(20)
      app.place.wake('inbound')
      expect(await waiting(channel)).toBe(0)
    },
    { timeout: 30_000, interval: 250 },
  )
  const { rows } = await app.place.pool.query(
    `select state, count(*)::int as items, max(attempts) as attempts, count(distinct conversation_id)::int as conversations
     from inbound where channel_id = $1 group by state order by state`,
    [channel.id],
  )
  expect(rows).toEqual([
    { state: 'done', items: 259, attempts: 0, conversations: 20 },
    { state: 'parked', items: 1, attempts: 5, conversations: 0 },
  ])
  const { rows: disordered } = await app.place.pool.query(
    `select 1 from messages a join messages b on a.conversation_id = b.conversation_id and a.seq < b.seq
     where a.inbound_id > b.inbound_id and a.inbound_id in (select id from inbound where channel_id = $1)`,
    [channel.id],
  )
  expect(disordered).toEqual([])
}, 40_000)

const waiting = async ({ id }: { id: string }) =>
  (
    await app.place.pool.query(
      "select count(*)::int as n from inbound where channel_id = $1 and state = 'received'",
      [id],
    )
  ).rows[0].n

/** Of twenty writers, each of whom answers himself again and again. */
const numbered = (n: number) =>
  rawMail({
    from: `Buyer <buyer${n % 20}@buyer.example>`,
    messageId: `many${n}@buyer.example`,
    headers: n < 20 ? {} : { References: `<many${n % 20}@buyer.example>` },
    text: `Mail ${n}`,
  })

async function conversationsOf(channel: { id: string; storeId: string }, view = 'all') {
  const answer = await agent.get(
    `/conversations?view=${view}&storeId=${channel.storeId}&sort=activity&limit=100`,
  )
  return (answer.body as { items: Conversation[] }).items.toReversed()
}

async function messagesOf(conversationId: string) {
  return ((await agent.get(`/conversations/${conversationId}/messages`)).body as { items: Message[] }).items
}

async function textsOf(channel: { id: string; storeId: string }) {
  const all = await conversationsOf(channel)
  const byNumber = all.toSorted((a, b) => a.number - b.number)
  return Promise.all(byNumber.map(async ({ id }) => (await messagesOf(id)).map(message => message.text)))
}

const eventCount = async (name: string) =>
  (await app.place.pool.query('select count(*)::int as n from events where name = $1', [name])).rows[0].n
