import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailsIn, openMailChannel, rawMail } from '../../../../test/mail.ts'
import { makeMailId } from '../../channels/mail/reply-token.ts'
import type { Conversation, Message } from '../schemas.ts'

const app = await startTestApp()
const agent = await app.as('admin')

describe('a bounce', () => {
  test('stands in the thread of the mail that caused it, marks it, and suppresses the address', async () => {
    const { conversation, channel, mailId, address } = await answered()
    await mailsIn(
      app,
      channel,
      bounce({ mailId, address, status: '5.1.1', code: '550', text: 'User unknown' }),
    )
    const messages = await messagesOf(conversation)
    expect(messages.map(({ kind }) => kind)).toEqual(['customer', 'reply', 'system'])
    expect(messages[1]!.delivery).toMatchObject({ state: 'refused', reason: 'bounced_user_unknown' })
    expect(messages[2]!.system).toMatchObject({
      event: 'mail.bounce',
      params: { addresses: [address], class: 'hard', status: '5.1.1', reason: 'user_unknown' },
    })
    expect(await standing(address)).toMatchObject({ reason: 'hard_bounce', suppressed: true })
    expect((await agent.get(`/conversations/${conversation.id}/mail-draft`)).body).toMatchObject({
      suppressed: [{ address, reason: 'hard_bounce' }],
    })
  })

  test('that is soft only counts, and the fifth in a row suppresses', async () => {
    const { channel, mailId, address } = await answered()
    const soft = (n: number) =>
      bounce({ mailId, address, status: '4.2.2', code: '452', text: `Mailbox full ${n}` })
    for (let n = 1; n <= 4; n++) await mailsIn(app, channel, soft(n))
    expect(await standing(address)).toMatchObject({ soft_bounces: 4, suppressed: false })
    await mailsIn(app, channel, soft(5))
    expect(await standing(address)).toMatchObject({ reason: 'soft_bounces', suppressed: true })
  })

  test('that is soft is forgotten once its address writes, a hard one is not', async () => {
    const one = await answered()
    await mailsIn(app, one.channel, bounce({ ...one, status: '4.2.2', code: '452', text: 'Mailbox full' }))
    app.clock.advance(1)
    await mailsIn(app, one.channel, rawMail({ from: one.address, text: 'I am here' }))
    expect(await standing(one.address)).toMatchObject({ soft_bounces: 0, suppressed: false })
    const other = await answered()
    await mailsIn(
      app,
      other.channel,
      bounce({ ...other, status: '5.1.1', code: '550', text: 'User unknown' }),
    )
    app.clock.advance(1)
    await mailsIn(app, other.channel, rawMail({ from: other.address, text: 'I am here' }))
    expect(await standing(other.address)).toMatchObject({ reason: 'hard_bounce', suppressed: true })
  })

  test('of a mail that is not ours is kept, believed in nothing and suppresses nobody', async () => {
    const { channel, address } = await answered()
    const forged = bounce({
      mailId: 'made-up@shop.example',
      address,
      status: '5.1.1',
      code: '550',
      text: 'User unknown',
    })
    await mailsIn(app, channel, forged)
    expect(await standing(address)).toBeUndefined()
    const { body } = await agent.get(`/inbound?channelId=${channel.id}&state=ignored`)
    expect(body).toMatchObject({ items: [{ reason: 'report_untied' }] })
  })

  test('of ours that names somebody we never wrote to suppresses only whom we wrote to', async () => {
    const { channel, mailId, address } = await answered()
    await mailsIn(
      app,
      channel,
      bounce({ mailId, address: 'victim@other.example', status: '5.1.1', code: '550', text: 'User unknown' }),
    )
    expect(await standing('victim@other.example')).toBeUndefined()
    expect(await standing(address)).toMatchObject({ suppressed: true })
  })
})

test('a complaint suppresses at once', async () => {
  const { conversation, channel, mailId, address } = await answered()
  await mailsIn(app, channel, complaint({ mailId, address }))
  expect((await messagesOf(conversation)).at(-1)!.system).toMatchObject({ event: 'mail.complaint' })
  expect(await standing(address)).toMatchObject({ reason: 'complaint', suppressed: true })
})

test('a vacation notice is in the thread, and nobody waits for an answer to it', async () => {
  const { conversation, channel, mailId, address } = await answered()
  await mailsIn(
    app,
    channel,
    rawMail({
      from: address,
      subject: 'Automatic reply: Where is my parcel?',
      headers: { 'Auto-Submitted': 'auto-replied', 'In-Reply-To': `<${mailId}>` },
      text: 'I am on holiday.',
    }),
  )
  const { body } = await agent.get(`/conversations/${conversation.id}`)
  expect(body).toMatchObject({ waitingSince: null, clock: null })
  expect((await messagesOf(conversation)).at(-1)).toMatchObject({ text: 'I am on holiday.' })
})

let people = 0

/** A customer who wrote, and had an answer by mail. */
async function answered() {
  const channel = await openMailChannel(app)
  const address = `buyer${++people}@buyer.example`
  await mailsIn(app, channel, rawMail({ from: address, messageId: `q${people}@buyer.example` }))
  const { body } = await agent.get(`/conversations?storeId=${channel.storeId}`)
  const [conversation] = (body as { items: Conversation[] }).items
  const reply = await agent.post(`/conversations/${conversation!.id}/replies`, {
    clientId: crypto.randomUUID(),
    text: 'Tomorrow.',
    lastSeenSeq: 1,
  })
  const { id } = reply.body as Message
  const mailId = makeMailId(app.place.secrets, conversation!.id, id, 'shop.example')
  return { channel, conversation: conversation!, mailId, address }
}

const messagesOf = async ({ id }: Conversation) =>
  ((await agent.get(`/conversations/${id}/messages`)).body as { items: Message[] }).items

async function standing(address: string) {
  const { rows } = await app.place.pool.query(
    'select reason, soft_bounces, suppressed_at is not null as suppressed from suppressions where address = $1',
    [address],
  )
  return rows[0]
}

type Failing = { mailId: string; address: string; status: string; code: string; text: string }

function bounce({ mailId, address, status, code, text }: Failing) {
  const content = [
    '--b',
    'Content-Type: text/plain',
    '',
    'This is the mail system. Your message could not be delivered.',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.buyer.example',
    '',
    `Final-Recipient: rfc822; ${address}`,
    `Action: ${status.startsWith('4') ? 'failed' : 'failed'}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${code} ${status} ${text}`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    'From: help@shop.example',
    `To: ${address}`,
    'Subject: Re: Where is my parcel?',
    `Message-ID: <${mailId}>`,
    '',
    '--b--',
  ].join('\r\n')
  return rawMail({
    from: 'MAILER-DAEMON@mx.buyer.example',
    subject: 'Undelivered Mail Returned to Sender',
    headers: { 'Return-Path': '<>' },
    body: { type: 'multipart/report; report-type=delivery-status; boundary=b', content },
  })
}

function complaint({ mailId, address }: { mailId: string; address: string }) {
  const content = [
    '--b',
    'Content-Type: text/plain',
    '',
    'This is an abuse report.',
    '--b',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    `Original-Rcpt-To: ${address}`,
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'From: help@shop.example',
    `To: ${address}`,
    `Message-ID: <${mailId}>`,
    '',
    'Tomorrow.',
    '--b--',
  ].join('\r\n')
  return rawMail({
    from: 'feedback@isp.example',
    body: { type: 'multipart/report; report-type=feedback-report; boundary=b', content },
  })
}
