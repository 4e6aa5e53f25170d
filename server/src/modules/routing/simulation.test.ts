import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { hasRoom, type Queue } from './choosing.ts'
import { type Arrival, figuresOf, type Player, play } from './simulation.ts'
import { goOnline, makeQueuedStore, startChat } from './test-queues.ts'

const second = 1_000
const weights = new Map([
  ['web_chat', 30],
  ['mail', 10],
  ['other', 20],
])

const queueOf = (fields: Partial<Queue> = {}): Queue => ({
  ...{ id: 'q', code: null, name: 'Q', position: 0, channelKinds: [], storeIds: [], languages: [] },
  ...{ reasons: [], customerTags: [], vipTags: [], teamIds: [], staffIds: [], skills: [] },
  ...{ strategy: 'least_loaded', pushes: true, stickyHours: null, stickyWaitSeconds: 0 },
  ...{ overflowSeconds: null, overflowQueueId: null, outOfHours: 'keep_waiting', outOfHoursQueueId: null },
  ...{ wrapUpSeconds: 0, version: 1, createdAt: new Date(0), archivedAt: null },
  ...fields,
})
const player = (id: string, fields: Partial<Player> = {}): Player => ({
  ...{
    id,
    name: id,
    languages: ['en'],
    skills: [],
    storeIds: null,
    teamIds: [],
    chatLimit: 1,
    capacity: 150,
  },
  shifts: [{ from: 0, to: 3_600 * second }],
  ...fields,
})
const arrival = (id: string, atSeconds: number, fields: Partial<Arrival> = {}): Arrival => ({
  ...{ id, at: atSeconds * second, storeId: 's', channelKind: 'web_chat', language: 'en', reason: null },
  ...{ customerId: id, customerTags: [], priority: 1, handleMs: 60 * second, last: null },
  ...fields,
})
const replay = (queues: Queue[], players: Player[], arrivals: Arrival[], patienceSeconds = 600) =>
  play({
    ...{ queues, players, arrivals, weights, calendars: new Map(), from: 0, until: 3_600 * second },
    patienceMs: patienceSeconds * second,
  })
const waits = (waited: ReturnType<typeof play>) =>
  Object.fromEntries(waited.map(one => [one.id, `${one.agentId ?? one.end} ${one.waitedMs / second}`]))

describe('a replay', () => {
  test('gives each freed place at once, and counts who would not wait', () => {
    const three = [arrival('1', 0), arrival('2', 10), arrival('3', 20)]
    expect(waits(replay([queueOf()], [player('a')], three))).toEqual({ 1: 'a 0', 2: 'a 50', 3: 'a 100' })
    expect(waits(replay([queueOf()], [player('a')], three, 60))).toEqual({
      1: 'a 0',
      2: 'a 50',
      3: 'abandoned 60',
    })
  })

  test('knows shifts, wrap-ups, priority, overflow and the last agent', () => {
    const late = player('late', { shifts: [{ from: 100 * second, to: 200 * second }] })
    expect(waits(replay([queueOf()], [late], [arrival('1', 0), arrival('2', 250)]))).toEqual({
      1: 'late 100',
      2: 'abandoned 600',
    })
    const two = [arrival('1', 0), arrival('2', 1)]
    expect(waits(replay([queueOf({ wrapUpSeconds: 30 })], [player('a')], two))).toMatchObject({ 2: 'a 89' })
    const urgent = [...two, arrival('3', 2, { priority: 3 })]
    expect(waits(replay([queueOf()], [player('a')], urgent))).toMatchObject({ 3: 'a 58', 2: 'a 119' })
    const overflowing = [
      queueOf({ staffIds: ['nobody'], overflowSeconds: 45, overflowQueueId: 'q2' }),
      queueOf({ id: 'q2', staffIds: ['a'] }),
    ]
    expect(waits(replay(overflowing, [player('a')], [arrival('1', 0)]))).toEqual({ 1: 'a 45' })
    const known = arrival('2', 1, { last: { agentId: 'a', at: -60 * second } })
    const sticky = queueOf({ stickyHours: 24, stickyWaitSeconds: 20 })
    expect(waits(replay([sticky], [player('a'), player('b')], [arrival('1', 0), known]))).toEqual({
      1: 'a 0',
      2: 'b 20',
    })
  })

  test('is the same each time, loses nobody and keeps everybody below his cap at every moment', () => {
    const arrivals = fc.array(
      fc.record({ at: fc.nat(600), handle: fc.integer({ min: 1, max: 200 }), mail: fc.boolean() }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 3 }), (drawn, chatLimit) => {
        const coming = drawn.map(({ at, handle, mail }, n) =>
          arrival(String(n), at, { handleMs: handle * second, channelKind: mail ? 'mail' : 'web_chat' }),
        )
        const players = ['a', 'b'].map(id => player(id, { chatLimit, capacity: 70 }))
        const waited = replay([queueOf()], players, coming)
        expect(replay([queueOf()], players, coming)).toEqual(waited)
        expect(waited.map(({ id }) => id).toSorted()).toEqual(coming.map(({ id }) => id).toSorted())
        for (const who of players) {
          const held = waited
            .filter(({ agentId }) => agentId === who.id)
            .map(({ id, waitedMs }) => {
              const one = coming.find(other => other.id === id)!
              return { from: one.at + waitedMs, to: one.at + waitedMs + one.handleMs, kind: one.channelKind }
            })
          for (const { from } of held) {
            const now = held.filter(one => one.from <= from && from < one.to)
            const units = now.reduce((sum, { kind }) => sum + weights.get(kind)!, 0)
            const openChats = now.filter(({ kind }) => kind === 'web_chat').length
            expect(units).toBeLessThanOrEqual(who.capacity)
            expect(openChats).toBeLessThanOrEqual(chatLimit)
            const agent = { ...who, units, openChats, isOnline: true, idleSince: 0, wrapUpUntil: 0 }
            expect(hasRoom(agent, 'mail', 0)).toBe(true)
          }
        }
      }),
    )
  })

  test('answers percentiles of those who waited, not of what people pull', () => {
    const held = { id: 'x', queueId: 'q', agentId: null, waitedMs: 9_000_000, end: 'held' as const }
    const taken = [0, 10, 20, 400].map(seconds => ({
      ...{
        id: String(seconds),
        queueId: 'q',
        agentId: 'a',
        waitedMs: seconds * second,
        end: 'taken' as const,
      },
    }))
    expect(figuresOf([...taken, held], 300 * second)).toEqual({
      ...{ count: 5, p50Seconds: 10, p90Seconds: 400, maxSeconds: 400, abandonedShare: 0.25 },
    })
  })
})

