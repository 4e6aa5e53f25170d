import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { auditEntries } from '../../platform/audit.ts'
import { hashToken } from '../../platform/secrets.ts'
import { createApiKey } from './api-keys.ts'
import { type Browser, password, peopleOf } from './browser.fake.ts'
import { createStaff } from './staff.ts'
import { passwordResets } from './tables.ts'

const app = await startTestApp({ trustProxy: true })
const admin = await app.as('admin')
const { openBrowser, signedIn, newAddress } = peopleOf(app)
const next = 'a sentence nobody else would say'
const gone = { status: 404, body: { error: { code: 'password_reset_not_found' } } }
const beyond = (code: string) => ({ status: 403, body: { error: { code } } })

describe('a link for a forgotten password', () => {
  test('sets a new one once, and ends every session', async () => {
    const { id, email, browser } = await signedIn()
    const { token, url } = await issue(id)
    expect(url).toBe(`/password-reset/${token}`)
    expect(await glance(token)).toMatchObject({ status: 200, body: { email, name: 'Ada' } })
    expect(await browser.get('/session')).toMatchObject({ status: 200 })
    expect(await choose(token)).toMatchObject({ status: 204 })
    expect(await browser.get('/session')).toMatchObject({ status: 401 })
    expect(await signIn(email, password)).toMatchObject({ status: 401 })
    expect(await signIn(email, next)).toMatchObject({ status: 200, body: { state: 'signed_in' } })
    expect(await choose(token)).toMatchObject(gone)
    expect(await glance(token)).toMatchObject(gone)
    expect(await actionsAbout(id)).toEqual(
      expect.arrayContaining(['staff.password_reset_issued', 'staff.password_reset']),
    )
  })

  test('is used by one of two who come at once', async () => {
    const { token } = await issue((await signedIn()).id)
    const answers = await Promise.all([choose(token), choose(token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404])
  })

  test('lets nobody past the second factor', async () => {
    const { id, email, browser } = await signedIn()
    await switchOn(browser)
    await choose((await issue(id)).token)
    expect(await signIn(email, next)).toMatchObject({ body: { state: 'second_factor' } })
  })

  test('keeps to the rules for passwords', async () => {
    const { token } = await issue((await signedIn()).id)
    expect(await choose(token, 'short')).toMatchObject({ status: 422 })
    expect(await choose(token)).toMatchObject({ status: 204 })
  })

  test('is kept as a hash of 256 random bits, and a newer one takes its place', async () => {
    const { id } = await signedIn()
    const [older, newer] = [await issue(id), await issue(id)]
    expect(Buffer.from(newer.token, 'base64url')).toHaveLength(32)
    const kept = await app.look().db.select().from(passwordResets).where(eq(passwordResets.staffId, id))
    expect(kept).toMatchObject([{ tokenHash: hashToken(newer.token), issuedBy: admin.id }])
    expect(await choose(older.token)).toMatchObject(gone)
    expect(await choose(newer.token)).toMatchObject({ status: 204 })
  })

  test('is worth nothing once he has remembered, left, or may do more', async () => {
    const changes: [string, (person: Awaited<ReturnType<typeof signedIn>>) => Promise<unknown>][] = [
      ['remembered', ({ browser }) => browser.put('/session/password', { current: password, next })],
      ['left', ({ id }) => admin.put(`/staff/${id}/deactivation`)],
      ['another role', async ({ id }) => admin.patch(`/staff/${id}`, { roleId: await roleId('supervisor') })],
      ['more stores', ({ id }) => admin.patch(`/staff/${id}`, { storeIds: [] })],
    ]
    for (const [why, change] of changes) {
      const person = await signedIn()
      const { token } = await issue(person.id)
      expect(await change(person), why).toMatchObject({
        status: expect.toSatisfy((status: number) => status < 300),
      })
      expect(await choose(token), why).toMatchObject(gone)
    }
    const role = (await admin.post('/roles', { name: 'Helper', permissions: ['customers:read'] })).body as {
      id: string
    }
    const { id } = await signedIn()
    await admin.patch(`/staff/${id}`, { roleId: role.id })
    const { token } = await issue(id)
    await admin.patch(`/roles/${role.id}`, { permissions: ['staff:manage'] })
    expect(await choose(token)).toMatchObject(gone)
  })

  test('is not made for who was deactivated', async () => {
    const { id } = await signedIn()
    await admin.put(`/staff/${id}/deactivation`)
    expect(await admin.post(`/staff/${id}/password-reset`)).toMatchObject({
      status: 409,
      body: { error: { code: 'staff_deactivated' } },
    })
  })

  test('is not found by trying', async () => {
    const stranger = openBrowser()
    const guess = (n: number) => stranger.get(`/password-resets/by-token/${String(n).padStart(43, 'A')}`)
    const attempt = (n: number) =>
      stranger.put(`/password-resets/by-token/${String(n).padStart(43, 'A')}/password`, { password: next })
    for (let n = 0; n < 20; n++) {
      expect(await guess(n)).toMatchObject(gone)
      expect(await attempt(n)).toMatchObject(gone)
    }
    expect(await guess(20)).toMatchObject({ status: 429 })
    expect(await attempt(20)).toMatchObject({ status: 429 })
  })
})

describe('a lost second factor', () => {
  test('is switched off by an administrator, and the sessions end', async () => {
    const { id, email, browser } = await signedIn()
    await switchOn(browser)
    expect(await admin.post(`/staff/${id}/second-factor-reset`)).toMatchObject({
      status: 200,
      body: { id, twoFactor: false },
    })
    expect(await browser.get('/session')).toMatchObject({ status: 401 })
    expect(await signIn(email, password)).toMatchObject({ body: { state: 'signed_in' } })
    expect(await actionsAbout(id)).toContain('staff.second_factor_reset')
    expect(await eventsAbout(id)).toEqual(expect.arrayContaining(['staff.changed', 'staff.access_changed']))
  })

  test('that was never on changes nothing', async () => {
    const { id, browser } = await signedIn()
    expect(await admin.post(`/staff/${id}/second-factor-reset`)).toMatchObject({ status: 200 })
    expect(await browser.get('/session')).toMatchObject({ status: 200 })
    expect(await actionsAbout(id)).not.toContain('staff.second_factor_reset')
  })
})

describe.each(['password-reset', 'second-factor-reset'])('%s', what => {
  test('is for who manages colleagues', async () => {
    const { id } = await signedIn()
    expect(await (await app.as('supervisor')).post(`/staff/${id}/${what}`)).toMatchObject(
      beyond('permission_denied'),
    )
  })

  test('is refused for somebody who may do or see more than oneself', async () => {
    const { id: roleId } = (
      await admin.post('/roles', { name: 'Team lead', permissions: ['staff:read', 'staff:manage'] })
    ).body as { id: string }
    const lead = await app.as('agent', { storeIds: ['018f0000-0000-7000-8000-00000000000a'] })
    await admin.patch(`/staff/${lead.id}`, { roleId })
    const above = await app.as('admin')
    expect(await lead.post(`/staff/${above.id}/${what}`)).toMatchObject(beyond('beyond_your_permissions'))
    const wide = await app.as('agent')
    await admin.patch(`/staff/${wide.id}`, { roleId })
    expect(await lead.post(`/staff/${wide.id}/${what}`)).toMatchObject(beyond('beyond_your_stores'))
    await admin.patch(`/staff/${wide.id}`, { storeIds: ['018f0000-0000-7000-8000-00000000000a'] })
    expect((await lead.post(`/staff/${wide.id}/${what}`)).status).toBeLessThan(300)
  })

  test('is no way round one’s own password', async () => {
    expect(await admin.post(`/staff/${admin.id}/${what}`)).toMatchObject(beyond('own_account'))
  })

  test('of nobody is not found', async () => {
    expect(await admin.post(`/staff/018f0000-0000-7000-8000-000000000000/${what}`)).toMatchObject({
      status: 404,
    })
  })
})

async function issue(id: string) {
  const { status, body } = await admin.post(`/staff/${id}/password-reset`)
  expect(status).toBe(201)
  const { url } = body as { url: string; expiresAt: string }
  return { url, token: url.split('/').at(-1)! }
}

const somewhere = () => app.with({ 'x-forwarded-for': newAddress() })
const glance = (token: string) => somewhere().get(`/password-resets/by-token/${token}`)
const choose = (token: string, chosen = next) =>
  somewhere().put(`/password-resets/by-token/${token}/password`, { password: chosen })
const signIn = (email: string, given: string) => openBrowser().post('/session', { email, password: given })

const roleId = async (code: string) =>
  ((await admin.get('/roles')).body as { items: { id: string; code: string }[] }).items.find(
    role => role.code === code,
  )!.id

async function switchOn(browser: Browser) {
  const { uri } = (await browser.post('/session/totp')).body as { uri: string }
  const seed = new TextDecoder().decode(base32.decode(new URL(uri).searchParams.get('secret')!))
  const code = await createOTP(seed).hotp(Math.floor(app.clock.now.getTime() / 30_000))
  expect(await browser.put('/session/totp', { code })).toMatchObject({ status: 204 })
}

async function actionsAbout(staffId: string) {
  const about = eq(auditEntries.object, `staff:${staffId}`)
  return (await app.look().db.select().from(auditEntries).where(about)).map(({ action }) => action)
}

async function eventsAbout(staffId: string) {
  const { rows } = await app.place.pool.query("select name from events where payload->>'staffId' = $1", [
    staffId,
  ])
  return rows.map(row => row.name as string)
}

test('a link holds for a day', async () => {
  const late = await app.act(ctx =>
    createStaff(ctx, { name: 'Lin', email: 'late@test.example', password, roleCode: 'agent' }),
  )
  const { key } = await app.act(ctx => createApiKey(ctx, { name: 'Key', roleCode: 'admin' }))
  const again = app.with({ authorization: `Bearer ${key}` })
  const issued = (await again.post(`/staff/${late.id}/password-reset`)).body as { url: string }
  const token = issued.url.split('/').at(-1)!
  app.clock.advance(24 * 3_600 - 1)
  expect(await glance(token)).toMatchObject({ status: 200 })
  app.clock.advance(2)
  expect(await glance(token)).toMatchObject(gone)
  expect(await choose(token)).toMatchObject(gone)
})
