import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeVisitor } from '../../../../test/make.ts'
import { createChannel } from '../../channels/channels.ts'
import { addServices, makeTalk } from './test-services.ts'

const app = await startTestApp({ outboundAllow: [{ network: '127.0.0.0', prefix: 8, port: undefined }] })

const secret = '我们今天就发货，请您放心'
const original = (fields: Record<string, unknown> = {}) => ({
  ...{ text: secret, language: 'zh', to: 'de', provider: 'deepl 0', draft: 'Wir versenden heute.' },
  ...fields,
})
const replyOf = (text: string, fields: Record<string, unknown> = {}) => ({
  ...{ clientId: randomUUID(), text, attachmentIds: [], lastSeenSeq: 50 },
  ...fields,
})

describe('a reply in two languages', () => {
  test('is seen before it is sent, with what must stay in it', async () => {
    await addServices(app, ['deepl'])
    const talk = await makeTalk(app)
    const draft = await talk.agent.post(`/conversations/${talk.id}/draft-translation`, {
      ...{ text: '您的订单 #1042-88 今天发货', from: 'zh', to: 'de' },
    })
    expect(draft).toMatchObject({
      status: 200,
      body: {
        state: 'done',
        text: '(de) 您的订单 #1042-88 今天发货',
        provider: 'deepl 0',
        from: 'zh',
        to: 'de',
      },
    })
    const { items } = (await talk.agent.get(`/conversations/${talk.id}/messages`)).body as {
      items: unknown[]
    }
    expect(items).toHaveLength(1)
  })

  test('keeps what its writer wrote and how much of the draft he changed', async () => {
    const talk = await makeTalk(app)
    const sent = await talk.agent.post(
      `/conversations/${talk.id}/replies`,
      replyOf('Wir versenden morgen.', { original: original() }),
    )
    expect(sent).toMatchObject({
      status: 201,
      body: {
        text: 'Wir versenden morgen.',
        language: 'de',
        original: {
          text: secret,
          language: 'zh',
          to: 'de',
          provider: 'deepl 0',
          draftChars: 20,
          editedChars: 5,
        },
      },
    })
  })

  test('never shows the customer the original, in chat or over an API', async () => {
    const talk = await makeTalk(app)
    await talk.agent.post(
      `/conversations/${talk.id}/replies`,
      replyOf('Wir versenden heute.', { original: original() }),
    )
    const { items } = (await talk.visitor.get('/widget/messages')).body as { items: { text: string }[] }
    expect(items.at(-1)!.text).toBe('Wir versenden heute.')
    expect(JSON.stringify(items)).not.toContain(secret)
    expect(JSON.stringify(items)).not.toContain('original')

    const channel = await app.act(ctx =>
      createChannel(ctx, {
        ...{ storeId: talk.store.id, kind: 'api', name: 'App' },
        settings: { webhookUrl: 'http://127.0.0.1:9/' },
      }),
    )
    await app.place.pool.query(
      "update conversations set channel_id = $2, channel_kind = 'api' where id = $1",
      [talk.id, channel.id],
    )
    await talk.agent.post(
      `/conversations/${talk.id}/replies`,
      replyOf('Bis morgen!', { original: original() }),
    )
    const { rows } = await app.place.pool.query(
      'select payload::text from deliveries where conversation_id = $1',
      [talk.id],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0].payload).not.toContain(secret)
    const events = await app.place.pool.query('select payload::text from events where conversation_id = $1', [
      talk.id,
    ])
    expect(JSON.stringify(events.rows)).not.toContain(secret)
  })

  test('that is sent untranslated is marked so', async () => {
    const talk = await makeTalk(app)
    const sent = await talk.agent.post(
      `/conversations/${talk.id}/replies`,
      replyOf(secret, { original: original({ draft: null, provider: null }) }),
    )
    expect(sent.body).toMatchObject({
      language: 'zh',
      original: { isUntranslated: true, provider: null, draftChars: null },
    })
  })

  test('that waits to be sent keeps both', async () => {
    const talk = await makeTalk(app)
    const held = await talk.agent.post(
      `/conversations/${talk.id}/held-replies`,
      replyOf('Wir versenden heute!', { original: original(), why: 'undo' }),
    )
    expect(held).toMatchObject({
      status: 201,
      body: { original: { text: secret, draft: 'Wir versenden heute.' } },
    })
    app.clock.advance(60)
    app.place.wake()
    await expect
      .poll(async () => {
        const answer = await talk.agent.get(`/conversations/${talk.id}/messages?afterSeq=1`)
        return (answer.body as { items: object[] }).items.at(-1)
      })
      .toMatchObject({ text: 'Wir versenden heute!', original: { text: secret, editedChars: 1 } })
  })

  test('has no card number in what its writer wrote', async () => {
    const talk = await makeTalk(app)
    const sent = await talk.agent.post(
      `/conversations/${talk.id}/replies`,
      replyOf('Ihre Karte', { original: original({ text: '您的卡 4111 1111 1111 1111' }) }),
    )
    expect(JSON.stringify(sent.body)).not.toContain('4111 1111 1111')
  })

  test('is checked in the language that it goes out in', async () => {
    const talk = await makeTalk(app)
    const check = (text: string) => talk.agent.post(`/conversations/${talk.id}/content-check`, { text })
    const wrong = { rule: 'lang_check', severity: 'warn', pieces: ['zh'] }
    expect((await check(secret)).body).toMatchObject({ findings: [wrong] })
    expect((await check('Wir versenden Ihre Bestellung noch heute und melden uns bei Ihnen.')).body).toEqual({
      findings: [],
    })
  })
})

