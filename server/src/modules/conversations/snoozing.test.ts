import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'

const app = await startTestApp()
const store = await makeStore(app)
const agent = await app.as('agent')

const hour = 3_600
const later = (seconds: number) => new Date(app.clock.now.getTime() + seconds * 1_000).toISOString()
const chat = async () => {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Hello')
  await app.settled()
  return { visitor, id: body.conversation.id }
}
const snooze = (id: string, until: string, more = {}) =>
  agent.put(`/conversations/${id}/snooze`, { until, ...more })
const statusOf = async (id: string) =>
  ((await agent.get(`/conversations/${id}`)).body as { status: { category: string } }).status.category
const linesOf = async (id: string) =>
  ((await agent.get(`/conversations/${id}/messages`)).body as { items: { system: unknown }[] }).items.flatMap(
    ({ system }) => system ?? [],
  )
const isListed = async (id: string, view: string) =>
  ((await agent.get(`/conversations?view=${view}&limit=100`)).body as { items: { id: string }[] }).items.some(
    row => row.id === id,
  )
const answered = async () => {
  const { visitor, id } = await chat()
  await agent.post(`/conversations/${id}/replies`, {
    clientId: crypto.randomUUID(),
    text: 'I look into it',
    lastSeenSeq: 1,
  })
  return { visitor, id }
}

describe('a snoozed conversation', () => {
  test('is out of sight until its time, and says so', async () => {
    const { id } = await answered()
    expect(await snooze(id, later(hour))).toMatchObject({
      status: 200,
      body: { status: { category: 'scheduled' }, snoozedUntil: later(hour) },
    })
    expect([await isListed(id, 'all'), await isListed(id, 'mine'), await isListed(id, 'snoozed')]).toEqual([
      false,
      false,
      true,
    ])
    app.clock.advance(hour - 1)
    await app.sweep()
    expect(await statusOf(id)).toBe('scheduled')
    app.clock.advance(1)
    await app.sweep()
    expect(await statusOf(id)).toBe('open')
    expect(await isListed(id, 'mine')).toBe(true)
    expect(await linesOf(id)).toMatchObject([
      { event: 'conversation.snoozed', params: { by: expect.any(String) } },
      { event: 'conversation.woken', params: { why: 'time' } },
    ])
    await app.sweep()
    expect(await linesOf(id)).toHaveLength(2)
  })

  test('comes back when the customer writes, and its old time wakes nobody', async () => {
    const { visitor, id } = await answered()
    await snooze(id, later(hour))
    await visitor.say('Any news?')
    await app.settled()
    expect(await agent.get(`/conversations/${id}`)).toMatchObject({
      body: { status: { category: 'open' }, snoozedUntil: null },
    })
    await agent.put(`/conversations/${id}/status`, { category: 'resolved' })
    app.clock.advance(hour)
    await app.sweep()
    expect(await statusOf(id)).toBe('resolved')
  })

  test('comes back when an answer is late', async () => {
    const { id } = await chat()
    await snooze(id, later(hour))
    expect(await statusOf(id)).toBe('scheduled')
    app.clock.advance(31)
    await app.sweep()
    await app.settled()
    expect(await statusOf(id)).toBe('open')
    expect(await linesOf(id)).toMatchObject([{}, { params: { why: 'clock' } }])
  })

  test('is brought back by hand, once', async () => {
    const { id } = await answered()
    await snooze(id, later(hour))
    const ended = await Promise.all([1, 2].map(() => agent.delete(`/conversations/${id}/snooze`)))
    expect(ended.map(({ status }) => status)).toEqual([200, 200])
    expect(await linesOf(id)).toHaveLength(2)
  })

  test('that ends is not to be woken', async () => {
    const { id } = await answered()
    await snooze(id, later(hour))
    await agent.put(`/conversations/${id}/status`, { category: 'closed' })
    app.clock.advance(hour)
    await app.sweep()
    expect(await statusOf(id)).toBe('closed')
  })
})

describe('snoozing', () => {
  test.each([
    ['into the past', -1],
    ['for longer than a year', 400 * 24 * hour],
  ])('%s is refused', async (_, seconds) => {
    const { id } = await answered()
    expect(await snooze(id, later(seconds))).toMatchObject({
      status: 422,
      body: { error: { code: 'until_out_of_range' } },
    })
  })

  test('what has ended is refused', async () => {
    const { id } = await answered()
    await agent.put(`/conversations/${id}/status`, { category: 'resolved' })
    expect(await snooze(id, later(hour))).toMatchObject({
      status: 409,
      body: { error: { code: 'conversation_ended' } },
    })
  })

  test('what somebody changed meanwhile is refused', async () => {
    const { id } = await answered()
    expect(await snooze(id, later(hour), { expectedVersion: 0 })).toMatchObject({ status: 409 })
  })
})