describe('the simulation of a past stretch', async () => {
  const app = await startTestApp()

  test('replays what came, beside what really happened, and writes nothing', async () => {
    const supervisor = await app.as('supervisor')
    const from = app.clock.now.toISOString()
    const store = await makeQueuedStore(app)
    const agent = await goOnline(app, store, { chatLimit: 1 })
    const spare = await app.as('agent', { storeIds: [store.id], languages: ['en'] })
    const ids = []
    for (let n = 0; n < 3; n++) {
      ids.push((await startChat(app, store)).id)
      app.clock.advance(10)
    }
    for (const id of ids) {
      app.clock.advance(60)
      await agent.put(`/conversations/${id}/status`, { category: 'resolved' })
      await app.settled()
    }
    const ask = { from, to: app.clock.now.toISOString() }
    const events = async () => (await app.place.pool.query('select max(id) from events')).rows
    const before = await events()
    const plain = await supervisor.post('/routing/simulations', ask)
    expect(plain).toMatchObject({
      status: 200,
      body: {
        arrivals: 3,
        real: { count: 3, p50Seconds: 80, maxSeconds: 130 },
        simulated: { count: 3, maxSeconds: 130, abandonedShare: 0 },
        agents: [{ id: agent.id, taken: 3, takenReally: 3, isAssumed: false }],
      },
    })
    const { body } = await supervisor.get('/queues')
    const queues = (body as { items: Record<string, unknown>[] }).items.map(
      ({ code: _, position: __, version: ___, warnings: ____, ...queue }) => queue,
    )
    const edited = await supervisor.post('/routing/simulations', {
      ...ask,
      queues,
      assumedAgentIds: [spare.id],
    })
    expect(edited).toMatchObject({
      status: 200,
      body: { simulated: { maxSeconds: expect.any(Number) }, real: { maxSeconds: 130 } },
    })
    const { simulated } = edited.body as { simulated: { maxSeconds: number } }
    expect(simulated.maxSeconds).toBeLessThan(130)
    expect(await events()).toEqual(before)
    expect(await supervisor.post('/routing/simulations', ask)).toMatchObject({ body: plain.body })
  })

  test('is refused for the future, for no stretch at all and for who may not manage routing', async () => {
    const supervisor = await app.as('supervisor')
    const now = app.clock.now.toISOString()
    const later = new Date(app.clock.now.getTime() + 60_000).toISOString()
    expect(await supervisor.post('/routing/simulations', { from: now, to: later })).toMatchObject({
      body: { error: { code: 'stretch_in_future' } },
    })
    expect(await supervisor.post('/routing/simulations', { from: now, to: now })).toMatchObject({
      body: { error: { code: 'stretch_impossible' } },
    })
    const earlier = new Date(app.clock.now.getTime() - 60_000).toISOString()
    const { body } = await supervisor.get('/queues')
    const [first] = (body as { items: Queue[] }).items
    const loop = { ...first, code: undefined, outOfHours: 'other_queue', outOfHoursQueueId: first!.id }
    expect(
      await supervisor.post('/routing/simulations', { from: earlier, to: now, queues: [loop] }),
    ).toMatchObject({ body: { error: { code: 'queue_loop' } } })
    const agent = await app.as('agent')
    expect(await agent.post('/routing/simulations', { from: now, to: later })).toMatchObject({ status: 403 })
  })
})
