import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { auditEntries } from '../../platform/audit.ts'
import { hashToken } from '../../platform/secrets.ts'
import { password, peopleOf } from './browser.fake.ts'
import { authAccounts, authSessions } from './tables.ts'

const app = await startTestApp({ trustProxy: true })
const { newAddress, openBrowser, hire, signedIn } = peopleOf(app)
const hour = 3_600
const day = 24 * hour

describe('signing in', () => {
  test('opens a session and tells who one is', async () => {
    const { id, email, browser } = await hire('supervisor')
    expect(await browser.post('/session', { email: email.toUpperCase(), password })).toMatchObject({
      status: 200,
      body: { state: 'signed_in' },
    })
    const me = await browser.get('/session')
    expect(me.body).toMatchObject({
      id,
      email,
      roleName: 'Supervisor',
      storeIds: null,
      twoFactor: false,
      chatLimit: 5,
    })
    expect((me.body as { permissions: string[] }).permissions).toContain('clocks:manage')
  })

  test('gives a cookie that scripts and other sites do not get', async () => {
    const { email, browser } = await hire()
    const { headers } = await browser.post('/session', { email, password })
    const [cookie] = [headers['set-cookie'] ?? []].flat().filter(line => line.startsWith('afar.session='))
    expect(cookie).toMatch(/; HttpOnly/)
    expect(cookie).toMatch(/; SameSite=Lax/)
    expect(cookie).not.toMatch(/; Secure/)
  })

  test('keeps only the hash of the session and argon2id of the password', async () => {
    const { id, email, browser } = await hire()
    await browser.post('/session', { email, password })
    const rows = await app.look().db.select().from(authSessions).where(eq(authSessions.userId, id))
    expect(rows.map(row => row.token)).toContain(hashToken(browser.cookies.get('afar.session')!))
    const [account] = await app.look().db.select().from(authAccounts).where(eq(authAccounts.userId, id))
    expect(account!.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  test('gives a new session each time and ends the one before in that browser', async () => {
    const { email, browser } = await hire()
    await browser.post('/session', { email, password })
    const before = browser.cookies.get('afar.session')!
    await browser.post('/session', { email, password })
    expect(browser.cookies.get('afar.session')).not.toBe(before)
    expect(await withCookie(before).get('/session')).toMatchObject({ status: 401 })
    expect(await browser.get('/session')).toMatchObject({ status: 200 })
  })

  test('never goes on with a session that somebody laid in the browser', async () => {
    const { email, browser } = await hire()
    browser.cookies.set('afar.session', 'laid-by-somebody')
    await browser.post('/session', { email, password })
    expect(browser.cookies.get('afar.session')).not.toBe('laid-by-somebody')
    expect(await withCookie('laid-by-somebody').get('/session')).toMatchObject({ status: 401 })
  })

  test('over https gives a cookie for https alone', async () => {
    const secure = await startTestApp({ url: 'https://desk.example' })
    await secure.as('agent', { email: 'ada@test.example' })
    const { headers } = await secure.post('/session', { email: 'ada@test.example', password })
    for (const cookie of [headers['set-cookie'] ?? []].flat()) expect(cookie).toMatch(/; Secure/)
  })

  test('is noted in the audit', async () => {
    const { id, email, browser } = await hire()
    await browser.post('/session', { email, password })
    expect(await actionsAbout(id)).toContain('session.started')
  })

  test('refuses an unknown address, a wrong password and a deactivated colleague in the same words', async () => {
    const { email } = await hire()
    const left = await hire()
    const admin = await app.as('admin')
    await admin.put(`/staff/${left.id}/deactivation`)
    const unknown = await openBrowser().post('/session', { email: 'nobody@test.example', password })
    const wrong = await openBrowser().post('/session', { email, password: 'something else entirely' })
    const deactivated = await openBrowser().post('/session', { email: left.email, password })
    expect(unknown).toMatchObject({ status: 401, body: { error: { code: 'wrong_credentials' } } })
    expect([wrong.status, deactivated.status]).toEqual([401, 401])
    expect(wrong.body).toEqual(unknown.body)
    expect(deactivated.body).toEqual(unknown.body)
  })

  test('takes as long for an unknown address as for a known one', async () => {
    const { email } = await hire()
    const known: number[] = []
    const unknown: number[] = []
    for (let i = 0; i < 15; i++) {
      app.clock.advance(400)
      known.push(await timed(() => openBrowser().post('/session', { email, password: 'wrong wrong wrong' })))
      unknown.push(
        await timed(() =>
          openBrowser().post('/session', { email: `x${i}@test.example`, password: 'wrong wrong wrong' }),
        ),
      )
    }
    // As a ratio, so that a busy machine slows both; without the decoy it is a tenth.
    const ratio = median(unknown) / median(known)
    expect(ratio).toBeGreaterThan(0.7)
    expect(ratio).toBeLessThan(1.4)
  }, 60_000)

  test('refuses what is not of the documented shape', async () => {
    const browser = openBrowser()
    expect(await browser.post('/session', { email: 'a@b.example' })).toMatchObject({ status: 422 })
    expect(await browser.post('/session', { email: 'a@b.example', password, role: 'admin' })).toMatchObject({
      status: 422,
    })
    expect(await browser.post('/session', { email: 'a\u0000@b.example', password })).toMatchObject({
      status: 401,
    })
    expect(await browser.post('/session', 'nonsense')).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request' } },
    })
  })
})

describe('guessing', () => {
  test('an account stops after five wrong passwords, from wherever they come, and goes on later', async () => {
    const { email } = await hire()
    for (let i = 0; i < 5; i++)
      expect(await openBrowser().post('/session', { email, password: `wrong ${i} wrong` })).toMatchObject({
        status: 401,
      })
    const sixth = await openBrowser().post('/session', { email, password })
    expect(sixth).toMatchObject({ status: 429, body: { error: { code: 'too_many_requests' } } })
    expect(Number(sixth.headers['retry-after'])).toBeGreaterThan(0)
    app.clock.advance(301)
    expect(await openBrowser().post('/session', { email, password })).toMatchObject({ status: 200 })
  })

  test('an unknown account stops just like a known one', async () => {
    const email = 'not-there@test.example'
    for (let i = 0; i < 5; i++) await openBrowser().post('/session', { email, password })
    expect(await openBrowser().post('/session', { email, password })).toMatchObject({ status: 429 })
  })

  test('many at once are no more than five', async () => {
    const { email } = await hire()
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, i) =>
        openBrowser().post('/session', { email, password: `wrong ${i} wrong` }),
      ),
    )
    expect(answers.filter(answer => answer.status === 401)).toHaveLength(5)
  })

  test('one address stops after twenty wrong passwords at many accounts', async () => {
    const ip = newAddress()
    for (let i = 0; i < 20; i++)
      await openBrowser(ip).post('/session', { email: `stuffed-${i}@test.example`, password })
    expect(
      await openBrowser(ip).post('/session', { email: 'stuffed-20@test.example', password }),
    ).toMatchObject({ status: 429 })
    expect(
      await openBrowser().post('/session', { email: 'stuffed-20@test.example', password }),
    ).toMatchObject({ status: 401 })
  })

  test('who signs in rightly uses up nothing', async () => {
    const { email } = await hire()
    const ip = newAddress()
    for (let i = 0; i < 25; i++)
      expect(await openBrowser(ip).post('/session', { email, password })).toMatchObject({ status: 200 })
  })

  test('at an account does not lock its owner out of a browser he has used before', async () => {
    const { email, browser } = await hire()
    await browser.post('/session', { email, password })
    for (let i = 0; i < 6; i++) await openBrowser().post('/session', { email, password: `wrong ${i} wrong` })
    expect(await openBrowser().post('/session', { email, password })).toMatchObject({ status: 429 })
    browser.headers['x-forwarded-for'] = newAddress()
    expect(await browser.post('/session', { email, password })).toMatchObject({ status: 200 })
  })

  test('with a device cookie of another account, or a forged one, gains nothing', async () => {
    const [mine, his] = [await hire(), await hire()]
    await mine.browser.post('/session', { email: mine.email, password })
    const device = mine.browser.cookies.get('afar.device')!
    const tryWith = (cookie: string) => {
      const browser = openBrowser()
      browser.cookies.set('afar.device', cookie)
      return browser.post('/session', { email: his.email, password: 'wrong wrong wrong' })
    }
    for (let i = 0; i < 5; i++) await tryWith(device)
    expect(await tryWith(device)).toMatchObject({ status: 429 })
    expect(await tryWith(`forged.${device.split('.')[1]}`)).toMatchObject({ status: 429 })
  })
})

