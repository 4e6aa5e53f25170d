import { expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import type { NotificationSettings } from './schemas.ts'

const app = await startTestApp()
const agent = await app.as('agent')
const read = async (by = agent) => (await by.get('/session/notifications')).body as NotificationSettings

test('a newcomer is told aloud of what is his, and of nothing that waits for all', async () => {
  const { ways, doNotDisturb, quietWhileLooking } = await read()
  expect(ways.assigned).toEqual({ sound: true, desktop: true, title: true })
  expect(ways.queued).toEqual({ sound: false, desktop: false, title: false })
  expect({ doNotDisturb, quietWhileLooking }).toEqual({ doNotDisturb: null, quietWhileLooking: true })
})

test('what one says counts for oneself on every machine, and for nobody else', async () => {
  const colleague = await app.as('agent')
  const before = await read()
  const wanted = {
    ...{ ...before, volume: 5, doNotDisturb: { from: '22:00', to: '07:30' } },
    ways: { ...before.ways, queued: { sound: true, desktop: false, title: true } },
  }
  expect(await agent.put('/session/notifications', wanted)).toMatchObject({ status: 200, body: wanted })
  expect(await read()).toEqual(wanted)
  expect(await read(colleague)).toEqual(before)
})

test('an hour that no clock shows, or a kind nobody knows, is refused', async () => {
  const settings = await read()
  const late = { ...settings, doNotDisturb: { from: '24:00', to: '07:00' } }
  expect((await agent.put('/session/notifications', late)).status).toBe(422)
  const odd = { ...settings, ways: { ...settings.ways, gossip: settings.ways.mention } }
  expect((await agent.put('/session/notifications', odd)).status).toBe(422)
})
