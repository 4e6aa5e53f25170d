import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'
import { changeCalendar, createCalendar, deleteCalendar } from '../settings/calendars.ts'
import { changeStore } from '../settings/stores.ts'
import { startClocks, stopClocks } from './clocks.ts'
import { fireDueClocks } from './firing.ts'
import { pauseClocks, resumeClocks } from './pauses.ts'
import { changePolicy, createPolicy } from './policies.ts'
import type { NewPolicy } from './schemas.ts'
import type { PauseReason } from './tables.ts'
import { newPolicy } from './test-policies.ts'

const app = await startTestApp()
const today = app.clock.now
afterEach(() => {
  app.clock.now = today
})

const lunch = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '18:00' },
]
const week = { 1: lunch, 2: lunch, 3: lunch, 4: lunch, 5: lunch }

async function openShop(fields: Partial<NewPolicy> = {}) {
  const calendar = await app.act(ctx =>
    createCalendar(ctx, {
      name: 'Berlin',
      zone: 'Europe/Berlin',
      weekly: week,
      closed: [{ date: '2026-03-30', name: 'Inventory' }],
      special: [],
    }),
  )
  const store = await makeStore(app, { calendarId: calendar.id })
  const policy = await app.act(ctx =>
    createPolicy(
      ctx,
      newPolicy({
        code: `test-${app.unique()}`,
        kind: 'resolution',
        storeId: store.id,
        window: { value: 10, unit: 'hour' },
        pausesOn: ['customer', 'carrier'],
        ...fields,
      }),
    ),
  )
  return { calendar, store, policy }
}

const begin = async (storeId: string) => {
  const subjectId = randomUUID()
  const start = {
    subjectId,
    storeId,
    channelKind: 'web_chat',
    kind: 'resolution',
    at: app.clock.now,
  } as const
  await app.act(ctx => startClocks(ctx, [start]))
  return subjectId
}
const at = (text: string) => {
  app.clock.now = new Date(`${text}:00Z`)
}
const pause = async (id: string, reason: PauseReason) =>
  (await app.act(ctx => pauseClocks(ctx, [id], reason))).get(id)?.toISOString() ?? null
const resume = async (id: string) => (await app.act(ctx => resumeClocks(ctx, [id]))).get(id)?.toISOString()
const sweep = async () => {
  await app.sweep()
  while (await app.act(fireDueClocks)) {}
}
const read = async (id: string) =>
  (await app.place.pool.query('select * from clocks where subject_id = $1', [id])).rows[0]
const told = async (id: string): Promise<string[]> =>
  (
    await app.place.pool.query(
      "select name, payload from events where conversation_id = $1 and name in ('clock.warned', 'clock.breached') order by id",
      [id],
    )
  ).rows.map(({ name, payload }) => (name === 'clock.warned' ? String(payload.fraction) : 'breach'))

// S17: Chatwoot#14009, PR 13392; Frappe#2212, #1554
test('a clock over a lunch break, a holiday and a change of clocks, paused twice, its calendar edited later', async () => {
  const { calendar, store } = await openShop()
  at('2026-03-27T15:00')
  const id = await begin(store.id)
  // Friday 16:00 in Berlin: 2 h until closing; Monday is closed; Tuesday, an hour earlier by UTC, has 8 h.
  expect((await read(id)).due_at.toISOString()).toBe('2026-03-31T16:00:00.000Z')

  at('2026-03-27T16:00')
  expect(await pause(id, 'customer')).toBeNull()
  at('2026-03-31T08:00')
  expect(await pause(id, 'carrier')).toBeNull()
  at('2026-03-31T12:00')
  // 1 h on Friday; from 14:00 on Tuesday 4 h; 5 h on Wednesday: until 15:00 with the lunch break.
  expect(await resume(id)).toBe('2026-04-01T13:00:00.000Z')

  await app.act(ctx =>
    changeCalendar(ctx, calendar.id, { weekly: { ...week, 3: [{ from: '13:00', to: '18:00' }] } }),
  )
  await sweep()
  expect((await read(id)).due_at.toISOString()).toBe('2026-04-01T16:00:00.000Z')

  at('2026-04-01T15:00')
  await sweep()
  expect(await told(id)).toEqual(['0.9'])
  await app.act(ctx => stopClocks(ctx, [id], 'all', 'resolved'))
  const hour = 3_600_000
  expect(await read(id)).toMatchObject({
    own_ms: 9 * hour,
    felt_ms: 120 * hour,
    stop_reason: 'resolved',
    breached_at: null,
  })
  const { rows } = await app.place.pool.query(
    'select reason, began_at, ended_at from clock_pauses join clocks on clocks.id = clock_id where subject_id = $1 order by began_at',
    [id],
  )
  expect(rows).toEqual([
    { reason: 'customer', began_at: new Date('2026-03-27T16:00Z'), ended_at: new Date('2026-03-31T08:00Z') },
    { reason: 'carrier', began_at: new Date('2026-03-31T08:00Z'), ended_at: new Date('2026-03-31T12:00Z') },
  ])
})

