import { afterEach, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'

const app = await startTestApp()
const today = app.clock.now
afterEach(() => {
  app.clock.now = today
})

const admin = await app.as('admin')
const agent = await app.as('agent')

type Calendar = { id: string; version: number; isOpen: boolean; storeIds: string[] }
const withLunch = [
  { from: '09:00', to: '12:30' },
  { from: '13:30', to: '18:00' },
]
const office = {
  name: 'Büro',
  zone: 'Europe/Berlin',
  weekly: { 1: withLunch, 2: withLunch, 3: withLunch, 4: withLunch, 5: withLunch },
  closed: [{ date: '2026-01-06', name: 'Heilige Drei Könige' }],
  special: [{ date: '2026-01-10', intervals: [{ from: '10:00', to: '14:00' }], name: 'Inventur' }],
}
const create = async (fields: object = {}) =>
  (await admin.post('/calendars', { ...office, ...fields })).body as Calendar
const read = async (id: string) => (await admin.get(`/calendars/${id}`)).body as Calendar
const audited = async (id: string) =>
  (
    await app.place.pool.query('select action, fields from audit_entries where object = $1 order by id', [
      `calendar:${id}`,
    ])
  ).rows

describe('a calendar', () => {
  test('is kept as it was given', async () => {
    const calendar = await create()
    expect(calendar).toMatchObject({ ...office, version: 1, storeIds: [] })
    expect(await read(calendar.id)).toEqual(calendar)
    expect((await agent.get('/calendars')).body).toMatchObject({ items: expect.arrayContaining([calendar]) })
  })

  // biome-ignore format: a table
  test.each<[string, object, string, string]>([
    ['an unknown zone', { zone: 'Mars/Olympus' }, 'zone', 'unknown_zone'],
    ['a bare offset for a zone', { zone: '+08:00' }, 'zone', 'unknown_zone'],
    ['a time that is none', { weekly: { 1: [{ from: '9:00', to: '12:00' }] } }, 'weekly.1.0.from', 'bad_time'],
    ['an hour too many', { weekly: { 1: [{ from: '09:00', to: '24:30' }] } }, 'weekly.1.0.to', 'bad_time'],
    ['an end before its start', { weekly: { 2: [{ from: '18:00', to: '09:00' }] } }, 'weekly.2.0', 'ends_before_start'],
    ['intervals that overlap', { weekly: { 5: [...withLunch, { from: '12:00', to: '13:00' }] } }, 'weekly.5.2', 'overlap'],
    ['a day that does not exist', { closed: [{ date: '2026-02-30', name: '' }] }, 'closed.0.date', 'no_such_date'],
    ['a day twice', { closed: [...office.closed, ...office.closed] }, 'closed.1.date', 'date_twice'],
    ['no hour at all', { weekly: {}, special: [] }, 'weekly', 'never_open'],
  ])('with %s is refused with place and code', async (_, fields, path, code) => {
    const refusal = { status: 422, body: { error: { code: 'calendar_impossible', details: [{ path, code }] } } }
    expect(await admin.post('/calendars', { ...office, ...fields })).toMatchObject(refusal)
    const { id } = await create()
    expect(await admin.patch(`/calendars/${id}`, fields)).toMatchObject(refusal)
    expect(await read(id)).toMatchObject({ ...office, version: 1 })
  })

  test('with an eighth weekday is refused', async () => {
    expect((await admin.post('/calendars', { ...office, weekly: { 8: withLunch } })).status).toBe(422)
  })

  test('changes in the fields given, one version on, and is noted', async () => {
    const { id } = await create()
    expect((await admin.patch(`/calendars/${id}`, { closed: [], expectedVersion: 1 })).body).toMatchObject({
      ...office,
      closed: [],
      version: 2,
    })
    expect(await audited(id)).toEqual([
      { action: 'calendar.created', fields: [] },
      { action: 'calendar.changed', fields: ['closed'] },
    ])
  })

  test('changed by two who read the same version is changed by one', async () => {
    const { id } = await create()
    const answers = await Promise.all(
      ['A', 'B', 'C'].map(name => admin.patch(`/calendars/${id}`, { name, expectedVersion: 1 })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({
      error: { code: 'changed_meanwhile', details: { version: 2 } },
    })
  })

  test('is not a version on after a change of nothing', async () => {
    const { id } = await create()
    expect(await admin.patch(`/calendars/${id}`, { expectedVersion: 1 })).toMatchObject({
      status: 200,
      body: { version: 1 },
    })
    expect(await audited(id)).toHaveLength(1)
  })

  test('is made, changed and deleted only by those who may', async () => {
    const { id } = await create()
    expect((await agent.post('/calendars', office)).status).toBe(403)
    expect((await agent.patch(`/calendars/${id}`, { name: 'Mine' })).status).toBe(403)
    expect((await agent.delete(`/calendars/${id}`)).status).toBe(403)
    expect((await app.get('/calendars')).status).toBe(401)
  })

  test('that does not exist is neither read, changed nor deleted', async () => {
    const url = `/calendars/${crypto.randomUUID()}`
    for (const answer of [
      await admin.get(url),
      await admin.patch(url, { name: 'x' }),
      await admin.delete(url),
    ])
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'calendar_not_found' } } })
  })
})

