import { afterEach, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'
import { seedPolicies } from './seeded-policies.ts'

const app = await startTestApp()
const today = app.clock.now
afterEach(() => {
  app.clock.now = today
})
const admin = await app.as('admin')
const agent = await app.as('agent')

type Policy = {
  id: string
  code: string
  version: number
  storeId: string | null
  effectiveTo: string | null
}
const terms = {
  names: { zh: '解决', en: 'Resolution' },
  kind: 'resolution',
  channel: 'api',
  window: { value: 3_600, unit: 'second' },
  calendar: 'store',
  warnAt: [0.5, 0.9],
  source: 'Contract §4',
  verifiedAt: '2026-01-05',
}
const newCode = () => `policy-${app.unique()}`
const post = (fields: object) => admin.post('/clock-policies', { ...terms, code: newCode(), ...fields })
/** A policy of a store of its own, so that it meets no other. */
const create = async (fields: object = {}) =>
  (await post({ storeId: (await makeStore(app)).id, ...fields })).body as Policy
const list = async (who: typeof admin = admin) =>
  ((await who.get('/clock-policies')).body as { items: Policy[] }).items
const audited = async ({ id }: Policy) =>
  (
    await app.place.pool.query('select action, fields from audit_entries where object = $1 order by id', [
      `clock_policy:${id}`,
    ])
  ).rows

describe('a new house', () => {
  test('answers a chat within 30 seconds, with its source', async () => {
    expect((await list()).find(({ code }) => code === 'chat-first-response')).toMatchObject({
      version: 1,
      kind: 'first_response',
      names: { zh: '在线客服：30 秒内首次响应', en: 'Chat: first response in 30 s' },
      channel: 'web_chat',
      storeId: null,
      window: { value: 30, unit: 'second' },
      stopsOn: ['human_reply', 'mark_spam', 'resolved'],
      calendar: 'store',
      warnAt: [0.5, 0.75, 0.9],
      effectiveTo: null,
    })
  })

  test('keeps what was decided when it starts again', async () => {
    const seeded = (await list()).find(({ code }) => code === 'chat-first-response')!
    await admin.delete(`/clock-policies/${seeded.id}`)
    await app.act(seedPolicies)
    const found = (await list()).filter(({ code }) => code === 'chat-first-response')
    expect(found).toMatchObject([{ id: seeded.id, effectiveTo: today.toISOString() }])
  })
})

describe('a clock policy', () => {
  test('is noted, and warns in order and once', async () => {
    const policy = await create({ warnAt: [0.9, 0.5, 0.9] })
    expect(policy).toMatchObject({
      ...terms,
      version: 1,
      effectiveFrom: today.toISOString(),
      effectiveTo: null,
    })
    expect(await audited(policy)).toEqual([{ action: 'clock_policy.created', fields: [] }])
  })

  test.each([
    [{ window: { value: 0, unit: 'second' } }],
    [{ warnAt: [1] }],
    [{ channel: 'pigeon' }],
    [{ verifiedAt: '2026-02-30' }],
    [{ source: ' ' }],
    [{ code: 'No Code' }],
  ])('with %j is refused', async fields => {
    expect(await post(fields)).toMatchObject({ status: 422, body: { error: { code: 'invalid_request' } } })
  })

  test('of a store that does not exist is refused', async () => {
    const refusal = { status: 404, body: { error: { code: 'store_not_found' } } }
    expect(await post({ storeId: crypto.randomUUID() })).toMatchObject(refusal)
  })

  test('changes by a new version from now on; the old one is kept and can no longer be changed', async () => {
    const first = await create()
    app.clock.advance(60)
    const { body } = await admin.patch(`/clock-policies/${first.id}`, {
      window: { value: 60, unit: 'second' },
    })
    const second = body as Policy
    const changedAt = app.clock.now.toISOString()
    expect(second).toMatchObject({
      ...terms,
      code: first.code,
      version: 2,
      window: { value: 60, unit: 'second' },
      effectiveFrom: changedAt,
    })
    expect((await list()).filter(({ code }) => code === first.code)).toMatchObject([
      { id: second.id, effectiveTo: null },
      { id: first.id, window: { value: 3_600, unit: 'second' }, effectiveTo: changedAt },
    ])
    expect(await audited(second)).toEqual([{ action: 'clock_policy.changed', fields: ['window'] }])
    expect(
      await admin.patch(`/clock-policies/${first.id}`, { window: { value: 90, unit: 'second' } }),
    ).toMatchObject({
      status: 409,
      body: { error: { code: 'changed_meanwhile' } },
    })
  })

  test('changed by two at once has one new version', async () => {
    const { id, code } = await create()
    const change = (value: number) =>
      admin.patch(`/clock-policies/${id}`, { window: { value, unit: 'second' } })
    const answers = await Promise.all([10, 20, 30].map(change))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect((await list()).filter(policy => policy.code === code)).toHaveLength(2)
  })

  test('has no new version after a change of nothing', async () => {
    const { id, code } = await create()
    expect(await admin.patch(`/clock-policies/${id}`, {})).toMatchObject({
      status: 200,
      body: { version: 1 },
    })
    expect((await list()).filter(policy => policy.code === code)).toHaveLength(1)
  })

  test('that has ended makes room for another, and its code counts on', async () => {
    const policy = await create()
    expect((await admin.delete(`/clock-policies/${policy.id}`)).status).toBe(204)
    expect(await audited(policy)).toContainEqual({ action: 'clock_policy.ended', fields: [] })
    const again = await post({ storeId: policy.storeId, code: policy.code })
    expect(again).toMatchObject({ status: 201, body: { version: 2 } })
    expect((await admin.delete(`/clock-policies/${policy.id}`)).status).toBe(409)
  })

  test('is read by those who answer, made and changed by those who may', async () => {
    const { id } = await create()
    const supervisor = await app.as('supervisor')
    expect((await agent.get('/clock-policies')).status).toBe(200)
    expect((await agent.post('/clock-policies', { ...terms, code: newCode() })).status).toBe(403)
    expect(
      (await agent.patch(`/clock-policies/${id}`, { window: { value: 60, unit: 'second' } })).status,
    ).toBe(403)
    expect((await agent.delete(`/clock-policies/${id}`)).status).toBe(403)
    expect(
      (await supervisor.patch(`/clock-policies/${id}`, { window: { value: 60, unit: 'second' } })).status,
    ).toBe(200)
    expect((await app.get('/clock-policies')).status).toBe(401)
  })

  test('that does not exist is neither changed nor ended', async () => {
    const url = `/clock-policies/${crypto.randomUUID()}`
    const refusal = { status: 404, body: { error: { code: 'clock_policy_not_found' } } }
    expect(await admin.patch(url, { window: { value: 60, unit: 'second' } })).toMatchObject(refusal)
    expect(await admin.delete(url)).toMatchObject(refusal)
  })
})

describe('two policies for the same answers', () => {
  test('of one store are refused, and the one in force is named', async () => {
    const { id, storeId } = await create()
    expect(await post({ storeId, window: { value: 60, unit: 'second' } })).toMatchObject({
      status: 409,
      body: { error: { code: 'policy_overlaps', details: { policyId: id } } },
    })
    expect((await post({ storeId, kind: 'next_response' })).status).toBe(201)
    expect((await post({ storeId, channel: 'web_chat' })).status).toBe(201)
  })

  test('of the company are refused, and one of a store stands beside it', async () => {
    const { id } = await create({ storeId: null })
    expect(await post({ storeId: null })).toMatchObject({
      status: 409,
      body: { error: { code: 'policy_overlaps', details: { policyId: id } } },
    })
    expect(await create()).toMatchObject({ version: 1 })
    await admin.delete(`/clock-policies/${id}`)
  })

  test('of sites that overlap are refused, of others stand side by side', async () => {
    const { storeId } = await create({ sites: ['US', 'CA'] })
    const overlapping = post({ storeId, sites: ['CA', 'MX'] })
    expect(await overlapping).toMatchObject({ status: 409, body: { error: { code: 'policy_overlaps' } } })
    expect((await post({ storeId, sites: ['MX'] })).status).toBe(201)
    expect((await post({ storeId })).status).toBe(201)
    const answers = await Promise.all(
      [
        ['DE', 'FR'],
        ['FR', 'IT'],
        ['IT', 'FR', 'ES'],
      ].map(sites => post({ storeId, sites })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  test('made at the same moment are one', async () => {
    for (const storeId of [(await makeStore(app)).id, null]) {
      const answers = await Promise.all([1, 2, 3].map(() => post({ storeId })))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
      await admin.delete(
        `/clock-policies/${(answers.find(({ status }) => status === 201)!.body as Policy).id}`,
      )
    }
  })

  test('of one code are refused', async () => {
    const { code } = await create()
    const other = { storeId: (await makeStore(app)).id, code }
    expect(await post(other)).toMatchObject({ status: 409, body: { error: { code: 'policy_exists' } } })
  })
})

describe('a policy that cannot be', () => {
  test.each([
    [{ trigger: 'promised' }, 'trigger_unfit'],
    [{ window: null }, 'window_missing'],
    [{ kind: 'promise' }, 'window_of_promise'],
    [{ window: { value: 3, unit: 'ring', ringSeconds: 6 } }, 'window_in_rings'],
    [{ channel: 'phone', window: { value: 3, unit: 'ring' } }, 'window_in_rings'],
    [{ window: { value: 2, unit: 'business_day' }, calendar: 'always' }, 'window_needs_calendar'],
    [{ window: { value: 401, unit: 'calendar_day' } }, 'window_too_long'],
    [{ calendar: 'own' }, 'calendar_unclear'],
    [{ calendar: 'own', country: 'DE' }, 'calendar_unclear'],
    [{ calendarId: crypto.randomUUID() }, 'calendar_unclear'],
    [{ calendar: 'own', calendarId: crypto.randomUUID() }, 'calendar_not_found'],
    [{ calendar: 'own', country: 'XX', zone: 'UTC' }, 'unknown_country'],
    [{ weekendDueAt: '12:00' }, 'zone_missing'],
    [{ pauseCapHours: 5 }, 'cap_without_pause'],
    [
      { escalations: [{ at: { fraction: 1 }, do: 'reassign', teamId: crypto.randomUUID() }] },
      'team_not_found',
    ],
    [
      { escalations: [{ at: { fraction: 1 }, do: 'note', mentionId: crypto.randomUUID(), text: 'Look' }] },
      'staff_not_found',
    ],
  ])('with %j is refused', async (fields, code) => {
    expect(await post(fields)).toMatchObject({ status: 422, body: { error: { code } } })
  })

  test('is refused as a change too', async () => {
    const { id } = await create()
    const change = { calendar: 'always', window: { value: 2, unit: 'business_day' } }
    expect(await admin.patch(`/clock-policies/${id}`, change)).toMatchObject({
      status: 422,
      body: { error: { code: 'window_needs_calendar' } },
    })
    expect((await list()).find(policy => policy.id === id)).toMatchObject({ effectiveTo: null })
  })

  test('because its calendar never opens says so where it is made', async () => {
    const { body } = await admin.post('/calendars', {
      ...{ name: 'Long ago', zone: 'UTC', weekly: {} },
      special: [{ date: '2020-01-01', name: 'Once', intervals: [{ from: '09:00', to: '10:00' }] }],
    })
    const calendarId = (body as { id: string }).id
    expect(await create({ calendar: 'own', calendarId })).toMatchObject({ neverOpens: true })
    expect(await create()).toMatchObject({ neverOpens: false })
  })
})

describe('a version to come', () => {
  test('holds from its moment on, and the present one until then', async () => {
    const first = await create()
    const effectiveFrom = new Date(today.getTime() + 3_600_000).toISOString()
    const { body } = await admin.patch(`/clock-policies/${first.id}`, { severity: 1, effectiveFrom })
    expect(body).toMatchObject({ version: 2, effectiveFrom, effectiveTo: null })
    expect((await list()).find(({ id }) => id === first.id)).toMatchObject({ effectiveTo: effectiveFrom })
  })

  test('of a time gone by is refused', async () => {
    const { id } = await create()
    const change = { severity: 1, effectiveFrom: '2026-01-01T00:00:00Z' }
    expect(await admin.patch(`/clock-policies/${id}`, change)).toMatchObject({
      status: 422,
      body: { error: { code: 'effective_in_past' } },
    })
  })
})

describe('the source of a policy', () => {
  test('is stale when nobody has looked at it for more than 180 days', async () => {
    const policy = await create({ verifiedAt: '2026-01-05' })
    const isStale = async () => {
      const supervisor = await app.as('supervisor')
      return (await list(supervisor)).find(({ id }) => id === policy.id)
    }
    app.clock.now = new Date('2026-07-04T00:00:00.000Z')
    expect(await isStale()).toMatchObject({ isStale: false })
    app.clock.advance(0.001)
    expect(await isStale()).toMatchObject({ isStale: true })
  })

  test('was not verified on a day to come, anywhere on earth', async () => {
    const refusal = { status: 422, body: { error: { code: 'verified_in_future' } } }
    app.clock.now = new Date('2026-01-05T09:59:59Z')
    expect(await post({ verifiedAt: '2026-01-06' })).toMatchObject(refusal)
    const { id } = await create()
    expect(await admin.patch(`/clock-policies/${id}`, { verifiedAt: '2026-01-06' })).toMatchObject(refusal)
    app.clock.now = new Date('2026-01-05T10:00:00Z')
    expect((await admin.patch(`/clock-policies/${id}`, { verifiedAt: '2026-01-06' })).status).toBe(200)
  })
})

describe('somebody who sees one store', () => {
  test('finds the policies of his store and of the company', async () => {
    const [mine, other] = [await create(), await create()]
    const limited = await app.as('supervisor', { storeIds: [mine.storeId!] })
    const shown = await list(limited)
    expect(shown.map(({ id }) => id)).toContain(mine.id)
    expect(shown.map(({ id }) => id)).not.toContain(other.id)
    expect(shown.some(({ storeId }) => storeId === null)).toBe(true)
  })

  test('changes those of his store only', async () => {
    const [mine, other] = [await create(), await create()]
    const company = (await list()).find(({ storeId }) => storeId === null)!
    const limited = await app.as('supervisor', { storeIds: [mine.storeId!] })
    const change = (policy: Policy) =>
      limited.patch(`/clock-policies/${policy.id}`, { window: { value: 60, unit: 'second' } })
    const make = (storeId: string | null) =>
      limited.post('/clock-policies', { ...terms, kind: 'next_response', code: newCode(), storeId })

    expect((await change(mine)).status).toBe(200)
    expect((await make(mine.storeId)).status).toBe(201)
    expect((await change(other)).status).toBe(404)
    expect((await make(other.storeId)).status).toBe(404)
    const beyond = { status: 403, body: { error: { code: 'beyond_your_stores' } } }
    expect(await change(company)).toMatchObject(beyond)
    expect(await limited.delete(`/clock-policies/${company.id}`)).toMatchObject(beyond)
    expect(await make(null)).toMatchObject(beyond)
  })
})
