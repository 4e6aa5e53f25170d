import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const agent = await app.as('agent')
const store = await makeStore(app)

const gating = 'Leave a review and get a gift'
const chat = async () => {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Hello, my parcel came broken. What can you do about it for me?')
  await app.settled()
  return body.conversation.id
}
const reply = (id: string, text: string) =>
  agent.post(`/conversations/${id}/replies`, { clientId: randomUUID(), text, lastSeenSeq: 1 })
const check = (id: string, text: string) => agent.post(`/conversations/${id}/content-check`, { text })
const ruleOf = async (code: string) =>
  (
    (await admin.get('/content-rules')).body as { items: { id: string; code: string; version: number }[] }
  ).items.find(rule => rule.code === code)!

describe('a reply that a rule of its channel forbids', () => {
  test('is refused with what was found, and nothing is said', async () => {
    const id = await chat()
    expect(await reply(id, gating)).toMatchObject({
      status: 422,
      body: {
        error: {
          code: 'content_forbidden',
          details: {
            findings: [{ rule: 'no_review_gating', severity: 'block', pieces: ['gift', 'leave a review'] }],
          },
        },
      },
    })
    const { items } = (await agent.get(`/conversations/${id}/messages`)).body as { items: unknown[] }
    expect(items).toHaveLength(1)
  })

  test('is not put by for later either', async () => {
    const id = await chat()
    expect(
      await agent.post(`/conversations/${id}/held-replies`, {
        ...{ clientId: randomUUID(), text: gating, lastSeenSeq: 1, why: 'undo' },
      }),
    ).toMatchObject({ status: 422, body: { error: { code: 'content_forbidden' } } })
  })

  test('may be said among colleagues', async () => {
    const id = await chat()
    expect(
      await agent.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text: gating }),
    ).toMatchObject({ status: 201 })
  })

  test('with the number of a card in it says so without repeating it', async () => {
    const id = await chat()
    const answer = await reply(id, 'Is it 4111111111111111?')
    expect(answer).toMatchObject({
      status: 422,
      body: { error: { details: { findings: [{ rule: 'no_pan' }] } } },
    })
    expect(JSON.stringify(answer.body)).not.toContain('4111111111111111')
  })
})

describe('what a rule only warns of', () => {
  test('is told while it is written, and goes', async () => {
    const id = await chat()
    const text = 'We will call you in a moment'
    expect(await check(id, text)).toMatchObject({
      status: 200,
      body: { findings: [{ rule: 'promise_check', severity: 'warn', pieces: ['we will call you'] }] },
    })
    expect(await reply(id, text)).toMatchObject({ status: 201 })
  })

  test('of another language is seen by the language the customer writes', async () => {
    const id = await chat()
    expect(await check(id, 'Wir haben heute das Paket für Sie noch einmal verschickt.')).toMatchObject({
      body: { findings: [{ rule: 'lang_check', pieces: ['de'] }] },
    })
  })

  test('of marketplaces alone is no matter of a chat', async () => {
    const id = await chat()
    expect(await check(id, 'See https://shop.example/help')).toMatchObject({ body: { findings: [] } })
  })
})

describe('a rule', () => {
  test('is changed by a new version, and the one before is kept', async () => {
    const before = await ruleOf('no_blame_no_admission')
    expect(await admin.patch(`/content-rules/${before.id}`, { severity: 'block' })).toMatchObject({
      status: 200,
      body: { version: before.version + 1, severity: 'block' },
    })
    expect(await admin.patch(`/content-rules/${before.id}`, { severity: 'warn' })).toMatchObject({
      status: 409,
      body: { error: { code: 'changed_meanwhile' } },
    })
    expect(await reply(await chat(), 'It was our fault')).toMatchObject({ status: 422 })
  })

  test('that is switched off finds nothing', async () => {
    const { id } = await ruleOf('no_review_gating')
    await admin.patch(`/content-rules/${id}`, { isActive: false })
    expect(await reply(await chat(), gating)).toMatchObject({ status: 201 })
  })
})
