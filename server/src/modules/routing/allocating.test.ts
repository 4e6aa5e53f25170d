import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { conversationChanged } from '../conversations/events.ts'
import { createCalendar } from '../settings/calendars.ts'
import { goOnline, holderOf, makeQueue, makeQueuedStore, rowOf, startChat } from './test-queues.ts'

const app = await startTestApp()

/** What the clock does each second, while the consoles of those at work beat. */
const tick = async () => {
  await app.place.pool.query('update staff set last_seen_at = $1', [app.clock.now])
  await app.sweep()
  await app.settled()
}

const resolve = async (agent: { put: typeof app.put }, id: string) => {
  expect(await agent.put(`/conversations/${id}/status`, { category: 'resolved' })).toMatchObject({
    status: 200,
  })
  await app.settled()
}

const latestReason = async (id: string) =>
  (
    await app.place.pool.query(
      'select reason, params from assignments where conversation_id = $1 order by at desc, id desc limit 1',
      [id],
    )
  ).rows[0]

const workdays = [{ from: '09:00', to: '18:00' }]
const week = { 1: workdays, 2: workdays, 3: workdays, 4: workdays, 5: workdays, 6: [], 7: [] }
const daytime = () =>
  app.act(ctx =>
    createCalendar(ctx, {
      name: `Hours ${app.unique()}`,
      zone: 'UTC',
      weekly: week,
      closed: [],
      special: [],
    }),
  )

describe('capacity', () => {
  test('is counted in units over all channels, beside the limit of chats', async () => {
    const store = await makeQueuedStore(app)
    const agent = await goOnline(app, store, { capacity: 70, chatLimit: 5 })
    const chats = []
    for (let n = 0; n < 3; n++) chats.push(await startChat(app, store))
    const holders = await Promise.all(chats.map(({ id }) => holderOf(app, id)))
    expect(holders).toEqual([agent.id, agent.id, null])
    const { params } = await latestReason(chats[1]!.id)
    expect(params).toMatchObject({ units: 30, capacity: 70, openChats: 1, chatLimit: 5, candidates: 1 })
  })

  test('may be passed by a hand, and then takes nothing until it is kept again', async () => {
    const store = await makeQueuedStore(app)
    const agent = await goOnline(app, store, { capacity: 30 })
    const [first, second, third] = [
      await startChat(app, store),
      await startChat(app, store),
      await startChat(app, store),
    ]
    await agent.put(`/conversations/${second.id}/assignee`, { staffId: agent.id })
    await resolve(agent, first.id)
    expect(await holderOf(app, third.id)).toBeNull()
    await resolve(agent, second.id)
    expect(await holderOf(app, third.id)).toBe(agent.id)
  })
})

describe('the order of a line', () => {
  test('is urgent first, then VIP, then who waits longest', async () => {
    const store = await makeQueuedStore(app, { vipTags: ['gold'] })
    const agent = await goOnline(app, store, { chatLimit: 1 })
    const first = await startChat(app, store)
    const waiting = []
    for (let n = 0; n < 4; n++) {
      app.clock.advance(1)
      waiting.push(await startChat(app, store))
    }
    const [plain, low, vip, urgent] = waiting as [typeof first, typeof first, typeof first, typeof first]
    await app.place.pool.query('update customers set tags = $2 where id = $1', [
      (await rowOf(app, vip.id)).customer_id,
      ['gold'],
    ])
    await agent.put(`/conversations/${urgent.id}/priority`, { priority: 'urgent' })
    await agent.put(`/conversations/${low.id}/priority`, { priority: 'low' })
    await app.as('supervisor').then(one => one.patch(`/queues/${store.queue.id}`, { name: 'Anew' }))
    await app.settled()
    expect((await vip.visitor.get('/widget/conversation')).body).toMatchObject({ queue: { place: 2 } })
    expect((await low.visitor.get('/widget/conversation')).body).toMatchObject({ queue: { place: 4 } })
    for (const [done, next] of [
      [first, urgent],
      [urgent, vip],
      [vip, plain],
      [plain, low],
    ] as const) {
      await resolve(agent, done.id)
      expect(await holderOf(app, next.id)).toBe(agent.id)
    }
  })

  test('is not stopped by a head of hundreds that nobody at work can serve', async () => {
    const store = await makeQueuedStore(app)
    await app.as('agent', { storeIds: [store.id], languages: ['de'] })
    const agent = await goOnline(app, store, { chatLimit: 1 })
    const blocking = await startChat(app, store)
    const seed = await startChat(app, store)
    await app.place.pool.query(
      `insert into conversations (id, store_id, channel_id, channel_kind, customer_id, identity_id, category, language,
         last_activity_at, waiting_since, opened_at)
       select gen_random_uuid(), store_id, channel_id, channel_kind, customer_id, identity_id, 'new', 'de', opened_at,
         opened_at - interval '1 hour', opened_at - interval '1 hour'
       from conversations, generate_series(1, 700) where conversations.id = $1`,
      [seed.id],
    )
    await tick()
    expect(await holderOf(app, seed.id)).toBeNull()
    await resolve(agent, blocking.id)
    expect(await holderOf(app, seed.id)).toBe(agent.id)
  })
})

