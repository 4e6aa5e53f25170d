import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import type { Customer } from './schemas.ts'

const app = await startTestApp()
const agent = await app.as('agent')
const supervisor = await app.as('supervisor')
const trainer = await app.as('trainer')
const admin = await app.as('admin')

const nobody = '018f0000-0000-7000-8000-000000000000'

async function create(fields: object = {}) {
  const answer = await agent.post('/customers', { name: 'Grace Hopper', ...fields })
  expect(answer).toMatchObject({ status: 201 })
  return answer.body as Customer
}

const eventsOf = async (customerId: string) => {
  const { rows } = await app.place.pool.query(
    'select name, payload from events where customer_id = $1 order by id',
    [customerId],
  )
  return rows as { name: string; payload: Record<string, unknown> }[]
}
const auditOf = async (customerId: string) => {
  const { rows } = await app.place.pool.query(
    'select action, fields from audit_entries where object = $1 order by id',
    [`customer:${customerId}`],
  )
  return rows as { action: string; fields: string[] }[]
}

describe('creating a customer', () => {
  test('keeps what was given, and says where it came from', async () => {
    const customer = await create({
      email: 'Grace@Example.com',
      phone: '(202) 555-0143',
      country: 'US',
      language: 'en',
      zone: 'America/New_York',
      tags: ['vip', 'vip'],
      legalBasis: 'contract',
    })
    expect(customer).toMatchObject({
      name: 'Grace Hopper',
      email: 'Grace@Example.com',
      phone: '(202) 555-0143',
      tags: ['vip'],
      anonymous: false,
      version: 1,
    })
    expect(
      customer.identities.map(({ kind, isVerified, isClaimed }) => ({ kind, isVerified, isClaimed })),
    ).toEqual([
      { kind: 'email', isVerified: false, isClaimed: false },
      { kind: 'phone', isVerified: false, isClaimed: false },
    ])
    expect(customer.facts.find(fact => fact.field === 'country')).toMatchObject({
      value: 'US',
      source: 'staff',
      legalBasis: 'contract',
      by: agent.id,
    })
    expect(await agent.get(`/customers/${customer.id}`)).toMatchObject({
      status: 200,
      body: customer as never,
    })
  })

  test('is told as ids alone, and noted in the audit chain', async () => {
    const { id } = await create({ email: `told-${app.unique()}@example.com` })
    expect(await eventsOf(id)).toEqual([{ name: 'customer.created', payload: { customerId: id } }])
    expect(await auditOf(id)).toEqual([{ action: 'customer.created', fields: [] }])
  })

  test('with the address of another is refused and names him', async () => {
    const { id } = await create({ email: 'taken@example.com' })
    const again = await agent.post('/customers', { name: 'Another', email: 'TAKEN@example.com' })
    expect(again).toMatchObject({
      status: 409,
      body: { error: { code: 'identity_taken', details: { customerId: id } } },
    })
    const found = await agent.get('/customers?search=Another')
    expect(found.body).toMatchObject({ items: [] })
  })

  test.each([
    [{ email: 'nonsense' }, 'invalid_email'],
    [{ phone: '555-0143' }, 'invalid_phone'],
    [{ customFields: { colour: 'red' } }, 'unknown_custom_field'],
    [{ country: 'usa' }, 'invalid_request'],
    [{ zone: 'Mars/Olympus' }, 'invalid_request'],
    [{ language: 'x' }, 'invalid_request'],
    [{ name: 'x'.repeat(301) }, 'invalid_request'],
    [{ version: 3 }, 'invalid_request'],
  ])('with %j is refused', async (fields, code) => {
    expect(await agent.post('/customers', fields)).toMatchObject({ status: 422, body: { error: { code } } })
  })
})

describe('naughty strings', () => {
  const file = new URL('./test-data/naughty-strings.json', import.meta.url)
  const strings: string[] = JSON.parse(fs.readFileSync(file, 'utf8'))

  async function keepsAndFinds(name: string) {
    const made = (await agent.post('/customers', { name })).body as Customer
    const kept = (await agent.get(`/customers/${made.id}`)).body as Customer
    const sought = name.slice(0, 150).toWellFormed()
    const search = await agent.get(`/customers?search=${encodeURIComponent(sought)}&limit=100`)
    const found = (search.body as { items: Customer[] }).items.map(item => item.id)
    return kept.name === name && (sought.trim() === '' || found.includes(made.id))
  }

  test('come back as names byte for byte, and are found', async () => {
    const wrong: string[] = []
    for (let at = 0; at < strings.length; at += 8) {
      const some = strings.slice(at, at + 8)
      const fine = await Promise.all(some.map(keepsAndFinds))
      wrong.push(...some.filter((_, n) => !fine[n]))
    }
    expect(wrong).toEqual([])
  }, 120_000)

  test('lose what PostgreSQL cannot keep: NUL, and half a surrogate pair', async () => {
    const made = (await agent.post('/customers', { name: 'a\u0000b\ud800c' })).body as Customer
    expect(made.name).toBe('ab\ufffdc')
  })
})

