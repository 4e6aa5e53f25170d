import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { createPolicy } from '../clocks/policies.ts'
import type { NewPolicy } from '../clocks/schemas.ts'
import { newPolicy } from '../clocks/test-policies.ts'
import { changeCalendar, createCalendar } from '../settings/calendars.ts'
import { never } from './tables.ts'

const app = await startTestApp()
const agent = await app.as('agent')
const hours = (value: number) => ({ value, unit: 'hour' as const })

/** A store that owes each of the kinds named, day and night. */
async function openShop(...policies: Partial<NewPolicy>[]) {
  const store = await makeStore(app)
  for (const policy of policies)
    await app.act(ctx =>
      createPolicy(
        ctx,
        newPolicy({ code: `test-${app.unique()}`, storeId: store.id, calendar: 'always', ...policy }),
      ),
    )
  const customer = await makeVisitor(app, store)
  const { body } = await customer.say('Hello')
  const { id } = body.conversation
  return { store, customer, id }
}

const resolution: Partial<NewPolicy> = {
  kind: 'resolution',
  window: hours(8),
  pausesOn: ['customer', 'carrier'],
}
const update: Partial<NewPolicy> = { kind: 'update', window: hours(2), pausesOn: ['customer'] }

type Clock = { id: string; kind: string; dueAt: string | null; pauseReason: string | null; policy: object }
const clocksOf = async (id: string) =>
  ((await agent.get(`/conversations/${id}/clocks`)).body as { items: Clock[] }).items
const kindsOf = async (id: string) => (await clocksOf(id)).map(({ kind }) => kind)
const nearest = async (id: string) => {
  const { rows } = await app.place.pool.query('select due_at from conversations where id = $1', [id])
  return rows[0].due_at.getTime() === never.getTime() ? null : rows[0].due_at.toISOString()
}
const inHours = (count: number) => new Date(app.clock.now.getTime() + count * 3_600_000).toISOString()
const reply = (id: string, fields: object = {}) =>
  agent.post(`/conversations/${id}/replies`, {
    ...{ clientId: randomUUID(), text: 'Yes', attachmentIds: [], lastSeenSeq: 100 },
    ...fields,
  })
const setStatus = (id: string, body: object) => agent.put(`/conversations/${id}/status`, body)

describe('a conversation that owes several things', () => {
  test('runs a clock for each, shows the nearest, and lists them with their rules', async () => {
    const { id } = await openShop(resolution, update)
    const clocks = await clocksOf(id)
    expect(clocks).toMatchObject([
      {
        kind: 'first_response',
        policy: { code: 'chat-first-response', names: { zh: '在线客服：30 秒内首次响应' } },
        internalDueAt: new Date(app.clock.now.getTime() + 15_000).toISOString(),
      },
      { kind: 'update', dueAt: inHours(2), policy: { window: hours(2), stopsOn: expect.anything() } },
      { kind: 'resolution', dueAt: inHours(8) },
    ])
    expect(await nearest(id)).toBe(clocks[0]!.dueAt)
  })

  test('has the first answered by a reply, news owed anew from then, and the whole until it is resolved', async () => {
    const { id, customer } = await openShop(resolution, update, { kind: 'next_response', window: hours(1) })
    const opened = app.clock.now.getTime()
    app.clock.advance(10)
    await reply(id)
    expect(await clocksOf(id)).toMatchObject([
      { kind: 'update', dueAt: inHours(2) },
      { kind: 'resolution', dueAt: new Date(opened + 8 * 3_600_000).toISOString() },
    ])
    expect(await nearest(id)).toBe(inHours(2))
    await customer.say('And then?')
    expect(await kindsOf(id)).toEqual(['next_response', 'update', 'resolution'])
    expect(await nearest(id)).toBe(inHours(1))
    await reply(id, { afterwards: 'resolve' })
    expect(await kindsOf(id)).toEqual([])
    expect(await nearest(id)).toBeNull()
  })

  test('keeps what each took of ours and what the customer felt', async () => {
    const { id } = await openShop(resolution)
    app.clock.advance(3_600)
    await setStatus(id, { category: 'waiting_customer' })
    app.clock.advance(7_200)
    await setStatus(id, { category: 'resolved' })
    const { rows } = await app.place.pool.query(
      'select kind, own_ms, felt_ms from clocks where subject_id = $1 order by kind',
      [id],
    )
    expect(rows).toEqual([
      { kind: 'first_response', own_ms: 10_800_000, felt_ms: 10_800_000 },
      { kind: 'resolution', own_ms: 3_600_000, felt_ms: 10_800_000 },
    ])
  })

  test('owes its resolution anew when it is opened again', async () => {
    const { id } = await openShop(resolution)
    await setStatus(id, { category: 'resolved' })
    app.clock.advance(3_600)
    await setStatus(id, { category: 'open' })
    expect(await clocksOf(id)).toMatchObject([{ kind: 'resolution', dueAt: inHours(8) }])
    expect(await nearest(id)).toBe(inHours(8))
  })
})

