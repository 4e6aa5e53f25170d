import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { hashToken } from '../../platform/secrets.ts'
import { createApiKey } from './api-keys.ts'
import { apiKeys } from './tables.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const { items } = (await admin.get('/roles')).body as { items: { id: string; code: string }[] }
const roleId = items.find(role => role.code === 'agent')!.id
const invalidKey = { status: 401, body: { error: { code: 'key_not_valid' } } }

describe('an API key', () => {
  test('is told once and opens what its role allows', async () => {
    const { key, id, prefix } = await makeKey()
    expect(key).toMatch(/^afar_[\w-]{43}$/)
    expect(key.startsWith(prefix)).toBe(true)
    expect(await bearer(key).get('/staff')).toMatchObject({ status: 200 })
    expect(await bearer(key).get('/api-keys')).toMatchObject({ status: 403 })
    expect(JSON.stringify((await admin.get('/api-keys')).body)).not.toContain(key)
    const [row] = await app.look().db.select().from(apiKeys).where(eq(apiKeys.id, id))
    expect(row).toMatchObject({ hash: hashToken(key), createdBy: admin.id })
  })

  test('is refused when unknown, revoked or out of date', async () => {
    const { key, id } = await makeKey()
    expect(await bearer(`${key}x`).get('/staff')).toMatchObject(invalidKey)
    expect(await bearer('afar_').get('/staff')).toMatchObject({ status: 401 })
    await admin.delete(`/api-keys/${id}`)
    expect(await bearer(key).get('/staff')).toMatchObject(invalidKey)

    const short = await makeKey({ expiresAt: new Date(app.clock.now.getTime() + 60_000).toISOString() })
    expect(await bearer(short.key).get('/staff')).toMatchObject({ status: 200 })
    app.clock.advance(61)
    expect(await bearer(short.key).get('/staff')).toMatchObject(invalidKey)
  })

  test('is not helped by the cookie that came with it', async () => {
    const { cookie } = admin
    expect(await app.with({ cookie, authorization: 'Bearer afar_wrong' }).get('/staff')).toMatchObject(
      invalidKey,
    )
    expect(await app.with({ cookie, authorization: 'Bearer of-a-visitor' }).get('/staff')).toMatchObject({
      status: 401,
    })
  })

  test('works without an origin and from any, since no browser adds it by itself', async () => {
    const { key } = (await app.act(ctx =>
      createApiKey(ctx, { name: 'command line', roleCode: 'admin' }),
    )) as { key: string }
    const robot = app.with({ authorization: `Bearer ${key}`, origin: 'https://elsewhere.example' })
    expect(await robot.post('/teams', { name: 'Made by a key' })).toMatchObject({ status: 201 })
  })

  test('stays when the colleague who made it leaves', async () => {
    const leaving = await app.as('admin')
    const { key } = (await leaving.post('/api-keys', { name: 'legacy', roleId })).body as { key: string }
    await admin.put(`/staff/${leaving.id}/deactivation`)
    expect(await bearer(key).get('/staff')).toMatchObject({ status: 200 })
  })

  test('tells when it was last used, give or take five minutes', async () => {
    const { key, id } = await makeKey()
    const lastUsedAt = async () =>
      (await app.look().db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]!.lastUsedAt
    expect(await lastUsedAt()).toBeNull()
    await bearer(key).get('/staff')
    const first = await lastUsedAt()
    expect(first).toEqual(app.clock.now)
    app.clock.advance(60)
    await bearer(key).get('/staff')
    expect(await lastUsedAt()).toEqual(first)
    app.clock.advance(300)
    await bearer(key).get('/staff')
    expect(await lastUsedAt()).toEqual(app.clock.now)
  })
})

