import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { addIdentity } from './identities.ts'
import { resolveCustomers } from './resolve.ts'
import type { Customer } from './schemas.ts'

const app = await startTestApp()
const agent = await app.as('agent')
const specialist = await app.as('specialist')

const create = async (fields: object = {}) =>
  (await agent.post('/customers', { name: 'Ada', ...fields })).body as Customer
const get = async (id: string) => (await agent.get(`/customers/${id}`)).body as Customer
const email = () => `person-${app.unique()}@example.com`
const resolve = async (value: string, verified: boolean) =>
  (
    await app.act(ctx =>
      resolveCustomers(ctx, [{ kind: 'email', scope: '', value, verified, source: 'mail' }]),
    )
  )[0]!

describe('adding an identity', () => {
  test('lets the customer be recognised and found by it', async () => {
    const { id } = await create()
    const value = email()
    expect(await agent.post(`/customers/${id}/identities`, { kind: 'email', value })).toMatchObject({
      status: 201,
      body: { email: value },
    })
    expect(await resolve(value, false)).toMatchObject({ customerId: id, created: false })
    expect((await agent.get(`/customers?search=${value}`)).body).toMatchObject({ items: [{ id }] })
  })

  test('twice is once', async () => {
    const { id } = await create()
    const value = email()
    await agent.post(`/customers/${id}/identities`, { kind: 'email', value })
    const again = await agent.post(`/customers/${id}/identities`, {
      kind: 'email',
      value: value.toUpperCase(),
    })
    expect((again.body as Customer).identities).toHaveLength(1)
  })

  test('takes a number as it is dialled in the customer’s country', async () => {
    const { id } = await create({ country: 'DE' })
    await agent.post(`/customers/${id}/identities`, { kind: 'phone', value: '0171 1234567' })
    expect(await agent.post(`/customers/${id}/reveal`)).toMatchObject({
      body: { items: [{ display: '0171 1234567', value: '+491711234567' }] },
    })
  })

  test('of another is refused, by two at once too', async () => {
    const [a, b] = [await create(), await create()]
    const value = email()
    const answers = await Promise.all(
      [a, b].map(({ id }) => agent.post(`/customers/${id}/identities`, { kind: 'email', value })),
    )
    expect(answers.map(answer => answer.status).toSorted()).toEqual([201, 409])
    expect(answers.find(answer => answer.status === 409)?.body).toMatchObject({
      error: { code: 'identity_taken' },
    })
  })

  test('as verified needs the permission to merge', async () => {
    const { id } = await create()
    const body = { kind: 'email', value: email(), isVerified: true }
    expect(await agent.post(`/customers/${id}/identities`, body)).toMatchObject({ status: 403 })
    expect(await specialist.post(`/customers/${id}/identities`, body)).toMatchObject({
      status: 201,
      body: { identities: [{ isVerified: true, verifiedBy: specialist.id }] },
    })
    expect(await resolve(body.value, true)).toMatchObject({ customerId: id })
  })

  test('by a visitor is his word only: nobody is told that it is another’s', async () => {
    const value = email()
    const owner = await create({ email: value })
    const visitor = await app.act(ctx =>
      resolveCustomers(ctx, [
        { kind: 'visitor', scope: 'chat', value: `v${app.unique()}`, verified: false, source: 'web_chat' },
      ]),
    )
    const added = await app.act(ctx => addIdentity(ctx, visitor[0]!.customerId, { kind: 'email', value }))
    expect(added).toMatchObject({ isVerified: false, scope: visitor[0]!.customerId })
    expect(await resolve(value, false)).toMatchObject({ customerId: owner.id })
    expect(await get(owner.id)).toMatchObject({ lookAlikes: [{ id: visitor[0]!.customerId }] })
  })
})

describe('verifying an identity', () => {
  test('makes it stand for the customer where it was unverified', async () => {
    const value = email()
    const { id, identities } = await create({ email: value })
    const verify = () => specialist.put(`/customers/${id}/identities/${identities[0]!.id}/verification`)
    expect(await verify()).toMatchObject({
      status: 200,
      body: { identities: [{ isVerified: true, verifiedBy: specialist.id }] },
    })
    expect(await verify()).toMatchObject({ status: 200 })
    expect(await resolve(value, true)).toMatchObject({ customerId: id })
    expect((await resolve(value, false)).created).toBe(true)
  })

  test('that is verified for another is refused', async () => {
    const value = email()
    const { customerId } = await resolve(value, true)
    const { id, identities } = await create({ email: value })
    expect(
      await specialist.put(`/customers/${id}/identities/${identities[0]!.id}/verification`),
    ).toMatchObject({
      status: 409,
      body: { error: { code: 'identity_taken', details: { customerId } } },
    })
    expect(await agent.put(`/customers/${id}/identities/${identities[0]!.id}/verification`)).toMatchObject({
      status: 403,
    })
  })
})

describe('taking an identity away', () => {
  test('frees it, and nobody is found by it any more', async () => {
    const value = email()
    const { id, identities } = await create({ email: value })
    expect(await agent.delete(`/customers/${id}/identities/${identities[0]!.id}`)).toMatchObject({
      status: 200,
      body: { email: null, identities: [] },
    })
    expect((await agent.get(`/customers?search=${value}`)).body).toMatchObject({ items: [] })
    expect((await resolve(value, false)).created).toBe(true)
  })

  test('by which there are conversations is refused', async () => {
    const store = await makeStore(app)
    const visitor = await makeVisitor(app, store)
    const said = await visitor.say('hello')
    const { rows } = await app.place.pool.query(
      'select customer_id, identity_id from conversations where id = $1',
      [said.body.conversation.id],
    )
    const { customer_id, identity_id } = rows[0]
    expect(await agent.delete(`/customers/${customer_id}/identities/${identity_id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'identity_in_use' } },
    })
    expect(await get(customer_id)).toMatchObject({
      anonymous: true,
      identities: [{ kind: 'visitor', display: '' }],
    })
  })

  test('of another customer is refused', async () => {
    const [a, b] = [await create({ email: email() }), await create()]
    expect(await agent.delete(`/customers/${b.id}/identities/${a.identities[0]!.id}`)).toMatchObject({
      status: 404,
    })
  })
})
