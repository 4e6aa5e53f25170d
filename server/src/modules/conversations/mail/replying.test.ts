import { text as readAll } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailsIn, openMailChannel, ourAddress, rawMail } from '../../../../test/mail.ts'
import { saidIn } from '../../../platform/mail/mail.ts'
import { readMail } from '../../../platform/mail/read-mail.ts'
import type { Sending } from '../../channels/adapter.ts'
import { composeMail } from '../../channels/mail/outgoing.ts'
import { MailSettings } from '../../channels/mail/settings.ts'
import type { Conversation, HeldReply, Message } from '../schemas.ts'
import { answering } from './replying.ts'

const app = await startTestApp()
const agent = await app.as('admin')

describe('a reply by mail', () => {
  test('goes to who wrote, threaded, with signature and his words below', async () => {
    const { conversation, channel } = await start({ signature: 'Shop' }, 'ご注文はどこですか。', {
      messageId: 'q@buyer.example',
      subject: 'AW: Re: 注文',
    })
    await answer(conversation, '明日届きます。')
    const mail = await sent(channel, conversation)
    expect(mail).toMatchObject({
      from: { address: ourAddress },
      to: [{ name: 'Ana Lopes', address: 'ana@buyer.example' }],
      subject: 'Re: 注文',
      inReplyTo: ['q@buyer.example'],
      references: ['q@buyer.example'],
      automatic: null,
    })
    expect(mail.text).toContain('明日届きます。')
    expect(mail.text).toContain('> ご注文はどこですか。')
    expect(saidIn(mail.segments)).toBe('明日届きます。')
  })

  test('is found again by the answer to it, though that comes from another address', async () => {
    const { conversation, channel } = await start()
    await answer(conversation, 'Tomorrow.')
    const { messageId } = await sent(channel, conversation)
    await mailsIn(
      app,
      channel,
      rawMail({ from: 'x@other.example', headers: { References: `<${messageId}>` }, text: 'Thanks' }),
    )
    const texts = (await messagesOf(conversation.id)).map(message => message.text)
    expect(texts).toEqual(['Hello, where is my parcel?', 'Tomorrow.', 'Thanks'])
  })

  test('goes where its writer asks for it, and a form’s to who filled it in, whom it vouches for by nothing', async () => {
    const vouched = { 'Authentication-Results': 'mx.shop.example; dmarc=pass header.from=shop.example' }
    const asked = await start({}, undefined, { headers: { 'Reply-To': 'ana@home.example' } })
    await answer(asked.conversation, 'Tomorrow.')
    expect((await composed(asked.channel, asked.conversation)).envelope.to).toEqual(['ana@home.example'])
    const form = await start({ trustedServers: ['mx.shop.example'] }, undefined, {
      from: `Shop form <${ourAddress}>`,
      headers: { ...vouched, 'Reply-To': 'victim@buyer.example' },
    })
    await answer(form.conversation, 'Tomorrow.')
    expect((await composed(form.channel, form.conversation)).envelope.to).toEqual(['victim@buyer.example'])
    const { rows } = await app.place.pool.query(
      "select is_verified from identities where value = 'victim@buyer.example'",
    )
    expect(rows).toEqual([{ is_verified: false }])
  })

  test('reaches those its writer names, and hides the blind copies', async () => {
    const { conversation, channel } = await start()
    await answer(conversation, 'Hello all', {
      cc: [{ name: 'Bo "B" Li, Ltd', address: 'bo@buyer.example' }],
      bcc: [{ address: 'boss@shop.example' }],
      subject: 'New subject',
    })
    const { envelope, mail } = await composed(channel, conversation)
    expect(envelope.to).toEqual(['ana@buyer.example', 'bo@buyer.example', 'boss@shop.example'])
    expect(mail.cc).toEqual([{ name: 'Bo "B" Li, Ltd', address: 'bo@buyer.example' }])
    expect(mail.subject).toBe('New subject')
    expect(mail.raw).not.toContain('boss@shop.example')
  })

  test.each([
    [{ subject: 'a\r\nBcc: victim@x.example' }],
    [{ cc: [{ name: 'a\nb', address: 'bo@buyer.example' }] }],
    [{ cc: [{ address: 'bo@buyer.example\r\nBcc: v@x.example' }] }],
    [{ cc: [{ address: '"a b"@x.example' }] }],
    [{ to: [] }],
  ])('with %j is refused, and nothing is sent', async mail => {
    const { conversation } = await start()
    const refused = await post(conversation, 'Hello', mail)
    expect(refused.status).toBe(422)
    expect(await deliveriesOf(conversation)).toEqual([])
  })

  test('says the same each time it is composed', async () => {
    const { conversation, channel } = await start()
    await answer(conversation, 'Tomorrow.')
    const [first, again] = [await composed(channel, conversation), await composed(channel, conversation)]
    expect(again.mail.raw).toBe(first.mail.raw)
  })
})