describe('a session', () => {
  test('ends after twelve idle hours', async () => {
    const { browser } = await signedIn()
    app.clock.advance(12 * hour - 60)
    expect(await browser.get('/session')).toMatchObject({ status: 200 })
    app.clock.advance(12 * hour - 60)
    expect(await browser.get('/session')).toMatchObject({ status: 200 })
    app.clock.advance(12 * hour + 60)
    expect(await browser.get('/session')).toMatchObject({
      status: 401,
      body: { error: { code: 'not_signed_in' } },
    })
  })

  test('ends after seven days however much it is used', async () => {
    const { browser } = await signedIn()
    for (let i = 0; i < 14; i++) {
      app.clock.advance(day / 2 - 60)
      expect(await browser.get('/session')).toMatchObject({ status: 200 })
    }
    app.clock.advance(20 * 60)
    expect(await browser.get('/session')).toMatchObject({ status: 401 })
  })

  test('ends by signing out, on the server too, and its owner is offline', async () => {
    const { id, browser } = await signedIn()
    await browser.put('/session/availability', { state: 'online' })
    const token = browser.cookies.get('afar.session')!
    expect(await browser.delete('/session')).toMatchObject({ status: 204 })
    expect(browser.cookies.get('afar.session')).toBe('')
    expect(await withCookie(token).get('/session')).toMatchObject({ status: 401 })
    const staff = ((await (await app.as('agent')).get('/staff')).body as { items: { id: string }[] }).items
    expect(staff.find(person => person.id === id)).toMatchObject({ availability: { state: 'offline' } })
  })

  test('ends everywhere else when the password changes, and goes on here under another id', async () => {
    const { email, browser } = await signedIn()
    const elsewhere = openBrowser()
    await elsewhere.post('/session', { email, password })
    const before = browser.cookies.get('afar.session')!
    const next = 'a wholly different sentence'
    expect(await browser.put('/session/password', { current: 'not it at all', next })).toMatchObject({
      status: 403,
      body: { error: { code: 'wrong_password' } },
    })
    expect(await browser.put('/session/password', { current: password, next })).toMatchObject({ status: 204 })
    expect(await elsewhere.get('/session')).toMatchObject({ status: 401 })
    expect(await withCookie(before).get('/session')).toMatchObject({ status: 401 })
    expect(await browser.get('/session')).toMatchObject({ status: 200 })
    expect(await openBrowser().post('/session', { email, password })).toMatchObject({ status: 401 })
    expect(await openBrowser().post('/session', { email, password: next })).toMatchObject({ status: 200 })
  })

  test('does not let its password be guessed either', async () => {
    const { browser } = await signedIn()
    const guess = () =>
      browser.put('/session/password', { current: 'not it at all', next: 'a wholly different sentence' })
    for (let i = 0; i < 5; i++) expect(await guess()).toMatchObject({ status: 403 })
    expect(await guess()).toMatchObject({ status: 429 })
  })

  test('is not for keys, and a short new password is refused', async () => {
    const { browser } = await signedIn()
    expect(await browser.put('/session/password', { current: password, next: 'short' })).toMatchObject({
      status: 422,
    })
    const admin = await app.as('admin')
    const roles = (await admin.get('/roles')).body as { items: { id: string; code: string }[] }
    const roleId = roles.items.find(role => role.code === 'admin')!.id
    const { key } = (await admin.post('/api-keys', { name: 'robot', roleId })).body as { key: string }
    const robot = app.with({ authorization: `Bearer ${key}` })
    expect(await robot.get('/session')).toMatchObject({
      status: 403,
      body: { error: { code: 'only_staff' } },
    })
    expect(await robot.post('/session/totp')).toMatchObject({ status: 403 })
  })

  test('takes its owner’s name and language', async () => {
    const { browser } = await signedIn('admin')
    expect(await browser.patch('/session', { locale: 'zh', name: '王芳' })).toMatchObject({
      status: 200,
      body: { locale: 'zh', name: '王芳', roleName: '管理员', permissions: ['*'] },
    })
  })

  test('is forgotten by the sweep when it is over', async () => {
    const { id } = await signedIn()
    app.clock.advance(8 * day)
    await app.sweep()
    expect(await app.look().db.$count(authSessions, eq(authSessions.userId, id))).toBe(0)
  })
})

