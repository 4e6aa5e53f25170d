import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestApp } from '../../../test/app.ts'
import { defineEvent } from '../../platform/events.ts'
import { createStore } from '../settings/stores.ts'
import type { Customer, TimelineItem } from './schemas.ts'

const app = await startTestApp()
const supervisor = await app.as('supervisor')

const create = async (name: string) => (await supervisor.post('/customers', { name })).body as Customer
const timeline = async (who: { get: typeof supervisor.get }, id: string, query = '') => {
  const answer = await who.get(`/customers/${id}/timeline?limit=100${query}`)
  expect(answer.status).toBe(200)
  return answer.body as { items: TimelineItem[]; next: string | null }
}
const parcelSent = defineEvent('parcel.sent', z.record(z.string(), z.unknown()))
const emit = (customerId: string, payload: Record<string, unknown> = {}) =>
  app.act(async ctx => ctx.emit(parcelSent, payload, { customerId }))

describe('the timeline of a customer', () => {
  test('shows what happened, the newest first, and who did it', async () => {
    const { id, version } = await create('Ann')
    await supervisor.patch(`/customers/${id}`, { version, name: 'Anna' })
    await emit(id, { parcelId: id, count: 2 })
    const { items, next } = await timeline(supervisor, id)
    expect(items.map(item => item.name)).toEqual(['parcel.sent', 'customer.changed', 'customer.created'])
    expect(items[0]).toMatchObject({
      at: '2026-01-05T09:00:00.000Z',
      actor: { kind: 'system', id: null },
      params: { parcelId: id, count: 2 },
    })
    expect(items[1]).toMatchObject({
      actor: { kind: 'staff', id: supervisor.id },
      params: { fields: ['name'] },
    })
    expect(next).toBeNull()
  })

  test('brings ids and code words along, never what a person wrote', async () => {
    const { id } = await create('Ann')
    await emit(id, {
      text: 'Call me at +49 151',
      email: 'ann@example.com',
      phone: '4915112345678',
      reason: 'lost_parcel',
      nested: { text: 'x' },
      many: ['ok', 'not ok!'],
    })
    expect((await timeline(supervisor, id)).items[0]!.params).toEqual({ reason: 'lost_parcel' })
  })

  test('takes in that of those merged into him, and lets it go again', async () => {
    const [from, into] = [await create('From'), await create('Into')]
    await emit(from.id)
    await supervisor.put(`/customers/${from.id}/merge`, { intoId: into.id })
    const merged = (await timeline(supervisor, into.id)).items
    expect(merged.map(item => [item.name, item.customerId])).toEqual([
      ['customer.merged', into.id],
      ['parcel.sent', from.id],
      ['customer.created', into.id],
      ['customer.created', from.id],
    ])
    await supervisor.delete(`/customers/${from.id}/merge`)
    const names = (await timeline(supervisor, into.id)).items.map(item => item.name)
    expect(names).toEqual(['customer.unmerged', 'customer.merged', 'customer.created'])
  })

  test('comes in pages that neither repeat nor skip, also while more happens', async () => {
    const [from, into] = [await create('From'), await create('Into')]
    await supervisor.put(`/customers/${from.id}/merge`, { intoId: into.id })
    for (let n = 0; n < 9; n++) await emit(n % 2 ? from.id : into.id, { n })
    const whole = (await timeline(supervisor, into.id)).items.map(item => item.id)
    const seen: number[] = []
    for (let cursor = ''; ; ) {
      const page = (await supervisor.get(`/customers/${into.id}/timeline?limit=4${cursor}`)).body as {
        items: TimelineItem[]
        next: string | null
      }
      seen.push(...page.items.map(item => item.id))
      await emit(into.id)
      if (!page.next) break
      cursor = `&cursor=${page.next}`
    }
    expect(seen).toEqual(whole)
  })

  test('shows chosen kinds only', async () => {
    const { id } = await create('Ann')
    await supervisor.put(`/customers/${id}/tags`, { tags: ['x'] })
    await emit(id)
    const names = async (kinds: string) =>
      (await timeline(supervisor, id, `&kinds=${kinds}`)).items.map(item => item.name)
    expect(await names('parcel')).toEqual(['parcel.sent'])
    expect(await names('parcel,customer.created')).toEqual(['parcel.sent', 'customer.created'])
    expect(await names('order')).toEqual([])
  })

  test('leaves out what happened in a store its reader does not see', async () => {
    const store = (name: string) =>
      app.act(ctx =>
        createStore(ctx, {
          name,
          languages: ['en'],
          zone: 'UTC',
          currency: 'USD',
          country: 'US',
          colour: '#000000',
          calendarId: null,
        }),
      )
    const [mine, other] = [await store('Mine'), await store('Other')]
    const local = await app.as('agent', { storeIds: [mine.id] })
    const { id } = await create('Ann')
    await emit(id, { storeId: mine.id })
    await emit(id, { storeId: other.id })
    const stores = async (who: { get: typeof supervisor.get }) =>
      (await timeline(who, id, '&kinds=parcel')).items.map(item => item.params.storeId)
    expect(await stores(local)).toEqual([mine.id])
    expect(await stores(supervisor)).toEqual([other.id, mine.id])
  })

  test('of nobody is refused, and so is a cursor from elsewhere', async () => {
    expect(await supervisor.get('/customers/018f0000-0000-7000-8000-000000000000/timeline')).toMatchObject({
      status: 404,
    })
    const { id } = await create('Ann')
    for (const cursor of [
      'x',
      'bnVsbA',
      Buffer.from('{"a":1}').toString('base64url'),
      Buffer.from('-1').toString('base64url'),
    ])
      expect(await supervisor.get(`/customers/${id}/timeline?cursor=${cursor}`)).toMatchObject({
        status: 422,
        body: { error: { code: 'invalid_cursor' } },
      })
  })
})
