import { randomUUID } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { transact } from '../../platform/work.ts'
import { createCompany } from '../settings/company.ts'
import { spend } from './budget.ts'
import type { LiveFlow } from './live.ts'
import { actorOf } from './running.ts'
import { act, startFlows, tag, untag, wait } from './test-flows.ts'
import { runDue } from './worker.ts'

vi.setConfig({ testTimeout: 90_000 })

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const f = await startFlows(app, admin)

const has = (...value: string[]) => ({ field: 'tags', is: 'has_any', value })
const lacks = (...value: string[]) => ({ field: 'tags', is: 'has_none', value })
const eventsOf = async (conversationId: string) =>
  (
    await app.place.pool.query('select * from events where conversation_id = $1 order by id', [
      conversationId,
    ])
  ).rows
const changes = async (id: string) =>
  (await eventsOf(id)).filter(({ name }) => name === 'conversation.changed')
const endings = async (flowId: string) => (await f.runs(flowId)).map(({ ending }) => ending)
const offAll = async (...ids: string[]) => {
  for (const id of ids) await f.off(id)
}

describe('flows that chase each other come to rest, and it is told', () => {
  test('one that undoes what another does', async () => {
    const on = await f.flow('changed', [tag('x')], { condition: lacks('x') })
    const off = await f.flow('changed', [untag('x')], { condition: has('x') })
    const chat = await f.chat()
    await admin.put(`/conversations/${chat.id}/priority`, { priority: 'high' })
    await f.quiet()
    expect((await changes(chat.id)).length).toBeLessThan(8)
    expect([...(await endings(on)), ...(await endings(off))]).toContain('own_doing')
    await offAll(on, off)
  })

  test('three in a ring', async () => {
    const ring = ['a', 'b', 'c']
    const ids: string[] = []
    for (const [n, name] of ring.entries()) {
      const next = ring[(n + 1) % 3]!
      ids.push(await f.flow('changed', [untag(name), tag(next)], { condition: has(name) }))
    }
    const chat = await f.chat()
    await admin.put(`/conversations/${chat.id}/tags`, { tags: ['a'] })
    await f.quiet()
    expect((await changes(chat.id)).length).toBeLessThan(16)
    expect((await Promise.all(ids.map(endings))).flat()).toContain('own_doing')
    await offAll(...ids)
  })

  test('a long line of them ends at the depth that events may have', async () => {
    const ids: string[] = []
    // The last first, so that none sees what another has done for the same event.
    for (let n = 6; n >= 0; n--)
      ids.push(
        await f.flow('changed', [tag(`s${n + 1}`)], {
          condition: { all: [has(`s${n}`), lacks(`s${n + 1}`)] },
        }),
      )
    const chat = await f.chat()
    await admin.put(`/conversations/${chat.id}/tags`, { tags: ['s0'] })
    await f.quiet()
    expect(Math.max(...(await eventsOf(chat.id)).map(({ depth }) => depth))).toBe(5)
    expect(await f.tags(chat.id)).toEqual(['s0', 's1', 's2', 's3', 's4', 's5'])
    expect(new Set((await Promise.all(ids.map(endings))).flat())).toEqual(new Set([null, 'too_deep']))
    await offAll(...ids)
  })

  test('one that answers its own answers', async () => {
    const id = await f.flow('replied', [act('reply', { text: 'Thanks' })])
    const chat = await f.chat()
    await f.reply(chat.id)
    await f.quiet()
    expect((await f.said(chat.id)).map(({ text }) => text)).toEqual(['Good day', 'Thanks'])
    expect(await endings(id)).toEqual([null, 'own_doing'])
    await offAll(id)
  })

  test('one that is told of a change that was none', async () => {
    const id = await f.flow('changed', [tag('x'), act('set_priority', { priority: 'normal' })])
    const chat = await f.chat()
    await admin.put(`/conversations/${chat.id}/tags`, { tags: ['x'] })
    await f.quiet()
    expect(await changes(chat.id)).toHaveLength(1)
    await offAll(id)
  })
})

