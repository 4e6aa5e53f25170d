import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'

const app = await startTestApp()
const agent = await app.as('agent', { name: 'Kai' })
const store = await makeStore(app)

async function open() {
  const { body } = await (await makeVisitor(app, store)).say('Hello')
  const { id } = body.conversation
  await agent.post(`/conversations/${id}/replies`, {
    ...{ clientId: randomUUID(), text: 'Yes', attachmentIds: [], lastSeenSeq: 100 },
  })
  return id
}
const at = (hours: number) => new Date(app.clock.now.getTime() + hours * 3_600_000).toISOString()
const promise = async (id: string, hours: number, text = 'We call you') =>
  agent.post(`/conversations/${id}/promises`, { text, dueAt: at(hours) })
const settle = (id: string, promiseId: string, outcome: string) =>
  agent.put(`/conversations/${id}/promises/${promiseId}`, { outcome })
const list = async (id: string) =>
  ((await agent.get(`/conversations/${id}/clocks`)).body as { items: { id: string; fate: string }[] }).items
const lines = async (id: string) =>
  (
    (await agent.get(`/conversations/${id}/messages`)).body as unknown as {
      items: { system: { event: string; params: object } | null }[]
    }
  ).items.flatMap(({ system }) => (system ? [system] : []))
const nearest = async (id: string) =>
  ((await agent.get(`/conversations/${id}`)).body as { clock: { kind: string; dueAt: string } | null }).clock

test('a promise runs by its own hour, stands in the thread, and is kept', async () => {
  const id = await open()
  const { status, body } = await promise(id, 2)
  expect(status).toBe(201)
  expect(await nearest(id)).toMatchObject({ kind: 'promise', dueAt: at(2) })
  expect(await list(id)).toMatchObject([
    { kind: 'promise', promise: 'We call you', fate: 'open', dueAt: at(2) },
  ])
  app.clock.advance(3_600)
  expect((await settle(id, (body as { id: string }).id, 'kept')).status).toBe(204)
  expect(await list(id)).toMatchObject([{ fate: 'kept' }])
  expect(await nearest(id)).toBeNull()
  expect(await lines(id)).toMatchObject([
    { event: 'promise.made', params: { text: 'We call you', name: 'Kai' } },
    { event: 'promise.kept', params: { text: 'We call you', name: 'Kai' } },
  ])
})

test('several run at once, and the nearest of those left is shown', async () => {
  const id = await open()
  const { body } = await promise(id, 1, 'A photo')
  await promise(id, 3, 'A call')
  expect(await nearest(id)).toMatchObject({ dueAt: at(1) })
  await settle(id, (body as { id: string }).id, 'withdrawn')
  expect(await nearest(id)).toMatchObject({ dueAt: at(3) })
  expect(await list(id)).toMatchObject([{ fate: 'open' }, { fate: 'withdrawn' }])
})

test('whose hour has passed is broken, told once, and stays broken though it is kept late', async () => {
  const id = await open()
  const { body } = await promise(id, 1)
  app.clock.advance(3_600)
  await app.sweep()
  await app.settled()
  await app.sweep()
  await app.settled()
  expect(await list(id)).toMatchObject([{ fate: 'broken' }])
  await settle(id, (body as { id: string }).id, 'kept')
  expect((await lines(id)).map(({ event }) => event)).toEqual([
    'promise.made',
    'promise.broken',
    'promise.kept_late',
  ])
  expect(await list(id)).toMatchObject([{ fate: 'broken' }])
})

test('an answer does not keep it; the end of the conversation ends it', async () => {
  const id = await open()
  await promise(id, 1)
  await agent.post(`/conversations/${id}/replies`, {
    ...{ clientId: randomUUID(), text: 'Soon', attachmentIds: [], lastSeenSeq: 100 },
  })
  expect(await list(id)).toMatchObject([{ fate: 'open' }])
  expect(await nearest(id)).toMatchObject({ kind: 'promise' })
  await agent.put(`/conversations/${id}/status`, { category: 'resolved' })
  expect(await list(id)).toMatchObject([{ fate: 'ended' }])
})

test('for the past, in what is over, or of somebody else’s conversation is refused', async () => {
  const id = await open()
  expect(await promise(id, 0)).toMatchObject({ status: 422, body: { error: { code: 'promise_in_past' } } })
  const { body } = await promise(await open(), 1)
  expect(await settle(id, (body as { id: string }).id, 'kept')).toMatchObject({
    status: 404,
    body: { error: { code: 'promise_not_found' } },
  })
  await agent.put(`/conversations/${id}/status`, { category: 'resolved' })
  expect(await promise(id, 1)).toMatchObject({
    status: 409,
    body: { error: { code: 'conversation_not_open' } },
  })
})