describe('waiting', () => {
  test('for the customer halts what may stand still, until he writes', async () => {
    const { id, customer } = await openShop(resolution, update)
    app.clock.advance(3_600)
    await reply(id, { afterwards: 'wait_customer' })
    expect(await clocksOf(id)).toMatchObject([
      { kind: 'resolution', dueAt: null, pauseReason: 'customer' },
      { kind: 'update', dueAt: null, pauseReason: 'customer' },
    ])
    expect(await nearest(id)).toBeNull()
    app.clock.advance(5 * 3_600)
    await customer.say('Here it is')
    const resumed = (await clocksOf(id)).find(({ kind }) => kind === 'resolution')
    expect(resumed).toMatchObject({ dueAt: inHours(7), pauseReason: null })
    expect(await nearest(id)).toBe(inHours(2))
  })

  test('for a third party halts only what its policy grants that one, and only with a reason', async () => {
    const { id } = await openShop(resolution, update)
    await reply(id)
    await setStatus(id, { category: 'waiting_third_party' })
    expect((await clocksOf(id)).map(({ pauseReason }) => pauseReason)).toEqual([null, null])
    const { body } = await setStatus(id, { category: 'waiting_third_party', waitingFor: 'carrier' })
    expect(body).toMatchObject({
      status: { waitingFor: 'carrier' },
      clock: { kind: 'update', pauseReason: null },
    })
    expect(await clocksOf(id)).toMatchObject([
      { kind: 'update', pauseReason: null },
      { kind: 'resolution', pauseReason: 'carrier' },
    ])
    expect(await nearest(id)).toBe(inHours(2))
    await setStatus(id, { category: 'open' })
    expect((await clocksOf(id)).map(({ pauseReason }) => pauseReason)).toEqual([null, null])
  })

  test('for somebody while nobody waits for him is refused', async () => {
    const { id } = await openShop()
    expect(await setStatus(id, { category: 'open', waitingFor: 'carrier' })).toMatchObject({
      status: 422,
      body: { error: { code: 'waits_for_nobody' } },
    })
  })
})

test('a calendar that is edited moves the nearest due time of its conversations', async () => {
  const all = [{ from: '00:00', to: '24:00' }]
  const days = { 1: all, 2: all, 3: all, 4: all, 5: all, 6: all, 7: all }
  const calendar = await app.act(ctx =>
    createCalendar(ctx, { name: 'All', zone: 'UTC', weekly: days, closed: [], special: [] }),
  )
  const store = await makeStore(app, { calendarId: calendar.id })
  const { body } = await (await makeVisitor(app, store)).say('Hello')
  const { id } = body.conversation
  const tomorrow = new Date(app.clock.now.getTime() + 86_400_000).toISOString().slice(0, 10)
  const today = app.clock.now.toISOString().slice(0, 10)
  await app.act(ctx => changeCalendar(ctx, calendar.id, { closed: [{ date: today, name: 'Storm' }] }))
  await app.sweep()
  await app.settled()
  expect(await nearest(id)).toBe(`${tomorrow}T00:00:30.000Z`)
})