describe('strategies', () => {
  test('longest idle gives to whom nothing came and from whom nothing went for longest', async () => {
    const store = await makeQueuedStore(app, { strategy: 'longest_idle' })
    const [one, two] = [await goOnline(app, store), await goOnline(app, store)]
    const holders = []
    for (let n = 0; n < 4; n++) {
      app.clock.advance(5)
      holders.push(await holderOf(app, (await startChat(app, store)).id))
    }
    expect(holders).toEqual([one.id, two.id, one.id, two.id])
  })

  test('skill first gives to who names the language first, and only to who has every skill', async () => {
    const store = await makeQueuedStore(app, { strategy: 'skill_first', skills: ['returns'] })
    await goOnline(app, store, { languages: ['en'] })
    await goOnline(app, store, { languages: ['fr', 'en'], skills: ['returns'] })
    const best = await goOnline(app, store, { languages: ['en'], skills: ['returns'] })
    const { id } = await startChat(app, store)
    expect(await holderOf(app, id)).toBe(best.id)
    expect(await latestReason(id)).toMatchObject({
      reason: 'skill_first',
      params: { queue: store.queue.name, queuedWhy: 'terms', candidates: 2, others: [{ units: 0 }] },
    })
  })
})

describe('the agent a customer had before', () => {
  const meet = async (stickyWaitSeconds: number) => {
    const store = await makeQueuedStore(app, { stickyHours: 24, stickyWaitSeconds })
    const known = await goOnline(app, store, { chatLimit: 1 })
    const { visitor, id } = await startChat(app, store)
    await resolve(known, id)
    await app.place.pool.query("update conversations set category = 'closed' where id = $1", [id])
    const other = await goOnline(app, store)
    return { store, known, other, visitor }
  }

  test('has him again, although another is as free', async () => {
    const { store, known, visitor } = await meet(0)
    const { id } = await startChat(app, store, 'Hello again, one more question', visitor)
    expect(await holderOf(app, id)).toBe(known.id)
    expect(await latestReason(id)).toMatchObject({ reason: 'last_agent' })
  })

  test('is waited for while he is full, but not for longer than the queue says', async () => {
    const { store, known, other, visitor } = await meet(60)
    await other.put('/session/availability', { state: 'busy' })
    const stranger = await startChat(app, store)
    expect(await holderOf(app, stranger.id)).toBe(known.id)
    await other.put('/session/availability', { state: 'online' })
    const { id } = await startChat(app, store, 'Hello again, one more question', visitor)
    expect(await holderOf(app, id)).toBeNull()
    app.clock.advance(59)
    await tick()
    expect(await holderOf(app, id)).toBeNull()
    app.clock.advance(1)
    await tick()
    expect(await holderOf(app, id)).toBe(other.id)
  })

  test('is not waited for when he is not at work, nor after the hours the queue remembers', async () => {
    const { store, known, other, visitor } = await meet(600)
    await known.put('/session/availability', { state: 'away' })
    const { id } = await startChat(app, store, 'Hello again, one more question', visitor)
    expect(await holderOf(app, id)).toBe(other.id)
  })
})

test('after a resolve an agent has his wrap-up, however many were resolved at once', async () => {
  const store = await makeQueuedStore(app, { wrapUpSeconds: 30 })
  const agent = await goOnline(app, store, { chatLimit: 1 })
  const first = await startChat(app, store)
  const second = await startChat(app, store)
  await resolve(agent, first.id)
  expect(await holderOf(app, second.id)).toBeNull()
  app.clock.advance(29)
  await tick()
  expect(await holderOf(app, second.id)).toBeNull()
  app.clock.advance(1)
  await tick()
  expect(await holderOf(app, second.id)).toBe(agent.id)
})

