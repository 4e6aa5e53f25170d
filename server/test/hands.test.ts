import type { AddressInfo } from 'node:net'
import { io } from 'socket.io-client'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestApp } from './app.ts'
import { addressOf, bodyOf, type Document, nounOf, type Operation, operationsOf } from './requests.ts'
import { type Client, makeWorld } from './world.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const world = await makeWorld(app, admin)
const document = (await app.get('/openapi.json')).body as unknown as Document
const operations = operationsOf(document).filter(
  ({ permission }) => permission !== 'visitor' && permission !== 'public',
)

/** Of a role with every permission there is, that sees only what is in these hands. */
async function everythingWithin(reach: 'teams' | 'own') {
  const { items } = (await admin.get('/permissions')).body as unknown as { items: { code: string }[] }
  const permissions = items.map(({ code }) => code)
  const role = await admin.post('/roles', { name: `${reach} ${app.unique()}`, permissions, reach })
  const person = await app.as('trainer', { storeIds: [world.store.id] })
  await admin.patch(`/staff/${person.id}`, { roleId: (role.body as { id: string }).id })
  return person
}

const [ofTeam, alone] = [await everythingWithin('teams'), await everythingWithin('own')]
const talk = world.conversationId
/** What an address asks for before it looks at whose it is. */
const queries: Record<string, string> = { '/api/conversations/{id}/translations': '?to=zh' }
const inTalks = ['conversations', 'messages', 'deliveries', 'inbound', 'held-replies']
const about = (operation: Operation) =>
  operation.path.includes('{id}') && inTalks.includes(nounOf(operation.path))
let others: string[] = []
let secrets: string[] = []

beforeAll(async () => {
  const { rows } = await app.place.pool.query<{ id: string }>(
    'select id from conversations union select id from messages union select id from deliveries union select id from held_replies',
  )
  others = rows.map(({ id }) => id)
  secrets = ['Where is my parcel?', 'A private word', 'Good day to you', 'It is on its way', 'Tomorrow']
})

async function read(who: Client, operation: Operation) {
  const ids =
    nounOf(operation.path) === 'customers'
      ? [world.caseyId, world.ids.customers!, await customerOfTalk()]
      : ['']
  const texts: string[] = []
  for (const id of operation.path.includes('{id}') ? ids : ['']) {
    const url = addressOf(operation, world, id ? { id } : {})
    texts.push((await app.http.inject({ url, headers: who.headers })).body)
  }
  return texts.join('\n')
}

const customerOfTalk = async () =>
  ((await admin.get(`/conversations/${talk}`)).body as unknown as { customer: { id: string } }).customer.id
const seen = async (who: Client) => (await who.get(`/conversations/${talk}`)).status === 200
const counts = async (who: Client) =>
  (await who.get('/conversations/counts')).body as unknown as {
    all: number
    unassigned: number
    mine: number
  }
const assign = (staffId: string | null, teamId: string | null) =>
  admin.put(`/conversations/${talk}/assignee`, { staffId, teamId })

