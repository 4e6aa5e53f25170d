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

const bearer = (key: string) => app.with({ authorization: `Bearer ${key}` })

async function makeKey(fields: object = {}) {
  const answer = await admin.post('/api-keys', { name: 'shop', roleId, ...fields })
  expect(answer.status).toBe(201)
  return answer.body as { key: string; id: string; prefix: string }
}