test('what waits too long goes on to the next queue, says so, and its members take it', async () => {
  const store = await makeQueuedStore(app)
  const backup = await app.as('agent', { storeIds: [store.id], languages: ['en'] })
  const second = await makeQueue(app, { storeIds: [store.id], reasons: ['never'], staffIds: [backup.id] })
  const first = await makeQueue(app, {
    storeIds: [store.id],
    staffIds: [(await app.as('agent', { storeIds: [store.id] })).id],
    overflowSeconds: 60,
    overflowQueueId: second.id,
  })
  await backup.put('/session/availability', { state: 'online' })
  const { id } = await startChat(app, store)
  app.clock.advance(59)
  await tick()
  expect(await rowOf(app, id)).toMatchObject({ queue_id: first.id, assignee_id: null })
  app.clock.advance(1)
  await tick()
  expect(await rowOf(app, id)).toMatchObject({ queue_id: second.id, assignee_id: backup.id })
  expect(await latestReason(id)).toMatchObject({ params: { queuedWhy: 'overflow', queue: second.name } })
})

describe('out of hours', () => {
  test('a queue that holds gives nothing out until the store opens, and counts its overflow from there', async () => {
    app.clock.now = new Date('2026-01-06T18:30:00Z')
    const calendar = await daytime()
    const store = await makeQueuedStore(app, {}, { calendarId: calendar.id })
    const other = await makeQueue(app, { storeIds: [store.id], reasons: ['never'] })
    const holding = await makeQueue(app, {
      storeIds: [store.id],
      outOfHours: 'hold',
      overflowSeconds: 600,
      overflowQueueId: other.id,
    })
    const agent = await goOnline(app, store)
    const { id } = await startChat(app, store)
    expect(await rowOf(app, id)).toMatchObject({
      assignee_id: null,
      queue_id: holding.id,
      overflow_at: new Date('2026-01-07T09:10:00Z'),
    })
    app.clock.now = new Date('2026-01-07T08:59:59Z')
    await tick()
    expect(await holderOf(app, id)).toBeNull()
    app.clock.advance(1)
    await tick()
    expect(await rowOf(app, id)).toMatchObject({ assignee_id: agent.id, queue_id: holding.id })
  })

  test('a queue may hand over to another one, also what waits already when the store closes', async () => {
    app.clock.now = new Date('2026-01-07T17:59:00Z')
    const calendar = await daytime()
    const store = await makeQueuedStore(app, {}, { calendarId: calendar.id })
    const night = await makeQueue(app, { storeIds: [store.id], reasons: ['never'], pushes: false })
    const day = await makeQueue(app, {
      storeIds: [store.id],
      outOfHours: 'other_queue',
      outOfHoursQueueId: night.id,
    })
    const early = await startChat(app, store)
    expect(await rowOf(app, early.id)).toMatchObject({ queue_id: day.id })
    app.clock.advance(60)
    await tick()
    const late = await startChat(app, store)
    for (const { id } of [early, late])
      expect(await rowOf(app, id)).toMatchObject({ queue_id: night.id, queued_why: 'out_of_hours' })
  })
})

test('an agent who drops off leaves what he had not answered; it keeps its place before others', async () => {
  const store = await makeQueuedStore(app)
  const leaver = await goOnline(app, store, { chatLimit: 1 })
  const { id } = await startChat(app, store)
  app.clock.advance(5)
  const later = await startChat(app, store)
  await app.place.pool.query("update staff set last_seen_at = now() - interval '1 year' where id = $1", [
    leaver.id,
  ])
  await app.sweep()
  await app.settled()
  expect(await holderOf(app, id)).toBeNull()
  expect((await later.visitor.get('/widget/conversation')).body).toMatchObject({ queue: { place: 2 } })
  const next = await goOnline(app, store, { chatLimit: 1 })
  expect(await holderOf(app, id)).toBe(next.id)
  const { rows } = await app.place.pool.query(
    'select state, reason from availability_log where staff_id = $1 order by at, id',
    [leaver.id],
  )
  expect(rows).toEqual([
    { state: 'online', reason: null },
    { state: 'away', reason: 'connection_lost' },
  ])
})

test('a conversation that is another case now finds another queue', async () => {
  const store = await makeQueuedStore(app, { pushes: false })
  const refunds = await makeQueue(app, { storeIds: [store.id], reasons: ['refund'], pushes: false })
  const { id } = await startChat(app, store)
  const row = await rowOf(app, id)
  await app.place.pool.query("update conversations set reason = 'refund' where id = $1", [id])
  const about = { conversationId: id, storeId: row.store_id, identityId: row.identity_id }
  await app.act(async ctx => ctx.emit(conversationChanged, { ...about, fields: ['reason'] }))
  await app.settled()
  expect((await rowOf(app, id)).queue_id).toBe(refunds.id)
})
