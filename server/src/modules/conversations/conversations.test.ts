import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor, type Visitor } from '../../../test/make.ts'

const app = await startTestApp()
const store = await makeStore(app)
let agent = await app.as('agent')

const startChat = async (text = 'Where is my parcel?') => {
  const visitor = await makeVisitor(app, store)
  const said = await visitor.say(text)
  await app.settled()
  return { visitor, id: said.body.conversation.id }
}

const answer = (id: string, lastSeenSeq: number, fields: Record<string, unknown> = {}) =>
  agent.post(`/conversations/${id}/replies`, {
    clientId: randomUUID(),
    text: 'It is on its way.',
    lastSeenSeq,
    ...fields,
  })

const messagesOf = async (id: string) =>
  (
    (await agent.get(`/conversations/${id}/messages`)).body as {
      items: { seq: number; kind: string; text: string; clientId: string | null }[]
    }
  ).items

/** Sessions do not outlive such a time, so the agent signs in again. */
const daysLater = async (days: number) => {
  app.clock.advance(days * 86_400)
  agent = await app.as('agent')
}

describe('a visitor who writes', () => {
  test('opens a conversation that colleagues of the store see', async () => {
    const { id } = await startChat('Hello, is anybody there?')
    const seen = await agent.get(`/conversations/${id}`)
    expect(seen).toMatchObject({
      status: 200,
      body: {
        id,
        lastSeq: 1,
        unread: 1,
        status: { category: 'new' },
        preview: { kind: 'customer', text: 'Hello, is anybody there?' },
      },
    })
  })

  test('says the same thing once however often his client repeats it', async () => {
    const visitor = await makeVisitor(app, store)
    const clientId = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => visitor.post('/widget/messages', { clientId, text: 'once' })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => (body as { message: { id: string } }).message.id)).size).toBe(1)
  })

  test('opens one conversation with two first messages at the same moment', async () => {
    const visitor = await makeVisitor(app, store)
    const said = await Promise.all([visitor.say('one'), visitor.say('two')])
    expect(new Set(said.map(({ body }) => body.conversation.id)).size).toBe(1)
    expect(said.map(({ body }) => body.message.seq).sort()).toEqual([1, 2])
  })

  test('numbers what five clients say at once without a gap', async () => {
    const visitor = await makeVisitor(app, store)
    await visitor.say('first')
    await Promise.all(Array.from({ length: 5 }, (_, client) => sayInOrder(visitor, client)))
    const { items } = (await visitor.get('/widget/messages?afterSeq=0&limit=200')).body as {
      items: { seq: number; text: string }[]
    }
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 26 }, (_, n) => n + 1))
    for (let client = 0; client < 5; client++)
      expect(items.filter(({ text }) => text.startsWith(`${client}:`)).map(({ text }) => text)).toEqual(
        [0, 1, 2, 3, 4].map(n => `${client}:${n}`),
      )
  })

  test('is never shown a note', async () => {
    const { visitor, id } = await startChat()
    await agent.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text: 'he is angry' })
    expect(JSON.stringify((await visitor.get('/widget/messages')).body)).not.toContain('angry')
  })

  test('sees nothing of another visitor', async () => {
    const one = await startChat('my secret')
    const other = await makeVisitor(app, store)
    expect((await other.get('/widget/conversation')).body).toBeNull()
    expect((await other.get('/widget/messages')).body).toEqual({ items: [], lastSeq: 0 })
    expect((await one.visitor.get(`/conversations/${one.id}`)).status).toBe(403)
  })

  test('with an empty message is refused, and nothing is written', async () => {
    const visitor = await makeVisitor(app, store)
    expect(await visitor.say('   ')).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request' } },
    })
    expect((await visitor.get('/widget/conversation')).body).toBeNull()
  })
})

const sayInOrder = async (visitor: Visitor, client: number) => {
  for (let n = 0; n < 5; n++) await visitor.say(`${client}:${n}`)
}