describe('a clock that stands still', () => {
  test('tells nothing, and what was told before is not told again', async () => {
    const { store } = await openShop({ calendar: 'always' })
    const id = await begin(store.id)
    app.clock.advance(6 * 3_600)
    await sweep()
    await pause(id, 'carrier')
    app.clock.advance(30 * 86_400)
    await sweep()
    await resume(id)
    await sweep()
    expect(await told(id)).toEqual(['0.5'])
    app.clock.advance(4 * 3_600)
    await sweep()
    expect(await told(id)).toEqual(['0.5', 'breach'])
  })

  test('does so only for a reason that its policy grants', async () => {
    const { store } = await openShop({ calendar: 'always', pausesOn: ['bank'] })
    const id = await begin(store.id)
    const dueAt = (await read(id)).due_at.toISOString()
    expect(await pause(id, 'customer')).toBe(dueAt)
    expect(await pause(id, 'bank')).toBeNull()
    expect(await pause(id, 'carrier')).toBe(dueAt)
    expect(await read(id)).toMatchObject({ paused_at: null, pause_reason: null })
  })

  test('goes on by itself when the cap of its pauses is reached, and has an hour all along', async () => {
    const { store } = await openShop({ calendar: 'always', pauseCapHours: 5 })
    const id = await begin(store.id)
    expect(await pause(id, 'customer')).toBe('2026-01-06T00:00:00.000Z')
    app.clock.advance(2 * 3_600)
    expect(await resume(id)).toBe('2026-01-05T21:00:00.000Z')
    await pause(id, 'carrier')
    app.clock.advance(13 * 3_600)
    await sweep()
    expect(await told(id)).toEqual(['breach'])
  })

  test('for the same reason twice stands still once', async () => {
    const { store } = await openShop({ calendar: 'always' })
    const id = await begin(store.id)
    await pause(id, 'customer')
    await pause(id, 'customer')
    await resume(id)
    await resume(id)
    const { rows } = await app.place.pool.query(
      'select 1 from clock_pauses join clocks on clocks.id = clock_id where subject_id = $1',
      [id],
    )
    expect(rows).toHaveLength(1)
  })

  test('and is stopped has its pause ended with it', async () => {
    const { store } = await openShop({ calendar: 'always' })
    const id = await begin(store.id)
    app.clock.advance(600)
    await pause(id, 'customer')
    app.clock.advance(600)
    await app.act(ctx => stopClocks(ctx, [id], 'all', 'resolved'))
    const { rows } = await app.place.pool.query(
      'select ended_at from clock_pauses join clocks on clocks.id = clock_id where subject_id = $1',
      [id],
    )
    expect(rows).toEqual([{ ended_at: app.clock.now }])
    expect(await read(id)).toMatchObject({ own_ms: 600_000, felt_ms: 1_200_000, paused_at: null })
  })
})

describe('hours that change', () => {
  test('bring a breach forward, which the same sweep tells; told once it stays', async () => {
    const { calendar, store } = await openShop({ window: { value: 2, unit: 'hour' } })
    at('2026-01-05T10:30')
    const id = await begin(store.id)
    at('2026-01-05T12:40')
    const all = [{ from: '00:00', to: '24:00' }]
    await app.act(ctx => changeCalendar(ctx, calendar.id, { weekly: { ...week, 1: all } }))
    await sweep()
    expect(await told(id)).toEqual(['breach'])
    await app.act(ctx => changeCalendar(ctx, calendar.id, { weekly: week }))
    await sweep()
    expect(await told(id)).toEqual(['breach'])
    const breach = new Date('2026-01-05T12:30Z')
    expect(await read(id)).toMatchObject({ breached_at: breach, due_at: breach })
  })

  test('follow the store to another calendar, and keep the version of the policy', async () => {
    const { store, policy } = await openShop({ window: { value: 1, unit: 'business_day' } })
    at('2026-01-05T10:00')
    const id = await begin(store.id)
    expect((await read(id)).due_at.toISOString()).toBe('2026-01-06T17:00:00.000Z')
    await app.act(ctx => changePolicy(ctx, policy.id, { window: { value: 5, unit: 'business_day' } }))
    const other = await app.act(ctx =>
      createCalendar(ctx, { name: 'UTC', zone: 'UTC', weekly: { 3: lunch }, closed: [], special: [] }),
    )
    await app.act(ctx => changeStore(ctx, store.id, { calendarId: other.id }))
    await sweep()
    expect(await read(id)).toMatchObject({ due_at: new Date('2026-01-07T18:00Z'), policy_id: policy.id })
    await app.act(ctx => changeStore(ctx, store.id, { calendarId: null }))
    await sweep()
    expect((await read(id)).due_at.toISOString()).toBe('2026-01-06T10:00:00.000Z')
  })

  test('are those of the policy where it has its own', async () => {
    const { calendar } = await openShop()
    const { store } = await openShop({ calendar: 'own', calendarId: calendar.id })
    at('2026-01-05T10:00')
    const id = await begin(store.id)
    expect((await read(id)).due_at.toISOString()).toBe('2026-01-06T13:00:00.000Z')
    await app.act(ctx =>
      changeCalendar(ctx, calendar.id, { closed: [{ date: '2026-01-06', name: 'Epiphany' }] }),
    )
    await sweep()
    expect((await read(id)).due_at.toISOString()).toBe('2026-01-07T13:00:00.000Z')
    await expect(app.act(ctx => deleteCalendar(ctx, calendar.id))).rejects.toThrow()
  })

  test('of China leave out its holidays and count its make-up workdays', async () => {
    const china = { calendar: 'own', country: 'CN', zone: 'Asia/Shanghai' } as const
    const { store } = await openShop({ ...china, window: { value: 2, unit: 'business_day' } })
    // Spring Festival 2026: 15 to 23 February off, 14 and 28 February worked.
    at('2026-02-13T02:00')
    const id = await begin(store.id)
    expect((await read(id)).due_at.toISOString()).toBe('2026-02-24T16:00:00.000Z')
  })
})
