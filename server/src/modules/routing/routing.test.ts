import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { goOnline, makeQueuedStore, holderOf as readHolder, startChat } from './test-queues.ts'

const app = await startTestApp()

const online = (store: { id: string }, fields: Record<string, unknown> = {}) => goOnline(app, store, fields)
const chat = (store: { key: string }, text?: string) => startChat(app, store, text)
const holderOf = (id: string) => readHolder(app, id)

describe('a waiting chat', () => {
  test('goes to the online agent with the fewest open chats, and says why', async () => {
    const store = await makeStore(app)
    const [one, two] = [await online(store), await online(store)]
    const holders = []
    for (let n = 0; n < 4; n++) holders.push(await holderOf((await chat(store)).id))
    expect(holders.filter(id => id === one.id)).toHaveLength(2)
    expect(holders.filter(id => id === two.id)).toHaveLength(2)
    const { id } = await chat(store)
    expect((await one.get(`/conversations/${id}/assignments`)).body).toMatchObject({
      items: [
        {
          reason: 'least_loaded',
          params: { language: 'en', openChats: 2, chatLimit: 5 },
          by: { kind: 'system' },
        },
      ],
    })
  })

  test('goes to who speaks its language, not to who is idle', async () => {
    const store = await makeStore(app)
    await online(store, { languages: ['en'] })
    const german = await online(store, { languages: ['de', 'en'] })
    const { id } = await chat(
      store,
      'Guten Tag, wo bleibt meine Bestellung? Ich warte seit zwei Wochen darauf.',
    )
    expect(await holderOf(id)).toBe(german.id)
  })

  test('in a language nobody speaks waits for no one', async () => {
    const store = await makeStore(app)
    const agent = await online(store, { languages: ['en'] })
    const { id } = await chat(store, 'こんにちは、注文した商品が届きません')
    expect(await holderOf(id)).toBe(agent.id)
  })

  test('waits where all are at their limit, in place, and takes the place that is freed', async () => {
    const store = await makeQueuedStore(app)
    const agent = await online(store, { chatLimit: 1 })
    const first = await chat(store)
    const [second, third] = [await chat(store), await chat(store)]
    expect((await second.visitor.get('/widget/conversation')).body).toMatchObject({
      status: 'waiting',
      queue: { place: 1, estimateSeconds: null },
    })
    expect((await third.visitor.get('/widget/conversation')).body).toMatchObject({ queue: { place: 2 } })
    await agent.post(`/conversations/${first.id}/replies`, {
      clientId: randomUUID(),
      text: 'done',
      lastSeenSeq: 1,
      afterwards: 'resolve',
    })
    await app.settled()
    expect(await holderOf(second.id)).toBe(agent.id)
    expect((await third.visitor.get('/widget/conversation')).body).toMatchObject({ queue: { place: 1 } })
  })

  test('of an agent who drops off goes back to the queue and on to the next', async () => {
    const store = await makeStore(app)
    const leaver = await online(store)
    const { id } = await chat(store)
    expect(await holderOf(id)).toBe(leaver.id)
    const next = await online(store)
    await leaver.put('/session/availability', { state: 'offline' })
    await app.settled()
    expect(await holderOf(id)).toBe(next.id)
  })

  test('that was answered stays with its agent when he steps away', async () => {
    const store = await makeStore(app)
    const agent = await online(store)
    const { id } = await chat(store)
    await agent.post(`/conversations/${id}/replies`, {
      clientId: randomUUID(),
      text: 'one moment',
      lastSeenSeq: 1,
    })
    await agent.put('/session/availability', { state: 'away', reason: 'lunch' })
    await app.settled()
    expect(await holderOf(id)).toBe(agent.id)
  })

  test('that a person took by hand is left with him', async () => {
    const store = await makeStore(app)
    const { id } = await chat(store)
    const hand = await app.as('agent', { storeIds: [store.id] })
    expect(await hand.put(`/conversations/${id}/assignee`, { staffId: hand.id })).toMatchObject({
      status: 200,
    })
    await online(store)
    expect(await holderOf(id)).toBe(hand.id)
  })

  test('is estimated from the last takings once there are three', async () => {
    const store = await makeQueuedStore(app)
    const agent = await online(store, { chatLimit: 1 })
    for (let n = 0; n < 4; n++) {
      const { id } = await chat(store)
      app.clock.advance(60)
      await agent.post(`/conversations/${id}/replies`, {
        clientId: randomUUID(),
        text: 'done',
        lastSeenSeq: 1,
        afterwards: 'resolve',
      })
      await app.settled()
    }
    await chat(store)
    const { visitor } = await chat(store)
    expect((await visitor.get('/widget/conversation')).body).toMatchObject({
      queue: { place: 1, estimateSeconds: expect.any(Number) },
    })
  })
})

test('thirteen chats at once for four agents of three: twelve taken, nobody above his limit, the thirteenth next', async () => {
  const store = await makeStore(app)
  const agents: { id: string; put: typeof app.put }[] = []
  for (let n = 0; n < 4; n++) agents.push(await online(store, { chatLimit: 3 }))
  const visitors = await Promise.all(Array.from({ length: 13 }, () => makeVisitor(app, store)))
  const ids = (
    await Promise.all(visitors.map(visitor => visitor.say('Hello, can you help me with an order?')))
  ).map(({ body }) => body.conversation.id)
  await app.settled()
  const holders = await Promise.all(ids.map(holderOf))
  for (const agent of agents) expect(holders.filter(id => id === agent.id)).toHaveLength(3)
  const left = ids[holders.indexOf(null)]!
  const [some] = ids.filter((_, n) => holders[n] === agents[0]!.id)
  expect(await agents[0]!.put(`/conversations/${some}/status`, { category: 'resolved' })).toMatchObject({
    status: 200,
  })
  await app.settled()
  expect(await holderOf(left)).toBe(agents[0]!.id)
})