describe('the subject of an answer', () => {
  test.each([
    ['Re: Re: AW: 回复：订单', 'Re: 订单'],
    ['RE : Order', 'Re: Order'],
    ['Regards', 'Re: Regards'],
    ['', 'Re:'],
    ['a\r\nBcc: x@y.example', 'Re: a Bcc: x@y.example'],
  ])('%j is %j', (subject, expected) => expect(answering(subject)).toBe(expected))
})

describe('a reply that can be taken back', () => {
  test('is said after its seconds, and only once', async () => {
    const { conversation } = await start()
    const held = await hold(conversation, { why: 'undo' })
    expect(await heldOf(conversation)).toMatchObject([{ id: held.id, state: 'held' }])
    expect(await messagesOf(conversation.id)).toHaveLength(1)
    app.clock.advance(11)
    await expect.poll(() => messagesOf(conversation.id), { timeout: 5_000 }).toHaveLength(2)
    await app.settled()
    expect(await heldOf(conversation)).toEqual([])
    expect(await deliveriesOf(conversation)).toHaveLength(1)
  })

  test('is never said once it was taken back, and not taken back once it was said', async () => {
    const { conversation } = await start()
    const held = await hold(conversation, { why: 'undo' })
    expect(await agent.delete(`/held-replies/${held.id}`)).toMatchObject({
      status: 200,
      body: { state: 'taken_back', text: 'Later' },
    })
    const other = await hold(conversation, { why: 'undo' })
    app.clock.advance(11)
    await expect.poll(() => messagesOf(conversation.id), { timeout: 5_000 }).toHaveLength(2)
    expect(await agent.delete(`/held-replies/${other.id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'reply_gone' } },
    })
  })

  test('planned for later is stopped when the customer writes in between', async () => {
    const { conversation, channel } = await start()
    const sendAt = new Date(app.clock.now.getTime() + 3_600_000).toISOString()
    await hold(conversation, { why: 'scheduled', sendAt })
    await mailsIn(app, channel, rawMail({ headers: { References: '<q0@buyer.example>' }, text: 'Forget it' }))
    app.clock.advance(3_601)
    await expect
      .poll(() => heldOf(conversation), { timeout: 5_000 })
      .toMatchObject([{ state: 'stopped', reason: 'missed_messages' }])
    expect(await deliveriesOf(conversation)).toEqual([])
  })

  test('cannot be planned for yesterday', async () => {
    const { conversation } = await start()
    const sendAt = new Date(app.clock.now.getTime() - 1_000).toISOString()
    const refused = await agent.post(
      `/conversations/${conversation.id}/held-replies`,
      heldReply({ why: 'scheduled', sendAt }),
    )
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'send_at_out_of_range' } } })
  })
})

type Channel = Awaited<ReturnType<typeof openMailChannel>>

async function start(settings: object = {}, text?: string, mail: Parameters<typeof rawMail>[0] = {}) {
  const channel = await openMailChannel(app, { ...settings })
  await mailsIn(app, channel, rawMail({ messageId: 'q0@buyer.example', ...mail, ...(text && { text }) }))
  const { body } = await agent.get(`/conversations?storeId=${channel.storeId}`)
  const [conversation] = (body as { items: Conversation[] }).items
  return { channel, conversation: conversation! }
}

const post = (conversation: Conversation, text: string, mail?: object) =>
  agent.post(`/conversations/${conversation.id}/replies`, {
    clientId: crypto.randomUUID(),
    text,
    lastSeenSeq: 1,
    ...(mail && { mail }),
  })

async function answer(conversation: Conversation, text: string, mail?: object) {
  expect(await post(conversation, text, mail)).toMatchObject({ status: 201 })
}

const heldReply = (when: object) => ({
  clientId: crypto.randomUUID(),
  text: 'Later',
  attachmentIds: [],
  lastSeenSeq: 1,
  ...when,
})

async function hold(conversation: Conversation, when: object) {
  const held = await agent.post(`/conversations/${conversation.id}/held-replies`, heldReply(when))
  expect(held).toMatchObject({ status: 201 })
  return held.body as HeldReply
}

const heldOf = async ({ id }: Conversation) =>
  ((await agent.get(`/conversations/${id}/held-replies`)).body as { items: HeldReply[] }).items

const messagesOf = async (id: string) =>
  ((await agent.get(`/conversations/${id}/messages`)).body as { items: Message[] }).items

const deliveriesOf = async ({ id }: Conversation) =>
  (await app.place.pool.query('select * from deliveries where conversation_id = $1', [id])).rows

/** The mail as it would leave, read by our own reader. */
async function composed(channel: Channel, conversation: Conversation) {
  const [delivery] = await deliveriesOf(conversation)
  const sending: Sending = {
    id: delivery.id,
    messageId: delivery.message_id,
    conversationId: delivery.conversation_id,
    payload: delivery.payload,
  }
  const door = { signing: app.place.secrets, openFile: (id: string) => app.place.files.open(id) }
  const { envelope, open } = await composeMail(door, MailSettings.parse(channel.settings), sending)
  const raw = await readAll(await open())
  return { envelope, mail: { ...(await readMail(Buffer.from(raw))), raw } }
}

const sent = async (channel: Channel, conversation: Conversation) =>
  (await composed(channel, conversation)).mail