describe('changing a customer', () => {
  test('counts his version up and keeps every earlier value', async () => {
    const { id, version } = await create({ country: 'US' })
    const changed = await agent.patch(`/customers/${id}`, {
      version,
      name: 'Rear Admiral',
      country: null,
      source: 'customer',
    })
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Rear Admiral', country: null, version: version + 1 },
    })
    const { body } = (await agent.get(`/customers/${id}/facts?field=name`)) as {
      body: { items: { value: unknown; source: string; by: string }[] }
    }
    expect(body.items.map(({ value, source, by }) => ({ value, source, by }))).toEqual([
      { value: 'Rear Admiral', source: 'customer', by: agent.id },
      { value: 'Grace Hopper', source: 'staff', by: agent.id },
    ])
    expect((changed.body as Customer).facts.find(fact => fact.field === 'country')?.value).toBeNull()
    expect((await eventsOf(id)).at(-1)).toEqual({
      name: 'customer.changed',
      payload: { customerId: id, fields: ['name', 'country'] },
    })
    expect((await auditOf(id)).at(-1)).toEqual({ action: 'customer.changed', fields: ['name', 'country'] })
  })

  test('on an old version is refused, with the present one', async () => {
    const { id, version } = await create()
    await agent.patch(`/customers/${id}`, { version, name: 'First' })
    const late = await agent.patch(`/customers/${id}`, { version, name: 'Second' })
    expect(late).toMatchObject({
      status: 409,
      body: { error: { code: 'customer_changed', details: { version: version + 1 } } },
    })
    expect((await agent.get(`/customers/${id}`)).body).toMatchObject({ name: 'First' })
  })

  test('at once by two lets one through', async () => {
    const { id, version } = await create()
    const answers = await Promise.all(
      ['A', 'B', 'C', 'D'].map(name => agent.patch(`/customers/${id}`, { version, name })),
    )
    expect(answers.map(answer => answer.status).toSorted()).toEqual([200, 409, 409, 409])
  })

  test('to what he is already changes and tells nothing', async () => {
    const { id, version } = await create({ tags: ['a', 'b'] })
    await agent.patch(`/customers/${id}`, { version, name: 'Grace Hopper' })
    await agent.put(`/customers/${id}/tags`, { tags: ['b', 'a'] })
    expect((await agent.get(`/customers/${id}`)).body).toMatchObject({ version })
    expect(await eventsOf(id)).toHaveLength(1)
  })

  test('who does not exist is refused', async () => {
    expect(await agent.patch(`/customers/${nobody}`, { version: 1, name: 'x' })).toMatchObject({
      status: 404,
      body: { error: { code: 'customer_not_found' } },
    })
    expect(await agent.get(`/customers/${nobody}`)).toMatchObject({ status: 404 })
  })

  test('sets his tags as a whole', async () => {
    const { id } = await create({ tags: ['old'] })
    expect(await agent.put(`/customers/${id}/tags`, { tags: ['常客', ' vip '] })).toMatchObject({
      body: { tags: ['常客', 'vip'], version: 2 },
    })
  })
})

describe('a fact', () => {
  test('holds until a newer one, and the older stays on record', async () => {
    const { id } = await create()
    await agent.put(`/customers/${id}/facts/shoeSize`, {
      value: 42,
      source: 'customer',
      legalBasis: 'consent',
    })
    app.clock.advance(60)
    const noted = await agent.put(`/customers/${id}/facts/shoeSize`, { value: { eu: 43 }, source: 'order' })
    expect(noted).toMatchObject({ status: 200, body: { value: { eu: 43 }, source: 'order', by: agent.id } })
    const { facts } = (await agent.get(`/customers/${id}`)).body as Customer
    expect(facts.filter(fact => fact.field === 'shoeSize').map(fact => fact.value)).toEqual([{ eu: 43 }])
    expect((await agent.get(`/customers/${id}/facts?field=shoeSize&limit=1`)).body).toMatchObject({
      items: [{ value: { eu: 43 } }],
      next: expect.any(String),
    })
  })

  test.each([
    {},
    { value: 'x'.repeat(4_001) },
    { value: 1, source: 'rumour' },
  ])('%j is refused', async body => {
    const { id } = await create()
    expect(await agent.put(`/customers/${id}/facts/note`, body)).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request' } },
    })
  })

  test('that is a field of the customer is changed there', async () => {
    const { id } = await create()
    for (const field of ['name', 'email', 'custom.size'])
      expect(await agent.put(`/customers/${id}/facts/${field}`, { value: 'x' })).toMatchObject({
        status: 422,
        body: { error: { code: 'field_kept_elsewhere' } },
      })
  })
})