describe('a send', () => {
  test('waits for no service, however long that takes', async () => {
    const [service] = await addServices(app, ['deepl'])
    service!.state.always = { kind: 'delay', ms: 3_000 }
    const talk = await makeTalk(app)
    const drafting = talk.agent.post(`/conversations/${talk.id}/draft-translation`, {
      text: secret,
      to: 'de',
    })
    await expect.poll(() => service!.calls.length, { timeout: 2_500 }).toBe(1)
    const started = performance.now()
    expect((await talk.agent.post(`/conversations/${talk.id}/replies`, replyOf('Guten Tag'))).status).toBe(
      201,
    )
    expect(performance.now() - started).toBeLessThan(1_500)
    await drafting
  })

  test('costs a visitor no look at what colleagues translate', async () => {
    const talk = await makeTalk(app)
    const stranger = await makeVisitor(app, talk.store)
    expect((await stranger.get(`/conversations/${talk.id}/translations?to=zh`)).status).toBe(403)
  })
})

test('the language that a customer writes in is what a colleague says it is', async () => {
  const talk = await makeTalk(app)
  const answer = await talk.agent.put(`/conversations/${talk.id}/language`, { language: 'nl' })
  expect(answer).toMatchObject({ status: 200, body: { language: 'nl' } })
  expect((await talk.agent.put(`/conversations/${talk.id}/language`, { language: 'Dutch' })).status).toBe(422)
})

test('the figures say what was spent and how much of the drafts was changed', async () => {
  const [service] = await addServices(app, ['deepl'])
  const talk = await makeTalk(app)
  await talk.agent.post(`/conversations/${talk.id}/draft-translation`, { text: secret, from: 'zh', to: 'de' })
  await talk.agent.post(
    `/conversations/${talk.id}/replies`,
    replyOf('Wir versenden heute.', { original: original({ provider: service!.name }) }),
  )
  const day = app.clock.now.toISOString().slice(0, 10)
  const admin = await app.as('admin')
  const { body } = await admin.get(`/translation-costs?from=${day}&to=${day}`)
  const characters = secret.length
  expect(body).toMatchObject({
    currency: 'USD',
    items: expect.arrayContaining([
      expect.objectContaining({
        ...{ day, provider: { id: service!.id, name: 'deepl 0' }, purpose: 'outgoing', from: 'zh', to: 'de' },
        ...{ requests: 1, characters, micros: characters * 20 },
      }),
    ]),
    edits: expect.arrayContaining([expect.objectContaining({ provider: 'deepl 0', to: 'de' })]),
  })
  expect((await talk.agent.get(`/translation-costs?from=${day}&to=${day}`)).status).toBe(403)
})
