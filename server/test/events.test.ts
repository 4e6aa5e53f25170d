import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { eventTypes } from '../src/modules/index.ts'
import { startTestApp } from './app.ts'
import { makeStore, makeVisitor } from './make.ts'
import { makeWorld } from './world.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const ofStores = /^(channel|clock|conversation|delivery|identity|inbound|message|store|visitor)Ids?$/

describe('an event about something of a store', () => {
  test('names the store', () => {
    const silent = eventTypes.filter(({ payload }) => {
      const fields = Object.keys((payload as z.ZodObject).shape)
      return fields.some(field => ofStores.test(field)) && !fields.includes('storeId')
    })
    expect(silent.map(({ name }) => name)).toEqual([])
  })

  test('is heard by who sees that store, by its visitors, and by nobody else', async () => {
    const world = await makeWorld(app, admin)
    await admin.put('/texts/chat.greeting', { storeId: world.store.id, locale: 'en', text: 'Hello' })
    await admin.patch(`/stores/${world.store.id}`, { name: 'Renamed' })
    await world.visitor.delete('/widget/session')
    const [one, two] = [await makeStore(app), await makeStore(app)]
    for (const store of [one, two]) {
      for (let n = 0; n < 3; n++) await (await makeVisitor(app, store)).say('Hello?')
      const agent = await app.as('agent', { storeIds: [store.id], chatLimit: 1 })
      await agent.put('/session/availability', { state: 'online' })
    }
    await app.settled()

    const told = await tell()
    const names = new Set(told.map(({ name }) => name))
    for (const name of ['text.changed', 'store.changed', 'visitor.ended', 'queue.changed', 'message.added'])
      expect(names).toContain(name)
    const astray = told.filter(
      ({ storeId, rooms }) =>
        !rooms.every(
          room => [`store:${storeId}`, 'store:all'].includes(room) || /^(visitor|staff):/.test(room),
        ),
    )
    expect(astray).toEqual([])
    expect(
      told.filter(({ storeId, channelStoreId }) => channelStoreId && channelStoreId !== storeId),
    ).toEqual([])
    const lines = told.filter(({ name }) => name === 'queue.changed')
    expect(new Set(lines.map(({ storeId }) => storeId))).toEqual(new Set([one.id, two.id]))
    expect(lines.filter(({ storeId, queueStoreIds }) => String(queueStoreIds) !== storeId)).toEqual([])
  })

  test('of the company’s own wording is heard by everybody', async () => {
    await admin.put('/texts/chat.greeting', { storeId: null, locale: 'en', text: 'Hello' })
    const rows = await read("name = 'text.changed' and payload->>'storeId' is null")
    expect(rows.map(({ rooms }) => rooms)).toEqual([['staff']])
  })
})

const tell = () => read("payload->>'storeId' is not null")

/** Events as they stand, with the rooms they are told in and the stores that what they name belongs to. */
async function read(where: string) {
  const { rows } = await app.place.pool.query<{
    name: string
    payload: { storeId: string }
    channelStoreId: string | null
    queueStoreIds: string[]
  }>(`select name, payload,
      (select store_id from channels where id::text = payload->>'channelId') as "channelStoreId",
      array(select distinct store_id::text from conversations
        where identity_id::text in (select jsonb_array_elements_text(payload->'identityIds'))) as "queueStoreIds"
    from events where ${where} order by id`)
  return rows.map(({ payload, ...row }) => ({
    ...row,
    storeId: payload.storeId,
    rooms: eventTypes.find(type => type.name === row.name)!.rooms(payload),
  }))
}