describe('a page of another site', () => {
  test.each([
    ['an unknown origin', { origin: 'https://evil.example' }],
    ['a neighbour under the same domain', { origin: 'http://shop.localhost:8400' }],
    ['no origin at all', { origin: 'null' }],
    ['only the browser’s word', { 'sec-fetch-site': 'cross-site' }],
  ])('with %s can write nothing with our cookie', async (_name, headers) => {
    const { browser } = await signedIn()
    const before = await browser.get('/session')
    const page = app.with({ cookie: browser.cookieHeader(), ...headers } as Record<string, string>)
    expect(await page.patch('/session', { name: 'Mallory' })).toMatchObject({
      status: 403,
      body: { error: { code: 'foreign_origin' } },
    })
    expect(await page.post('/session/totp')).toMatchObject({ status: 403 })
    expect((await browser.get('/session')).body).toEqual(before.body)
  })

  test('cannot sign a visitor in to an account of its own', async () => {
    const { email } = await hire()
    expect(
      await app.with({ origin: 'https://evil.example' }).post('/session', { email, password }),
    ).toMatchObject({ status: 403 })
  })

  test('is not our own page, under the configured address or the one it was asked for', async () => {
    const { browser } = await signedIn()
    const cookie = browser.cookieHeader()
    expect(await app.with({ cookie, origin: 'http://localhost:8400' }).patch('/session', {})).toMatchObject({
      status: 200,
    })
    expect(
      await app.with({ cookie, host: 'desk.test', origin: 'https://desk.test' }).patch('/session', {}),
    ).toMatchObject({ status: 200 })
    expect(await app.with({ cookie }).patch('/session', {})).toMatchObject({ status: 200 })
  })
})

const withCookie = (session: string) => app.with({ cookie: `afar.session=${session}` })

async function actionsAbout(staffId: string) {
  const rows = await app
    .look()
    .db.select()
    .from(auditEntries)
    .where(eq(auditEntries.object, `staff:${staffId}`))
  return rows.map(row => row.action)
}

async function timed(work: () => Promise<unknown>) {
  const before = performance.now()
  await work()
  return performance.now() - before
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!
