import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { getConversation } from './conversations.ts'

const app = await startTestApp()
const store = await makeStore(app)
const [agent, colleague, admin] = [await app.as('agent'), await app.as('agent'), await app.as('admin')]
expect(
  await admin.post('/clock-policies', {
    ...{ code: 'first', names: { zh: '首次', en: 'First' }, kind: 'first_response', channel: 'web_chat' },
    ...{ storeId: store.id, window: { value: 10, unit: 'minute' }, source: 'contract' },
    verifiedAt: '2026-01-01',
  }),
).toMatchObject({ status: 201 })

async function chat() {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Where is my parcel?')
  await app.settled()
  app.clock.advance(60)
  return { visitor, id: body.conversation.id }
}
const rowOf = (id: string) => getConversation(app.look(), id)
const select = async (text: string, id: string) => (await app.place.pool.query(text, [id])).rows
const eventsOf = async (id: string) =>
  (await select('select name from events where conversation_id = $1 order by id', id)).map(
    ({ name }) => name as string,
  )
const hold = async (id: string, more = {}) => {
  const { lastSeq } = await rowOf(id)
  const body = { clientId: randomUUID(), text: 'Tomorrow', lastSeenSeq: lastSeq, why: 'undo', ...more }
  expect(await agent.post(`/conversations/${id}/held-replies`, body)).toMatchObject({ status: 201 })
}
const sent = async (id: string) => {
  app.clock.advance(11)
  await expect
    .poll(
      async () => {
        app.place.wake()
        return (await select('select state from held_replies where conversation_id = $1', id)).at(-1)
      },
      { timeout: 10_000 },
    )
    .toEqual({ state: 'sent' })
  await app.settled()
}
const act = (id: string, category: string, expectedVersion?: number, who = agent) =>
  who.post(`/conversations/${id}/actions`, {
    ...{ actions: [{ code: 'set_status', params: { category } }], expectedVersion },
  })

describe('a conversation that is resolved while its answer can still be taken back', () => {
  test('stays resolved when the answer goes out, and that is told once', async () => {
    const { id } = await chat()
    await hold(id)
    app.clock.advance(3)
    await act(id, 'resolved')
    const { resolvedAt } = await rowOf(id)
    await sent(id)
    expect(await rowOf(id)).toMatchObject({ category: 'resolved', resolvedAt, waitingSince: null })
    const events = await eventsOf(id)
    expect(events.filter(name => name === 'conversation.resolved')).toHaveLength(1)
    expect(events.filter(name => name === 'conversation.opened')).toHaveLength(1)
    expect(await select('select reopened_at from resolutions where conversation_id = $1', id)).toEqual([
      { reopened_at: null },
    ])
  })

  test('was answered: the wait, the first reply and the clock say so', async () => {
    const { id } = await chat()
    await hold(id)
    app.clock.advance(3)
    await act(id, 'resolved')
    await sent(id)
    expect((await rowOf(id)).repliedAt).not.toBe(null)
    expect(
      await select("select waited_ms::int from messages where conversation_id = $1 and kind = 'reply'", id),
    ).toEqual([{ waited_ms: 74_000 }])
    expect(
      await select(
        "select stop_reason, breached_at from clocks where subject_id = $1 and kind = 'first_response'",
        id,
      ),
    ).toEqual([{ stop_reason: 'answered', breached_at: null }])
  })

  test('whose wait a colleague has ended meanwhile is not waited for twice', async () => {
    const { id } = await chat()
    await hold(id)
    const said = { clientId: randomUUID(), text: 'It is here', lastSeenSeq: 9 }
    await colleague.post(`/conversations/${id}/replies`, said)
    await act(id, 'resolved')
    await sent(id)
    expect(
      await select(
        "select waited_ms::int from messages where conversation_id = $1 and kind = 'reply' order by seq",
        id,
      ),
    ).toEqual([{ waited_ms: 60_000 }, { waited_ms: null }])
  })

  test('is open again if the customer has written since', async () => {
    const { id, visitor } = await chat()
    await hold(id)
    await act(id, 'resolved')
    await visitor.say('Wait!')
    await sent(id)
    expect(await rowOf(id)).toMatchObject({ category: 'open' })
  })
})

test('an answer held in a conversation that was resolved before opens it, as one that is said at once does', async () => {
  const { id } = await chat()
  await act(id, 'resolved')
  app.clock.advance(5)
  await hold(id)
  await sent(id)
  expect(await rowOf(id)).toMatchObject({ category: 'open' })
})

test('an answer planned for an hour opens what was resolved meanwhile', async () => {
  const { id } = await chat()
  const sendAt = new Date(app.clock.now.getTime() + 8_000).toISOString()
  await hold(id, { why: 'scheduled', sendAt })
  await act(id, 'resolved')
  await sent(id)
  expect(await rowOf(id)).toMatchObject({ category: 'open' })
})

test('who answers and resolves at once has answered in time', async () => {
  const { id } = await chat()
  await hold(id, { afterwards: 'resolve' })
  await sent(id)
  expect(
    await select("select stop_reason from clocks where subject_id = $1 and kind = 'first_response'", id),
  ).toEqual([{ stop_reason: 'answered' }])
})

describe('whoever resolves what he saw before his own words had reached it', () => {
  const refused = { status: 409, body: { error: { code: 'changed_meanwhile' } } }

  test('is not told that somebody changed it, however many they were', async () => {
    const { id } = await chat()
    const { version } = await rowOf(id)
    await hold(id)
    await sent(id)
    await agent.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text: 'Lost at sea' })
    expect((await rowOf(id)).version).toBe(version + 2)
    expect(await act(id, 'resolved', version)).toMatchObject({ status: 200 })
    expect(await act(id, 'open', version)).toMatchObject(refused)
  })

  test('is told when the customer, a colleague or he himself has changed it besides', async () => {
    const { id, visitor } = await chat()
    const seen = async () => (await rowOf(id)).version
    const say = (who = agent) =>
      who.post(`/conversations/${id}/replies`, { clientId: randomUUID(), text: 'Yes', lastSeenSeq: 99 })
    const before = await seen()
    await say()
    await visitor.say('And?')
    expect(await act(id, 'resolved', before)).toMatchObject(refused)
    const one = await seen()
    await say()
    const two = await seen()
    expect(await act(id, 'resolved', one, colleague)).toMatchObject(refused)
    await agent.put(`/conversations/${id}/priority`, { priority: 'high' })
    await say()
    expect(await act(id, 'resolved', two)).toMatchObject(refused)
    await say(colleague)
    await say()
    expect(await act(id, 'resolved', two + 2)).toMatchObject(refused)
  })
})