describe('a reply', () => {
  test('reaches the visitor, stops the waiting and takes the conversation', async () => {
    const { visitor, id } = await startChat()
    const replied = await answer(id, 1)
    expect(replied).toMatchObject({
      status: 201,
      body: { seq: 2, kind: 'reply', delivery: { state: 'sent' } },
    })
    expect((await visitor.get('/widget/messages?afterSeq=1')).body).toMatchObject({
      items: [{ seq: 2, from: 'agent', text: 'It is on its way.' }],
    })
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({
      waitingSince: null,
      clock: null,
      assignee: { id: agent.id },
      status: { category: 'open' },
    })
  })

  test('sent twice with one client id is one message', async () => {
    const { id } = await startChat()
    const clientId = randomUUID()
    const [a, b] = [await answer(id, 1, { clientId }), await answer(id, 1, { clientId })]
    expect((a.body as { id: string }).id).toBe((b.body as { id: string }).id)
    expect(await messagesOf(id)).toHaveLength(2)
  })

  test('to what has not been read is refused with what was missed', async () => {
    const { visitor, id } = await startChat()
    await visitor.say('Wait, wrong order number!')
    const blind = await answer(id, 1)
    expect(blind).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'missed_messages',
          details: { messages: [{ seq: 2, text: 'Wait, wrong order number!' }] },
        },
      },
    })
    expect(await messagesOf(id)).toHaveLength(2)
    expect((await answer(id, 2)).status).toBe(201)
  })

  test('is not blind because of one’s own words or a colleague’s note', async () => {
    const { id } = await startChat()
    await answer(id, 1)
    await agent.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text: 'called the carrier' })
    expect((await answer(id, 1)).status).toBe(201)
  })

  test('of a second colleague who did not see the first one’s is refused', async () => {
    const { id } = await startChat()
    const colleague = await app.as('agent')
    await answer(id, 1)
    const blind = await colleague.post(`/conversations/${id}/replies`, {
      clientId: randomUUID(),
      text: 'Hello?',
      lastSeenSeq: 1,
    })
    expect(blind.status).toBe(409)
  })

  test('may resolve in the same breath', async () => {
    const { id } = await startChat()
    await answer(id, 1, { afterwards: 'resolve' })
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({
      status: { category: 'resolved' },
      resolvedAt: app.clock.now.toISOString(),
    })
  })

  test('of a robot neither stops the clock nor takes the conversation', async () => {
    const { id } = await startChat()
    const robot = await app.act(async ctx =>
      (await import('../staff/api-keys.ts')).createApiKey(ctx, { name: 'robot', roleCode: 'agent' }),
    )
    const said = await app
      .with({ authorization: `Bearer ${robot.key}` })
      .post(`/conversations/${id}/replies`, { clientId: randomUUID(), text: 'We got it.', lastSeenSeq: 1 })
    expect(said.status).toBe(201)
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({
      assignee: null,
      clock: { kind: 'first_response' },
    })
  })

  test('shows the customer’s reading', async () => {
    const { visitor, id } = await startChat()
    await answer(id, 1)
    await visitor.put('/widget/read', { seq: 2 })
    expect((await messagesOf(id))[1]).toMatchObject({ delivery: { state: 'read' } })
  })
})

describe('a resolved conversation', () => {
  test('is reopened by a message within seven days, with a new first-response clock', async () => {
    const { visitor, id } = await startChat()
    await answer(id, 1, { afterwards: 'resolve' })
    await daysLater(6)
    const again = await visitor.say('It broke again.')
    expect(again.body.conversation.id).toBe(id)
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({
      status: { category: 'open' },
      clock: { kind: 'first_response' },
    })
  })

  test('is followed by a linked one after that', async () => {
    const { visitor, id } = await startChat()
    await answer(id, 1, { afterwards: 'resolve' })
    await daysLater(8)
    const again = await visitor.say('A new question.')
    expect(again.body.conversation.id).not.toBe(id)
    expect((await agent.get(`/conversations/${again.body.conversation.id}`)).body).toMatchObject({
      previousId: id,
      lastSeq: 1,
    })
  })

  test('has no clock left', async () => {
    const { id } = await startChat()
    await agent.put(`/conversations/${id}/status`, { category: 'resolved' })
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({ clock: null, waitingSince: null })
  })
})

