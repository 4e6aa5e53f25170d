import type { AddressInfo } from 'node:net'
import { io, type Socket } from 'socket.io-client'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { staffModule } from './module.ts'
import { signInAs } from './sessions.ts'

const app = await startTestApp()
const admin = await app.as('admin')
await app.listen(0, '127.0.0.1')
const { port } = app.http.server.address() as AddressInfo
const sockets: Socket[] = []
afterAll(() => {
  for (const socket of sockets) socket.close()
})

describe('the switch', () => {
  test('says whether one is at work, with a reason, and tells everybody once', async () => {
    const agent = await app.as('agent')
    const ears = await enter(admin.cookie)
    expect(await agent.put('/session/availability', { state: 'away', reason: 'lunch' })).toMatchObject({
      status: 200,
      body: { state: 'away', reason: 'lunch' },
    })
    await agent.put('/session/availability', { state: 'away', reason: 'lunch' })
    await agent.put('/session/availability', { state: 'online' })
    expect(await colleague(agent.id)).toMatchObject({ availability: { state: 'online', reason: null } })
    await expect
      .poll(
        () =>
          ears.heard.filter(
            event => event.name === 'staff.availability_changed' && event.staffId === agent.id,
          ).length,
      )
      .toBe(2)
  })

  test('knows four states only', async () => {
    const agent = await app.as('agent')
    expect(await agent.put('/session/availability', { state: 'sleeping' })).toMatchObject({ status: 422 })
  })
})

describe('an agent whose heartbeat is lost', () => {
  test('is away after 45 seconds, and stays away when it returns', async () => {
    const agent = await app.as('agent')
    await agent.put('/session/availability', { state: 'busy' })
    app.clock.advance(45)
    await app.sweep()
    expect(await colleague(agent.id)).toMatchObject({ availability: { state: 'busy' } })
    app.clock.advance(1)
    await app.sweep()
    const lost = { availability: { state: 'away', reason: 'connection_lost' } }
    expect(await colleague(agent.id)).toMatchObject(lost)
    const { socket } = await enter(agent.cookie)
    await beat(socket, agent.id)
    await app.sweep()
    expect(await colleague(agent.id)).toMatchObject(lost)
  })

  test('is told of once, though every process sweeps', async () => {
    const agent = await app.as('agent')
    await agent.put('/session/availability', { state: 'online' })
    app.clock.advance(60)
    await Promise.all([app.sweep(), app.sweep(), app.sweep()])
    const { rows } = await app.place.pool.query(
      `select count(*)::int as told from events where name = 'staff.availability_changed' and payload->>'staffId' = $1 and payload->>'state' = 'away'`,
      [agent.id],
    )
    expect(rows[0].told).toBe(1)
  })

  test('is not one who was offline or away by himself', async () => {
    const agent = await app.as('agent')
    await agent.put('/session/availability', { state: 'away', reason: 'lunch' })
    app.clock.advance(600)
    await app.sweep()
    expect(await colleague(agent.id)).toMatchObject({ availability: { state: 'away', reason: 'lunch' } })
  })

  test('is not one whose console beats', async () => {
    const agent = await app.as('agent')
    await agent.put('/session/availability', { state: 'online' })
    const { socket } = await enter(agent.cookie)
    app.clock.advance(40)
    await beat(socket, agent.id)
    app.clock.advance(40)
    await app.sweep()
    expect(await colleague(agent.id)).toMatchObject({ availability: { state: 'online' } })
  })
})

describe('a live socket', () => {
  test('is let in by the session cookie only', async () => {
    await expect(enter('afar.session=nonsense')).rejects.toThrow('not_signed_in')
    await expect(enter('')).rejects.toThrow('not_signed_in')
  })

  test('is shut when its colleague is deactivated, and does not come back', async () => {
    const agent = await app.as('agent')
    const { gone } = await enter(agent.cookie)
    await admin.put(`/staff/${agent.id}/deactivation`)
    expect(await gone).toBe('io server disconnect')
    await expect(enter(agent.cookie)).rejects.toThrow('not_signed_in')
  })

  test('is shut when he signs out there, and only there', async () => {
    const agent = await app.as('agent')
    const elsewhere = await enter(`afar.session=${await app.act(ctx => signInAs(ctx, agent.id))}`)
    const { gone } = await enter(agent.cookie)
    await agent.delete('/session')
    expect(await gone).toBe('io server disconnect')
    expect(elsewhere.socket.connected).toBe(true)
  })

  test('stands in the rooms of its session, its teams and the stores its colleague may see', async () => {
    const storeIds = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b']
    const agent = await app.as('agent', { storeIds })
    const team = (await admin.post('/teams', { name: 'Rooms', memberIds: [agent.id] })).body as { id: string }
    const [door] = staffModule.sockets!
    const rooms = async (cookie: string) =>
      (await door!.admit(app.place, { headers: { cookie }, auth: {}, address: '' }))?.rooms.sort()
    const own = (id: string) => ['staff', `staff:${id}`, expect.stringMatching(/^session:/)]
    const stores = storeIds.map(id => `store:${id}`)
    expect(await rooms(agent.cookie)).toEqual(
      expect.arrayContaining([...own(agent.id), `team:${team.id}`, ...stores]),
    )
    expect(await rooms(agent.cookie)).not.toContain('store:all')
    expect(await rooms(admin.cookie)).toEqual(expect.arrayContaining([...own(admin.id), 'store:all']))
  })

  test('is admitted anew when what he may see has changed', async () => {
    const agent = await app.as('agent')
    const { gone } = await enter(agent.cookie)
    await admin.patch(`/staff/${agent.id}`, { storeIds: [] })
    expect(await gone).toBe('io server disconnect')
    expect((await enter(agent.cookie)).socket.connected).toBe(true)
  })
})

type Heard = { name: string; staffId?: string }

async function enter(cookie: string) {
  const socket = io(`http://127.0.0.1:${port}/staff`, {
    path: '/api/socket',
    transports: ['websocket'],
    extraHeaders: { cookie },
    reconnection: false,
    forceNew: true,
  })
  sockets.push(socket)
  const heard: Heard[] = []
  socket.on('event', (event: Heard) => heard.push(event))
  const gone = new Promise<string>(tell => socket.once('disconnect', tell))
  await new Promise<void>((done, fail) => socket.once('connect', done).once('connect_error', fail))
  return { socket, heard, gone }
}

async function beat(socket: Socket, staffId: string) {
  socket.emit('heartbeat', {})
  await expect.poll(async () => (await colleague(staffId))?.lastSeenAt).toBe(app.clock.now.toISOString())
}

async function colleague(id: string) {
  const { items } = (await admin.get('/staff')).body as { items: { id: string; lastSeenAt: string }[] }
  return items.find(person => person.id === id)
}