describe('budgets', () => {
  test('a robot on the other side that answers every answer is left alone after a while', async () => {
    const id = await f.flow('customer_wrote', [act('reply', { text: 'We are away' })], {
      limits: { perRecordHour: 4 },
    })
    const chat = await f.chat('I am out of office')
    for (let n = 0; n < 10; n++) {
      await chat.visitor.say('I am out of office')
      await f.quiet()
    }
    expect(await f.said(chat.id)).toHaveLength(4)
    expect(await f.flowOf(id)).toMatchObject({ state: 'suspended', suspendedWhy: 'over_record_budget' })
    const [told, ...more] = (await f.events('flow.suspended')).filter(row => row.payload.flowId === id)
    expect(told.payload.staffIds).toContain(admin.id)
    expect(more).toEqual([])
  })

  test('a flow that snoozes what has just woken does so a few times an hour', async () => {
    const until = () => new Date(app.clock.now.getTime() + 60_000).toISOString()
    const id = await f.flow('woken', [tag('again'), untag('again')], { limits: { perRecordHour: 3 } })
    const chat = await f.chat()
    for (let n = 0; n < 5; n++) {
      await admin.put(`/conversations/${chat.id}/snooze`, { until: until() })
      app.clock.advance(61)
      await app.sweep()
      await f.quiet()
    }
    expect((await f.runs(id)).filter(({ hasActed }) => hasActed)).toHaveLength(3)
    expect(await f.flowOf(id)).toMatchObject({ state: 'suspended' })
  })

  test('thousand messages in a minute get as many answers as the flow may send, and no more', async () => {
    const id = await f.flow('customer_wrote', [act('reply', { text: 'We are on it' })], {
      limits: { sendsPerHour: 25 },
    })
    const visitors = await Promise.all(Array.from({ length: 10 }, () => f.chat()))
    const sent: Promise<unknown>[] = []
    for (const { visitor } of visitors)
      for (let n = 0; n < 12; n++) sent.push(visitor.say('Hello?', { clientId: randomUUID() }))
    await Promise.all(sent)
    await f.quiet()
    const { rows } = await app.place.pool.query(
      "select count(*)::int as n from messages where author_id = $1 and kind = 'reply'",
      [id],
    )
    expect(rows[0].n).toBeLessThanOrEqual(25)
    expect(rows[0].n).toBeGreaterThan(0)
    expect(await f.flowOf(id)).toMatchObject({ state: 'suspended' })
    expect((await f.runs(id)).filter(({ state }) => state === 'due')).toEqual([])
  })

  test('of an hour are full again in the next, and when a person has switched it on again', async () => {
    const id = await f.flow('opened', [tag('x')], { limits: { perHour: 2 } })
    const opened = async () => f.tags((await f.chat()).id)
    expect([await opened(), await opened(), await opened()]).toEqual([['x'], ['x'], []])
    expect(await f.flowOf(id)).toMatchObject({ state: 'suspended', suspendedWhy: 'over_run_budget' })
    expect((await admin.put(`/flows/${id}/state`, { state: 'on' })).status).toBe(200)
    expect([await opened(), await opened()]).toEqual([['x'], ['x']])
    app.clock.advance(3_600)
    expect(await opened()).toEqual(['x'])
    await offAll(id)
  })

  test('hold among workers that take from them at the same moment', async () => {
    const id = await f.flow('opened', [tag('never')], { limits: { perHour: 3 } })
    const { rows } = await app.place.pool.query('select terms from flow_versions where flow_id = $1', [id])
    const version = { flowId: id, terms: rows[0].terms } as LiveFlow['version']
    const taken = await Promise.all(
      Array.from({ length: 8 }, () =>
        transact(app.place, actorOf({ id, name: 'x' }), ctx => spend(ctx, version, 'runs')),
      ),
    )
    expect(taken.filter(Boolean)).toHaveLength(3)
    await offAll(id)
  })
})

test('workers that meet at a record do each of its runs once, in order', async () => {
  const ids = [
    await f.flow('opened', [tag('a'), wait(1, 'hours'), tag('b')]),
    await f.flow('opened', [act('reply', { text: 'Once' })]),
  ]
  const chats = await Promise.all(Array.from({ length: 6 }, () => f.chat()))
  for (const chat of chats) expect(await f.said(chat.id)).toHaveLength(1)
  app.clock.advance(3_600)
  await Promise.all(Array.from({ length: 5 }, () => runDue(app.place)))
  await f.quiet()
  for (const chat of chats) expect(await f.tags(chat.id)).toEqual(['a', 'b'])
  await offAll(...ids)
})
