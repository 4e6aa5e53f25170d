import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Answer, startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import type { Wall } from './schemas.ts'

const app = await startTestApp()
const store = await makeStore(app)
const supervisor = await app.as('supervisor')

async function chat(at = store) {
  app.clock.advance(5)
  const visitor = await makeVisitor(app, at)
  const { body } = await visitor.say('Hello, where is my parcel?')
  await app.settled()
  return { visitor, id: body.conversation.id }
}
const heldBy = async (person: { id: string }) => {
  const made = await chat()
  await supervisor.put(`/conversations/${made.id}/assignee`, { staffId: person.id })
  return made
}
const eventsSince = async (id: number, name: string) =>
  (await app.place.pool.query('select payload from events where id > $1 and name = $2', [id, name])).rows.map(
    ({ payload }) => payload,
  )
const newest = async () =>
  (await app.place.pool.query('select coalesce(max(id), 0)::int as id from events')).rows[0].id as number
const log = async (id: string) =>
  ((await supervisor.get(`/conversations/${id}/assignments`)).body as { items: Record<string, unknown>[] })
    .items

describe('a whisper', () => {
  const say = (id: string, text = 'Offer him the refund') =>
    supervisor.post(`/conversations/${id}/whispers`, { clientId: randomUUID(), text })

  test('reaches the one who has the conversation, as a note that mentions him', async () => {
    const agent = await app.as('agent')
    const { id } = await heldBy(agent)
    const before = await newest()
    expect(await say(id)).toMatchObject({
      status: 201,
      body: { kind: 'note', isWhisper: true, mentions: [agent.id] },
    })
    expect(await eventsSince(before, 'whisper.made')).toMatchObject([
      { staffId: agent.id, conversationId: id },
    ])
    expect(await agent.get('/conversations?view=mentions')).toMatchObject({ body: { items: [{ id }] } })
  })

  test('never reaches the customer, neither in what he reads nor in what he is told', async () => {
    const agent = await app.as('agent')
    const { visitor, id } = await heldBy(agent)
    const before = await newest()
    await say(id, 'Between us: he is right')
    await agent.post(`/conversations/${id}/replies`, {
      clientId: randomUUID(),
      text: 'You are right',
      lastSeenSeq: 9,
    })
    const read = JSON.stringify((await visitor.get('/widget/messages')).body)
    expect(read).toContain('You are right')
    expect(read).not.toContain('Between us')
    const rows = await app.place.pool.query('select name, payload from events where id > $1', [before])
    const { eventTypes } = await import('../index.ts')
    const told = rows.rows.filter(({ name, payload }) =>
      eventTypes
        .find(type => type.name === name)!
        .rooms(payload as never)
        .some(room => room.startsWith('visitor:')),
    )
    expect(told.map(({ payload }) => payload.kind ?? null)).not.toContain('note')
    expect(told.map(({ name }) => name)).not.toContain('whisper.made')
    expect(told.length).toBeGreaterThan(0)
  })

  test('needs somebody to hear it, and a supervisor who sees the store', async () => {
    const { id } = await chat()
    await supervisor.put(`/conversations/${id}/assignee`, { staffId: null })
    expect(await say(id)).toMatchObject({ status: 409, body: { error: { code: 'nobody_to_whisper_to' } } })
    await supervisor.put(`/conversations/${id}/assignee`, { staffId: supervisor.id })
    expect(await say(id)).toMatchObject({ status: 409, body: { error: { code: 'whisper_to_oneself' } } })
    const other = await app.as('supervisor', { storeIds: [(await makeStore(app)).id] })
    expect(
      await other.post(`/conversations/${id}/whispers`, { clientId: randomUUID(), text: 'x' }),
    ).toMatchObject({ status: 404 })
    expect(
      await (await app.as('agent')).post(`/conversations/${id}/whispers`, {
        clientId: randomUUID(),
        text: 'x',
      }),
    ).toMatchObject({ status: 403 })
  })
})

describe('stepping in', () => {
  test('is a reply that leaves the conversation with the one who has it', async () => {
    const agent = await app.as('agent')
    const { id } = await heldBy(agent)
    await supervisor.post(`/conversations/${id}/replies`, {
      ...{ clientId: randomUUID(), text: 'I will see to it', lastSeenSeq: 9 },
    })
    expect(await supervisor.get(`/conversations/${id}`)).toMatchObject({
      body: { assignee: { id: agent.id } },
    })
  })
})