describe('custom fields', () => {
  test('take values of their type and no others', async () => {
    const key = (name: string) => `${name}${app.unique()}`
    const [size, birthday, level, note] = [key('size'), key('birthday'), key('level'), key('note')]
    for (const field of [
      { key: size, label: 'Size', type: 'number' },
      { key: birthday, label: '生日', type: 'date' },
      { key: level, label: 'Level', type: 'choice', choices: ['gold', 'silver'] },
      { key: note, label: 'Note', type: 'text' },
    ])
      expect(await admin.post('/custom-fields', field)).toMatchObject({ status: 201 })
    const { id } = await create({ customFields: { [size]: 42, [level]: 'gold' } })

    const good = await agent.patch(`/customers/${id}`, {
      version: 1,
      customFields: { [birthday]: '1906-12-09', [level]: null, [note]: '' },
    })
    expect(good).toMatchObject({
      status: 200,
      body: { customFields: { [size]: 42, [birthday]: '1906-12-09', [note]: '' } },
    })
    expect((good.body as Customer).customFields).not.toHaveProperty(level)

    for (const wrong of [
      { [size]: '42' },
      { [birthday]: '1906-02-30' },
      { [level]: 'bronze' },
      { [note]: 1 },
    ])
      expect(await agent.patch(`/customers/${id}`, { version: 2, customFields: wrong })).toMatchObject({
        status: 422,
        body: { error: { code: 'invalid_custom_field', details: { key: Object.keys(wrong)[0] } } },
      })
  })

  test('are added by whoever manages settings, once per key', async () => {
    const field = { key: `once${app.unique()}`, label: 'Once', type: 'text' }
    expect(await agent.post('/custom-fields', field)).toMatchObject({ status: 403 })
    expect(await admin.post('/custom-fields', field)).toMatchObject({ status: 201 })
    expect(await admin.post('/custom-fields', field)).toMatchObject({
      status: 409,
      body: { error: { code: 'custom_field_exists' } },
    })
    expect(await admin.post('/custom-fields', { ...field, key: 'x', type: 'choice' })).toMatchObject({
      status: 422,
    })
    expect((await agent.get('/custom-fields')).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining(field)]),
    })
  })
})

describe('contact details', () => {
  test('are hidden from those who may not see them, wherever they stand', async () => {
    const { id } = await create({ email: 'secret.person@hidden.example', phone: '+4915112345678' })
    const shown = await trainer.get(`/customers/${id}`)
    expect(shown.status).toBe(200)
    expect(JSON.stringify(shown.body)).not.toMatch(/secret\.person|hidden\.example|15112345/)
    const list = await trainer.get('/customers?limit=100')
    expect(JSON.stringify(list.body)).not.toMatch(/secret\.person|15112345/)
    expect((await agent.get(`/customers/${id}`)).body).toMatchObject({
      email: 'secret.person@hidden.example',
    })
  })

  test('are revealed to those who may, and the look is on record', async () => {
    const { id } = await create({ email: 'Revealed@example.com' })
    expect(await trainer.post(`/customers/${id}/reveal`)).toMatchObject({ status: 403 })
    expect(await agent.post(`/customers/${id}/reveal`)).toMatchObject({
      status: 200,
      body: { items: [{ kind: 'email', display: 'Revealed@example.com', value: 'revealed@example.com' }] },
    })
    expect((await auditOf(id)).at(-1)).toEqual({ action: 'customer.viewed', fields: ['identities'] })
    expect(await agent.post(`/customers/${nobody}/reveal`)).toMatchObject({ status: 404 })
  })
})

test('a role that only reads changes nothing', async () => {
  const { id, version } = await create()
  const owner = await app.as('owner')
  for (const answer of [
    await owner.patch(`/customers/${id}`, { version, name: 'x' }),
    await owner.put(`/customers/${id}/tags`, { tags: ['x'] }),
    await owner.put(`/customers/${id}/facts/x`, { value: 1 }),
    await owner.post('/customers', { name: 'x' }),
    await owner.post(`/customers/${id}/identities`, { kind: 'email', value: 'x@example.com' }),
    await agent.put(`/customers/${id}/merge`, { intoId: nobody }),
    await agent.delete(`/customers/${id}/merge`),
  ])
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'permission_denied' } } })
  expect((await supervisor.get(`/customers/${id}`)).body).toMatchObject({ version })
})
