import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { createTeam } from '../staff/teams.ts'
import { goOnline, holderOf, makeQueue, makeQueuedStore, rowOf, startChat } from './test-queues.ts'

const app = await startTestApp()
const supervisor = await app.as('supervisor')

const list = async () => ((await supervisor.get('/queues')).body as { items: Listed[] }).items
type Listed = {
  id: string
  code: string | null
  name: string
  version: number
  warnings: { code: string; queueId: string | null }[]
}
const warningsOf = async (id: string) => (await list()).find(queue => queue.id === id)!.warnings

describe('the settings of queues', () => {
  test('begin with one for chats, named in the language of who reads it', async () => {
    const chinese = await app.as('supervisor', { locale: 'zh' })
    expect(await list()).toMatchObject([{ code: 'chats', name: 'Chats', pushes: true }])
    expect((await chinese.get('/queues')).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ name: '在线聊天' })]),
    })
  })

  test('are for who may manage routing; an agent may read them', async () => {
    const agent = await app.as('agent')
    expect(await agent.get('/queues')).toMatchObject({ status: 200 })
    expect(await agent.post('/queues', { name: 'Mine' })).toMatchObject({ status: 403 })
  })

  test('change under the version that was read, and not under an older one', async () => {
    const { id, version } = await makeQueue(app, { storeIds: [(await makeStore(app)).id] })
    const change = { name: 'Renamed', expectedVersion: version }
    expect(await supervisor.patch(`/queues/${id}`, change)).toMatchObject({
      status: 200,
      body: { name: 'Renamed', version: version + 1, strategy: 'least_loaded' },
    })
    expect(await supervisor.patch(`/queues/${id}`, change)).toMatchObject({
      status: 409,
      body: { error: { code: 'changed_meanwhile' } },
    })
  })

  test('refuse a circle of overflow and night queue, in whichever hand it is closed', async () => {
    const store = await makeStore(app)
    const day = await makeQueue(app, { storeIds: [store.id] })
    const night = await makeQueue(app, { storeIds: [store.id], overflowSeconds: 60, overflowQueueId: day.id })
    expect(
      await supervisor.patch(`/queues/${day.id}`, {
        outOfHours: 'other_queue',
        outOfHoursQueueId: night.id,
      }),
    ).toMatchObject({ status: 422, body: { error: { code: 'queue_loop' } } })
    expect(
      await supervisor.patch(`/queues/${day.id}`, { overflowSeconds: 5, overflowQueueId: day.id }),
    ).toMatchObject({ status: 422, body: { error: { code: 'queue_loop' } } })
    expect(await supervisor.delete(`/queues/${day.id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'queue_in_use' } },
    })
  })

  test('refuse halves: an overflow without its queue, a night queue that is not named, people who are not there', async () => {
    const post = (fields: Record<string, unknown>) => supervisor.post('/queues', { name: 'X', ...fields })
    expect(await post({ overflowSeconds: 60 })).toMatchObject({
      body: { error: { code: 'overflow_incomplete' } },
    })
    expect(await post({ outOfHours: 'other_queue' })).toMatchObject({
      body: { error: { code: 'out_of_hours_incomplete' } },
    })
    expect(await post({ staffIds: [randomUUID()] })).toMatchObject({
      body: { error: { code: 'unknown_staff' } },
    })
    expect(await post({ teamIds: [randomUUID()] })).toMatchObject({
      body: { error: { code: 'unknown_team' } },
    })
    expect(await post({ storeIds: [randomUUID()] })).toMatchObject({ status: 422 })
  })

  test('warn of a queue nobody works in, nobody has the skills for, or nobody of it sees the store of', async () => {
    const store = await makeStore(app)
    const empty = await app.act(ctx => createTeam(ctx, { name: `Team ${app.unique()}` }))
    const elsewhere = await app.as('agent', { storeIds: [] })
    const queue = await makeQueue(app, { storeIds: [store.id], teamIds: [empty.id] })
    expect(await warningsOf(queue.id)).toMatchObject([{ code: 'no_members' }])
    await supervisor.patch(`/queues/${queue.id}`, { teamIds: [], staffIds: [elsewhere.id] })
    expect(await warningsOf(queue.id)).toMatchObject([{ code: 'no_member_sees_store' }])
    await supervisor.patch(`/queues/${queue.id}`, { skills: ['juggling'] })
    expect(await warningsOf(queue.id)).toMatchObject([{ code: 'nobody_with_skills' }])
  })

  test('warn of a queue that an earlier one swallows or cuts into, and not once it comes first', async () => {
    const [store, other] = [await makeStore(app), await makeStore(app)]
    const narrow = await makeQueue(app, { storeIds: [store.id], languages: ['de'] })
    const wide = await makeQueue(app, { storeIds: [store.id] })
    expect(await warningsOf(narrow.id)).toMatchObject([{ code: 'unreachable', queueId: wide.id }])
    expect(await warningsOf(wide.id)).toEqual([])
    const crossing = await makeQueue(app, { storeIds: [store.id, other.id], reasons: ['refund'] })
    expect(await warningsOf(wide.id)).toMatchObject([{ code: 'overlaps', queueId: crossing.id }])
    const ids = (await list()).map(({ id }) => id).filter(id => ![narrow.id, crossing.id].includes(id))
    const ordered = await supervisor.put('/queues/order', { ids: [narrow.id, ...ids, crossing.id] })
    expect(ordered).toMatchObject({ status: 200 })
    expect(await warningsOf(narrow.id)).toEqual([])
    expect(await supervisor.put('/queues/order', { ids: ids.slice(1) })).toMatchObject({
      status: 409,
    })
  })

  test('of all stores are not for who sees some', async () => {
    const store = await makeStore(app)
    const limited = await app.as('supervisor', { storeIds: [store.id] })
    expect(await limited.post('/queues', { name: 'All' })).toMatchObject({ status: 403 })
    expect(await limited.post('/queues', { name: 'Mine', storeIds: [store.id] })).toMatchObject({
      status: 201,
    })
  })
})

describe('a conversation finds its queue', () => {
  test('by store, language, reason and the tags of its customer; what fits none waits in none', async () => {
    const store = await makeQueuedStore(app, { pushes: false })
    const german = await makeQueue(app, { storeIds: [store.id], languages: ['de'], pushes: false })
    const { id } = await startChat(app, store)
    expect(await rowOf(app, id)).toMatchObject({ queue_id: store.queue.id, queued_why: 'terms' })
    const visitor = await makeVisitor(app, store)
    const second = await startChat(
      app,
      store,
      'Guten Tag, wo bleibt meine Bestellung? Ich warte noch.',
      visitor,
    )
    expect((await rowOf(app, second.id)).queue_id).toBe(german.id)
    await supervisor.delete(`/queues/${german.id}`)
    await app.settled()
    expect((await rowOf(app, second.id)).queue_id).toBe(store.queue.id)
    await supervisor.patch(`/queues/${store.queue.id}`, { channelKinds: ['mail'] })
    await app.settled()
    expect((await rowOf(app, id)).queue_id).toBe((await list()).find(({ code }) => code === 'chats')!.id)
  })

  test('that only holds, it waits for a hand although somebody is free', async () => {
    const store = await makeQueuedStore(app, { pushes: false })
    const agent = await goOnline(app, store)
    const { id } = await startChat(app, store)
    expect(await holderOf(app, id)).toBeNull()
    expect((await supervisor.get('/routing/queue')).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ conversationId: id, reason: 'held' })]),
    })
    await supervisor.patch(`/queues/${store.queue.id}`, { pushes: true })
    await app.settled()
    expect(await holderOf(app, id)).toBe(agent.id)
  })

  test('and the wall shows who waits there and who is there to take it', async () => {
    const store = await makeQueuedStore(app, { pushes: false })
    const agent = await goOnline(app, store)
    await supervisor.patch(`/queues/${store.queue.id}`, { staffIds: [agent.id] })
    await startChat(app, store)
    const { body } = await supervisor.get('/routing/queues/live')
    expect((body as { items: { id: string }[] }).items.find(({ id }) => id === store.queue.id)).toMatchObject(
      {
        waiting: 1,
        longestWaitingSince: expect.any(String),
        online: 1,
        busy: 0,
        members: [{ id: agent.id, state: 'online', units: 0, capacity: 150, openChats: 0 }],
      },
    )
  })
})

test('a weight that changes is a new row of its day; the old one stays to be read', async () => {
  const admin = await app.as('admin')
  expect((await admin.get('/routing/weights')).body).toMatchObject({
    items: [
      { channelKind: 'call', units: 100 },
      { channelKind: 'web_chat', units: 30 },
      { channelKind: 'mail', units: 10 },
      { channelKind: 'other', units: 20 },
    ],
  })
  app.clock.advance(60)
  const change = { units: 25, source: 'Our floor, November' }
  expect(await admin.put('/routing/weights/mail', change)).toMatchObject({ status: 200, body: change })
  const { rows } = await app.place.pool.query(
    "select units from channel_weights where channel_kind = 'mail' order by effective_from",
  )
  expect(rows).toEqual([{ units: 10 }, { units: 25 }])
})