describe('moving work', () => {
  const move = (body: Record<string, unknown>, who = supervisor) =>
    who.post('/moves', { note: 'He is ill', ...body })

  test('goes to a colleague with the reason in the log', async () => {
    const [from, to] = [await app.as('agent'), await app.as('agent')]
    const [one, two] = [await heldBy(from), await heldBy(from)]
    expect(
      await move({ what: { kind: 'staff', id: from.id }, to: { kind: 'staff', id: to.id } }),
    ).toMatchObject({
      status: 200,
      body: { moved: [one.id, two.id].sort(), left: [], isMore: false },
    })
    expect((await log(one.id))[0]).toMatchObject({
      ...{ reason: 'moved', params: { note: 'He is ill' } },
      ...{ staff: { id: to.id }, from: { id: from.id }, by: { kind: 'staff' } },
    })
  })

  test('goes to a queue, and stays there until the customer waits anew', async () => {
    const agent = await app.as('agent')
    const queue = (
      await supervisor.post('/queues', { name: 'Second line', languages: ['xh'], pushes: false })
    ).body as {
      id: string
    }
    const { id } = await heldBy(agent)
    await move({ what: { kind: 'conversations', ids: [id] }, to: { kind: 'queue', id: queue.id } })
    await app.settled()
    await app.sweep()
    expect(await supervisor.get(`/conversations/${id}`)).toMatchObject({
      body: { assignee: null, queueId: queue.id },
    })
    expect((await log(id))[0]).toMatchObject({ params: { note: 'He is ill', to: 'Second line' } })
  })

  test('leaves what is resolved, unseen or not for that colleague, and says why', async () => {
    const agent = await app.as('agent', { storeIds: [store.id] })
    const [done, elsewhere, fine] = [await chat(), await chat(await makeStore(app)), await chat()]
    await supervisor.put(`/conversations/${done.id}/status`, { category: 'resolved' })
    const ids = [done.id, elsewhere.id, fine.id]
    const { body } = (await move({
      what: { kind: 'conversations', ids },
      to: { kind: 'staff', id: agent.id },
    })) as Answer<{
      left: { id: string }[]
    }>
    expect(body).toMatchObject({ moved: [fine.id] })
    expect(body.left.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))).toEqual([
      { id: done.id, code: 'conversation_done' },
      { id: elsewhere.id, code: 'store_not_visible' },
    ])
    const narrow = await app.as('supervisor', { storeIds: [(await makeStore(app)).id] })
    expect(
      await move(
        { what: { kind: 'conversations', ids: [fine.id] }, to: { kind: 'staff', id: supervisor.id } },
        narrow,
      ),
    ).toMatchObject({ body: { moved: [], left: [{ code: 'conversation_not_found' }] } })
  })
})

describe('a colleague who left', () => {
  test('is set offline, in the audit trail, and what waited with him goes on', async () => {
    const agent = await app.as('agent')
    await agent.put('/session/availability', { state: 'online' })
    const { id } = await heldBy(agent)
    expect(await supervisor.put(`/staff/${agent.id}/availability`, { state: 'offline' })).toMatchObject({
      body: { state: 'offline', reason: 'set_by_supervisor' },
    })
    await app.settled()
    expect(await supervisor.get(`/conversations/${id}`)).not.toMatchObject({
      body: { assignee: { id: agent.id } },
    })
    const { rows } = await app.place.pool.query(
      "select actor_id from audit_entries where action = 'staff.availability_set' and object = $1",
      [`staff:${agent.id}`],
    )
    expect(rows).toEqual([{ actor_id: supervisor.id }])
    expect(await supervisor.put(`/staff/${agent.id}/availability`, { state: 'online' })).toMatchObject({
      status: 422,
    })
  })
})

describe('the wall', () => {
  const wall = async (who: { get: (url: string) => Promise<Answer> }) =>
    (await who.get('/insight/wall')).body as unknown as Wall

  test('shows who waits, who is there with what, and which clocks run out; only of stores one sees', async () => {
    const [mine, other] = [await makeStore(app), await makeStore(app)]
    const narrow = await app.as('supervisor', { storeIds: [mine.id] })
    const agent = await app.as('agent', { storeIds: [mine.id] })
    await agent.put('/session/availability', { state: 'busy' })
    const [waiting, held] = [await chat(mine), await chat(mine)]
    await chat(other)
    await supervisor.put(`/conversations/${waiting.id}/assignee`, { staffId: null })
    await supervisor.put(`/conversations/${held.id}/assignee`, { staffId: agent.id })
    app.clock.advance(20)
    const shown = await wall(narrow)
    expect(shown.longest.map(({ conversationId }) => conversationId)).toEqual([waiting.id])
    expect(shown).toMatchObject({
      waiting: { waiting: 1 },
      byChannel: [{ key: 'web_chat', waiting: 1 }],
      today: { contacts: 2, answered: 0 },
    })
    expect(shown.agents.find(({ id }) => id === agent.id)).toMatchObject({
      ...{ state: 'busy', openChats: 1, has: [{ conversationId: held.id }] },
    })
    expect(shown.clocks.nearest.map(({ conversationId }) => conversationId)).toEqual(
      expect.arrayContaining([waiting.id]),
    )
  })

  test('is reckoned once a second for all who see the same', async () => {
    const first = await wall(supervisor)
    await chat()
    expect(await wall(await app.as('supervisor'))).toEqual(first)
    await expect.poll(async () => (await wall(supervisor)).at, { timeout: 3_000 }).not.toEqual(first.at)
  })
})