describe('a calendar that stores work by', () => {
  test('says who they are and whether they are open', async () => {
    const { id } = await create()
    const store = await makeStore(app, { calendarId: id })
    app.clock.now = new Date('2026-01-05T11:29:00Z')
    expect(await read(id)).toMatchObject({ storeIds: [store.id], isOpen: true })
    app.clock.now = new Date('2026-01-05T11:31:00Z')
    expect(await read(id)).toMatchObject({ isOpen: false })
  })

  test.each([
    ['in the afternoon', '2026-01-05T16:59:59Z', true, null],
    ['at noon until the afternoon', '2026-01-05T12:00:00Z', false, '2026-01-05T12:30:00.000Z'],
    ['at night until after the holiday', '2026-01-05T17:00:00Z', false, '2026-01-07T08:00:00.000Z'],
    [
      'on Friday evening until the Saturday that is not like others',
      '2026-01-09T18:00:00Z',
      false,
      '2026-01-10T09:00:00.000Z',
    ],
    ['across the change of clocks', '2026-03-27T18:00:00Z', false, '2026-03-30T07:00:00.000Z'],
  ])('lets the widget know that it is open or when it will be: %s', async (_, now, open, opensAt) => {
    const store = await makeStore(app, { calendarId: (await create()).id })
    app.clock.now = new Date(now)
    expect((await app.get(`/widget/config?store=${store.key}`)).body).toMatchObject({ open, opensAt })
  })

  test('is not deleted, and can be once they work by another', async () => {
    const { id } = await create()
    const store = await makeStore(app, { calendarId: id })
    expect(await admin.delete(`/calendars/${id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'calendar_in_use' } },
    })
    await admin.patch(`/stores/${store.id}`, { calendarId: null })
    expect((await admin.delete(`/calendars/${id}`)).status).toBe(204)
    expect((await admin.get(`/calendars/${id}`)).status).toBe(404)
    expect(await audited(id)).toContainEqual({ action: 'calendar.deleted', fields: [] })
  })

  test('given and deleted at the same moment is one or the other, told to both', async () => {
    for (let round = 0; round < 8; round++) {
      const { id } = await create()
      const store = await makeStore(app)
      const [given, deleted] = await Promise.all([
        admin.patch(`/stores/${store.id}`, { calendarId: id }),
        admin.delete(`/calendars/${id}`),
      ])
      expect([
        [200, 409],
        [422, 204],
      ]).toContainEqual([given.status, deleted.status])
    }
  })

  test('names only the stores one sees, and is changed only by who sees them all', async () => {
    const { id } = await create()
    const [mine] = [await makeStore(app, { calendarId: id }), await makeStore(app, { calendarId: id })]
    const limited = await app.as('admin', { storeIds: [mine.id] })
    expect((await limited.get(`/calendars/${id}`)).body).toMatchObject({ storeIds: [mine.id] })
    const { items } = (await limited.get('/calendars')).body as { items: Calendar[] }
    expect(items.find(calendar => calendar.id === id)).toMatchObject({ storeIds: [mine.id] })
    const refusal = { status: 403, body: { error: { code: 'beyond_your_stores' } } }
    expect(await limited.patch(`/calendars/${id}`, { name: 'Mine' })).toMatchObject(refusal)
    expect(await limited.delete(`/calendars/${id}`)).toMatchObject(refusal)
  })
})

describe('the suggestion of days', () => {
  const suggest = (query: string) => admin.get(`/calendars/suggestion?${query}`)

  test('of China has its days off, and its make-up workdays with the hours asked for', async () => {
    const { body } = await suggest('country=CN&year=2026&workday=09:00-12:30,13:30-18:00')
    expect(body).toMatchObject({
      closed: expect.arrayContaining([expect.objectContaining({ date: '2026-10-01' })]),
      special: expect.arrayContaining([
        expect.objectContaining({ date: '2026-10-10', intervals: withLunch }),
      ]),
      unannounced: [],
    })
    expect(
      (await admin.post('/calendars', { ...office, zone: 'Asia/Shanghai', ...withoutYears(body) })).status,
    ).toBe(201)
  })

  test('of a year that China has not announced says so', async () => {
    expect((await suggest('country=CN&year=2035')).body).toMatchObject({ special: [], unannounced: [2035] })
  })

  test('of a region has its own holidays too', async () => {
    const dates = async (query: string) =>
      ((await suggest(query)).body as { closed: { date: string }[] }).closed.map(({ date }) => date)
    expect(await dates('country=DE&year=2026')).not.toContain('2026-01-06')
    expect(await dates('country=DE&year=2026&region=BY')).toContain('2026-01-06')
  })

  test.each([
    ['country=XX&year=2026', 'unknown_country'],
    ['country=DE&year=2026&region=ZZ', 'unknown_region'],
    ['country=CN&year=2026&workday=18:00-09:00', 'calendar_impossible'],
    ['country=CN&year=2026&workday=day', 'invalid_request'],
    ['country=CN&year=1900', 'invalid_request'],
  ])('for %s is refused as %s', async (query, code) => {
    expect(await suggest(query)).toMatchObject({ status: 422, body: { error: { code } } })
  })
})

const withoutYears = ({ unannounced: _, ...days }: Record<string, unknown>) => days