describe('a conversation in other hands', () => {
  test.each(
    operations.filter(about),
  )('is not there for who sees only his teams’ or his own: $name', async operation => {
    for (const who of [ofTeam, alone]) {
      const response = await app.http.inject({
        method: operation.method,
        url: addressOf(operation, world) + (queries[operation.path] ?? ''),
        headers: { ...who.headers, ...(operation.accepts && { 'content-type': 'application/json' }) },
        ...(operation.accepts && { payload: JSON.stringify(bodyOf(operation, document, world)) }),
      })
      expect(response.statusCode, response.body).toBe(404)
    }
  })

  test.each(
    operations.filter(operation => operation.method === 'GET' && !about(operation)),
  )('is in no list and no answer: $name', async operation => {
    for (const who of [ofTeam, alone]) {
      const text = await read(who, operation)
      expect([...others, ...secrets].filter(told => text.includes(told))).toEqual([])
    }
  })

  test('is what others see, so that the walk above walks past something', async () => {
    const names = operations.filter(operation => operation.method === 'GET' && !about(operation))
    const telling: string[] = []
    for (const operation of names) {
      const text = await read(admin, operation)
      if (others.some(id => text.includes(id))) telling.push(operation.name)
    }
    expect(telling).toEqual(
      expect.arrayContaining([
        'GET /api/conversations',
        'GET /api/customers/{id}/timeline',
        'GET /api/deliveries',
      ]),
    )
  })

  test('comes into sight with its assignment and goes with it, in lists and in counts', async () => {
    expect([await seen(ofTeam), await seen(alone)]).toEqual([false, false])
    expect((await counts(alone)).all).toBe(0)
    await assign(alone.id, null)
    expect([await seen(ofTeam), await seen(alone)]).toEqual([false, true])
    expect(await counts(alone)).toMatchObject({ all: 1, mine: 1 })
    expect((await counts(ofTeam)).all).toBe(0)
    await assign(null, null)
    expect(await seen(alone)).toBe(false)
    expect(await counts(alone)).toMatchObject({ all: 0, mine: 0 })
  })

  test('is seen by the members of its team, whoever of them holds it, as long as they are members', async () => {
    const team = (await admin.post('/teams', { name: `T ${app.unique()}`, memberIds: [ofTeam.id, alone.id] }))
      .body as { id: string }
    await assign(null, team.id)
    expect([await seen(ofTeam), await seen(alone)]).toEqual([true, false])
    expect((await counts(ofTeam)).unassigned).toBe(1)
    await assign(admin.id, team.id)
    expect([await seen(ofTeam), await seen(alone)]).toEqual([true, false])
    await admin.patch(`/teams/${team.id}`, { memberIds: [] })
    expect([await seen(ofTeam), (await counts(ofTeam)).all]).toEqual([false, 0])
    await assign(null, null)
  })

  test('is given away by who holds it, and shown to him this once', async () => {
    await assign(alone.id, null)
    const given = await alone.put(`/conversations/${talk}/assignee`, { staffId: admin.id })
    expect(given).toMatchObject({ status: 200, body: { assignee: { id: admin.id } } })
    expect(await seen(alone)).toBe(false)
    await assign(null, null)
  })

  test('is told of on a socket by ids, numbers and names of events alone', async () => {
    await app.listen(0, '127.0.0.1')
    const { port } = app.http.server.address() as AddressInfo
    const socket = io(`http://127.0.0.1:${port}/staff`, {
      path: '/api/socket',
      transports: ['websocket'],
      extraHeaders: { cookie: alone.cookie },
      forceNew: true,
    })
    const heard: Record<string, unknown>[] = []
    socket.on('event', event => heard.push(event))
    await new Promise<void>(done => socket.on('connect', () => done()))
    await world.visitor.say('A word nobody else may read')
    await expect.poll(() => heard.some(({ name }) => name === 'message.added')).toBe(true)
    const odd = heard.flatMap(Object.entries).filter(([key]) => !/^(id|name|seq|kind)$|Id$/.test(key))
    expect(odd).toEqual([])
    expect(JSON.stringify(heard)).not.toContain('A word')
    socket.close()
  })
})

describe('a role that sees less', () => {
  test('cannot be widened by who has it, nor handed on wider', async () => {
    const roleId = (
      (await admin.get('/roles')).body as unknown as { items: { id: string; code: string }[] }
    ).items.find(({ code }) => code === 'trainer')!.id
    const beyond = { status: 403, body: { error: { code: 'beyond_your_reach' } } }
    expect(await alone.post('/roles', { name: 'Wide', permissions: [] })).toMatchObject(beyond)
    expect(await alone.post('/roles', { name: 'As mine', permissions: [], reach: 'own' })).toMatchObject({
      status: 201,
    })
    expect(
      await alone.post('/invitations', { email: 'a@b.example', roleId, storeIds: [world.store.id] }),
    ).toMatchObject(beyond)
    expect(await alone.post('/api-keys', { name: 'k', roleId, storeIds: [world.store.id] })).toMatchObject(
      beyond,
    )
    expect(await alone.patch(`/staff/${alone.id}`, { roleId })).toMatchObject(beyond)
  })
})