describe('assigning', () => {
  test('to whom somebody else took meanwhile is told, not done', async () => {
    const { id } = await startChat()
    const [one, two] = [await app.as('agent'), await app.as('agent')]
    expect((await one.put(`/conversations/${id}/assignee`, { staffId: one.id, expected: null })).status).toBe(
      200,
    )
    expect(await two.put(`/conversations/${id}/assignee`, { staffId: two.id, expected: null })).toMatchObject(
      { status: 409, body: { error: { code: 'assigned_meanwhile' } } },
    )
  })

  test('leaves a note where it happened, and says why', async () => {
    const { id } = await startChat()
    const other = await app.as('agent')
    await agent.put(`/conversations/${id}/assignee`, { staffId: other.id, note: 'speaks German' })
    expect(await messagesOf(id)).toMatchObject([{ seq: 1 }, { seq: 2, kind: 'note', text: 'speaks German' }])
    expect((await agent.get(`/conversations/${id}/assignments`)).body).toMatchObject({
      items: [{ staff: { id: other.id }, reason: 'assigned' }],
    })
  })

  test('to somebody who does not see the store is refused', async () => {
    const { id } = await startChat()
    const elsewhere = await makeStore(app)
    const stranger = await app.as('agent', { storeIds: [elsewhere.id] })
    expect(await agent.put(`/conversations/${id}/assignee`, { staffId: stranger.id })).toMatchObject({
      status: 422,
      body: { error: { code: 'store_not_visible' } },
    })
    expect((await stranger.get(`/conversations/${id}`)).status).toBe(404)
  })
})

describe('the views', () => {
  test('list by the nearest clock, page by page, each conversation once', async () => {
    const here = await makeStore(app)
    const reader = await app.as('supervisor', { storeIds: [here.id] })
    for (let n = 0; n < 7; n++) {
      await (await makeVisitor(app, here)).say(`chat ${n}`)
      app.clock.advance(1)
    }
    const seen: string[] = []
    let cursor = ''
    do {
      const page = (await reader.get(`/conversations?view=all&sort=clock&limit=3${cursor}`)).body as {
        items: { preview: { text: string } }[]
        next: string | null
      }
      seen.push(...page.items.map(item => item.preview.text))
      cursor = page.next ? `&cursor=${page.next}` : ''
    } while (cursor)
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map(n => `chat ${n}`))
    expect((await reader.get('/conversations/counts')).body).toMatchObject({
      all: 7,
      unassigned: 7,
      mine: 0,
      waitingChats: 7,
    })
  })

  test.each([
    'mine',
    'unassigned',
    'all',
    'mentions',
    'team',
    'resolved',
  ])('%s can be sorted each way', async view => {
    for (const sort of ['clock', 'waiting', 'activity'])
      expect((await agent.get(`/conversations?view=${view}&sort=${sort}`)).status).toBe(200)
  })

  test('refuse a cursor that was not made here', async () => {
    expect(await agent.get('/conversations?cursor=bm90IG91cnM')).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_cursor' } },
    })
  })

  test('count unread for each reader alone', async () => {
    const { visitor, id } = await startChat()
    await visitor.say('and another')
    const other = await app.as('agent')
    await agent.put(`/conversations/${id}/read`, { seq: 1 })
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({ unread: 1 })
    expect((await other.get(`/conversations/${id}`)).body).toMatchObject({ unread: 2 })
  })
})

test('any mix of writers leaves one gapless line that everybody reads alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('visitor', 'reply', 'note'), { minLength: 3, maxLength: 12 }),
      async acts => {
        const { visitor, id } = await startChat()
        await Promise.all(
          acts.map((act, n) =>
            act === 'visitor'
              ? visitor.say(`v${n}`)
              : act === 'reply'
                ? answer(id, 10_000, { text: `r${n}` })
                : agent.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text: `n${n}` }),
          ),
        )
        const all = await messagesOf(id)
        expect(all.map(({ seq }) => seq)).toEqual(all.map((_, n) => n + 1))
        expect(all).toHaveLength(acts.length + 1)
        const own = (await visitor.get('/widget/messages?limit=200')).body as {
          items: { seq: number; text: string }[]
        }
        expect(own.items.map(({ seq, text }) => [seq, text])).toEqual(
          all.filter(({ kind }) => kind !== 'note').map(({ seq, text }) => [seq, text]),
        )
      },
    ),
    { numRuns: 8 },
  )
})