describe('the scope of an API key', () => {
  const wide = ['staff:read', 'customers:read', 'conversations:read']

  test('is what of its role it may do, and follows the role where that loses something', async () => {
    const role = (await admin.post('/roles', { name: 'Wide', permissions: wide })).body as { id: string }
    const { key } = await makeKey({ roleId: role.id, permissions: ['staff:read', 'customers:read'] })
    const reads = async () => [
      (await bearer(key).get('/staff')).status,
      (await bearer(key).get('/customers')).status,
      (await bearer(key).get('/conversations')).status,
    ]
    expect(await reads()).toEqual([200, 200, 403])
    await admin.patch(`/roles/${role.id}`, { permissions: ['staff:read', 'conversations:read'] })
    expect(await reads()).toEqual([200, 403, 403])
  })

  test('holds nothing its role does not, nor anything its maker does not', async () => {
    expect(await admin.post('/api-keys', { name: 'k', roleId, permissions: ['staff:manage'] })).toMatchObject(
      { status: 422, body: { error: { code: 'beyond_role' } } },
    )
    const maker = await keeperOf(['staff:read', 'staff:manage', 'customers:read'])
    const beyond = { status: 403, body: { error: { code: 'beyond_your_permissions' } } }
    expect(await maker.post('/api-keys', { name: 'k', roleId })).toMatchObject(beyond)
    expect(
      await maker.post('/api-keys', { name: 'k', roleId, permissions: ['conversations:read'] }),
    ).toMatchObject(beyond)
    expect(
      await maker.post('/api-keys', { name: 'k', roleId, permissions: ['customers:read'] }),
    ).toMatchObject({ status: 201, body: { permissions: ['customers:read'] } })
  })

  test('of a role that sees its own conversations only is no conversation', async () => {
    const role = await admin.post('/roles', { name: 'Own', permissions: wide, reach: 'own' })
    const { key } = await makeKey({ roleId: (role.body as { id: string }).id })
    expect((await bearer(key).get('/conversations')).body).toEqual({ items: [], next: null })
  })

  test('ends at the networks it is for', async () => {
    const { key, id } = await makeKey({ networks: ['203.0.113.0/24', '2001:db8::/32'] })
    const from = (remoteAddress: string) =>
      app.http.inject({ url: '/api/staff', remoteAddress, headers: { authorization: `Bearer ${key}` } })
    const refused = await from('198.51.100.7')
    expect([refused.statusCode, refused.json().error.code]).toEqual([403, 'key_not_for_network'])
    expect(await lastUsed(id)).toMatchObject({ lastUsedAt: null })
    expect((await from('203.0.113.9')).statusCode).toBe(200)
    expect((await from('2001:db8::7')).statusCode).toBe(200)
    expect(await lastUsed(id)).toMatchObject({ lastUsedIp: '203.0.113.9' })
    const wrong = await admin.post('/api-keys', { name: 'k', roleId, networks: ['the office'] })
    expect(wrong.status).toBe(422)
  })
})

describe('rotating an API key', () => {
  test('tells a new secret once, and lets the old one work until its time is over', async () => {
    const before = await makeKey()
    const rotated = await admin.post(`/api-keys/${before.id}/rotation`, { overlapHours: 2 })
    expect(rotated).toMatchObject({ status: 200, body: { id: before.id, name: 'shop' } })
    const { key } = rotated.body as { key: string }
    expect(key).not.toBe(before.key)
    for (const one of [key, before.key]) expect((await bearer(one).get('/staff')).status).toBe(200)
    app.clock.advance(2 * 3_600 + 1)
    expect((await bearer(key).get('/staff')).status).toBe(200)
    expect(await bearer(before.key).get('/staff')).toMatchObject(invalidKey)
  })

  test('ends the secret before the last at once, and all of them with the key', async () => {
    const before = await makeKey()
    const rotate = async () =>
      ((await admin.post(`/api-keys/${before.id}/rotation`, {})).body as unknown as { key: string }).key
    const [second, third] = [await rotate(), await rotate()]
    expect(await bearer(before.key).get('/staff')).toMatchObject(invalidKey)
    expect((await bearer(second).get('/staff')).status).toBe(200)
    await admin.delete(`/api-keys/${before.id}`)
    for (const one of [second, third]) expect(await bearer(one).get('/staff')).toMatchObject(invalidKey)
    expect((await admin.post(`/api-keys/${before.id}/rotation`, {})).status).toBe(404)
  })

  test('is refused to who may do less than the key', async () => {
    const { id } = await makeKey()
    const maker = await keeperOf(['staff:read', 'staff:manage'])
    expect(await maker.post(`/api-keys/${id}/rotation`, {})).toMatchObject({
      status: 403,
      body: { error: { code: 'beyond_your_permissions' } },
    })
  })
})

const lastUsed = async (id: string) =>
  (await app.look().db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]

/** A colleague whose role holds just this. */
async function keeperOf(permissions: string[]) {
  const role = await admin.post('/roles', { name: `Keeper ${app.unique()}`, permissions })
  const person = await app.as('trainer')
  await admin.patch(`/staff/${person.id}`, { roleId: (role.body as { id: string }).id })
  return person
}

const bearer = (key: string) => app.with({ authorization: `Bearer ${key}` })

async function makeKey(fields: object = {}) {
  const answer = await admin.post('/api-keys', { name: 'shop', roleId, ...fields })
  expect(answer.status).toBe(201)
  return answer.body as { key: string; id: string; prefix: string }
}
