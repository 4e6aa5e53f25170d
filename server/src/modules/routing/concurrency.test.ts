import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeVisitor } from '../../../test/make.ts'
import { assignByRouting } from '../conversations/assignment.ts'
import { getConversation } from '../conversations/conversations.ts'
import { allocate } from './routing.ts'
import { goOnline, holderOf, makeQueue, makeQueuedStore, startChat } from './test-queues.ts'

const app = await startTestApp()

const heldBy = async (staffId: string) =>
  (
    await app.place.pool.query(
      "select count(*) as n from conversations where assignee_id = $1 and category in ('new', 'open')",
      [staffId],
    )
  ).rows[0].n as number

/** Many processes at once: each its own transaction, none of them waits for the reactions' turn. */
const allocators = (n: number) => Promise.all(Array.from({ length: n }, () => app.act(ctx => allocate(ctx))))

test('allocators at once, over queues that share their agents, push nobody above his cap and give nothing twice', async () => {
  const store = await makeQueuedStore(app)
  const second = await makeQueue(app, { storeIds: [store.id], languages: ['de'] })
  const agents = []
  for (let n = 0; n < 3; n++)
    agents.push(await goOnline(app, store, { languages: ['en', 'de'], capacity: 90, chatLimit: 4 }))
  for (const agent of agents) await agent.put('/session/availability', { state: 'busy' })
  await app.settled()
  const visitors = await Promise.all(Array.from({ length: 16 }, () => makeVisitor(app, store)))
  const said = await Promise.all(
    visitors.map((visitor, n) =>
      visitor.say(
        n % 2
          ? 'Hello, can you help me with an order please?'
          : 'Guten Tag, wo bleibt meine Bestellung? Ich warte seit zwei Wochen.',
      ),
    ),
  )
  const ids = said.map(({ body }) => body.conversation.id)
  await app.settled()
  await app.place.pool.query("update staff set availability = 'online' where id = any($1)", [
    agents.map(({ id }) => id),
  ])
  await allocators(8)
  await app.settled()
  for (const agent of agents) expect(await heldBy(agent.id)).toBe(3)
  const holders = await Promise.all(ids.map(id => holderOf(app, id)))
  expect(holders.filter(id => id === null)).toHaveLength(7)
  const { rows } = await app.place.pool.query(
    'select queue_id, count(*) as n from conversations where id = any($1) group by 1',
    [ids],
  )
  expect(new Set(rows.map(row => row.queue_id))).toEqual(new Set([store.queue.id, second.id]))
  const given = await app.place.pool.query(
    'select conversation_id from assignments where conversation_id = any($1)',
    [ids],
  )
  expect(given.rows).toHaveLength(9)
})

test('people and allocators at once: whom a person gave it keeps it, and the history tells each act once', async () => {
  const store = await makeQueuedStore(app)
  await makeQueue(app, { storeIds: [store.id], languages: ['de'] })
  const agents: Awaited<ReturnType<typeof goOnline>>[] = []
  for (let n = 0; n < 3; n++)
    agents.push(await goOnline(app, store, { languages: ['en', 'de'], chatLimit: 2 }))
  const hand = await app.as('supervisor', { storeIds: [store.id] })
  const byHand = new Map<string, string>()
  const visitors = await Promise.all(Array.from({ length: 24 }, () => makeVisitor(app, store)))
  await Promise.all(
    visitors.map(async (visitor, n) => {
      const { body } = await visitor.say('Hello, can you help me with an order please?')
      const id = body.conversation.id
      const work = [app.act(ctx => allocate(ctx))] as Promise<unknown>[]
      if (n % 3 === 0) {
        const staffId = agents[n % 2]!.id
        work.push(
          hand.put(`/conversations/${id}/assignee`, { staffId, expected: null }).then(({ status }) => {
            if (status === 200) byHand.set(id, staffId)
            else expect(status).toBe(409)
          }),
        )
      }
      await Promise.all(work)
    }),
  )
  await app.settled()
  for (const [id, staffId] of byHand) expect(await holderOf(app, id)).toBe(staffId)
  const { rows } = await app.place.pool.query(
    `select c.id, c.assignee_id, array_agg(a.staff_id order by a.at, a.id) as path, array_agg(a.from_id order by a.at, a.id) as froms,
       (select count(*) from events e where e.conversation_id = c.id and e.name = 'conversation.assigned') as told
     from conversations c join assignments a on a.conversation_id = c.id where c.store_id = $1 group by c.id`,
    [store.id],
  )
  for (const { id, assignee_id: holder, path, froms, told } of rows) {
    expect(path).toEqual([holder])
    expect(froms).toEqual([null])
    expect({ id, told }).toEqual({ id, told: 1 })
  }
  for (const agent of agents) {
    const taken = rows.filter(row => row.assignee_id === agent.id && !byHand.has(row.id)).length
    expect(taken).toBeLessThanOrEqual(2)
  }
})

describe('the robot, with what it read a moment ago,', () => {
  const waiting = async () => {
    const store = await makeQueuedStore(app, { pushes: false })
    const robots = await goOnline(app, store)
    const person = await app.as('agent', { storeIds: [store.id] })
    const { id } = await startChat(app, store)
    const row = await app.act(ctx => getConversation(ctx, id))
    const give = () =>
      app.act(ctx =>
        assignByRouting(ctx, [{ conversation: row, staffId: robots.id, reason: 'least_loaded', params: {} }]),
      )
    return { id, person, robots, give }
  }

  test('takes nothing from a person who was quicker, nor gives out what one has ended', async () => {
    const taken = await waiting()
    await taken.person.put(`/conversations/${taken.id}/assignee`, { staffId: taken.person.id })
    expect((await taken.give()).size).toBe(0)
    expect(await holderOf(app, taken.id)).toBe(taken.person.id)
    const ended = await waiting()
    await ended.person.put(`/conversations/${ended.id}/status`, { category: 'resolved' })
    expect((await ended.give()).size).toBe(0)
    expect(await holderOf(app, ended.id)).toBeNull()
  })

  test('does not wait for a person who holds it this moment, and gives it out later', async () => {
    const { id, robots, give } = await waiting()
    const client = await app.place.pool.connect()
    try {
      await client.query('begin')
      await client.query('select from conversations where id = $1 for update', [id])
      expect((await give()).size).toBe(0)
      await client.query('rollback')
    } finally {
      client.release()
    }
    expect((await give()).size).toBe(1)
    expect(await holderOf(app, id)).toBe(robots.id)
  })
})
