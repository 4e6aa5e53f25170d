import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { auditEntries } from '../../platform/audit.ts'
import { type Browser, password, peopleOf } from './browser.fake.ts'
import { openChallenge } from './second-factor.ts'
import { authTwoFactors } from './tables.ts'

const app = await startTestApp({ trustProxy: true })
const admin = await app.as('admin')
const { openBrowser, signedIn } = peopleOf(app)

describe('the second factor', () => {
  test('is asked for once it was confirmed, and the session exists only after it', async () => {
    const person = await withSecondFactor()
    const browser = openBrowser()
    expect(await browser.post('/session', { email: person.email, password })).toMatchObject({
      status: 200,
      body: { state: 'second_factor' },
    })
    expect(browser.cookies.get('afar.session')).toBeUndefined()
    expect(await browser.get('/session')).toMatchObject({ status: 401 })
    app.clock.advance(60)
    expect(await browser.post('/session/second-factor', { code: await person.code() })).toMatchObject({
      status: 200,
      body: { state: 'signed_in' },
    })
    expect((await browser.get('/session')).body).toMatchObject({ id: person.id, twoFactor: true })
  })

  test('is not on before its first code was right', async () => {
    const { email, browser } = await signedIn()
    await browser.post('/session/totp')
    expect(await browser.put('/session/totp', { code: '000000' })).toMatchObject({
      status: 422,
      body: { error: { code: 'wrong_code' } },
    })
    expect(await openBrowser().post('/session', { email, password })).toMatchObject({
      body: { state: 'signed_in' },
    })
  })

  test('gives the session another id when it is switched on, and ends the others', async () => {
    const { browser, email } = await signedIn()
    const elsewhere = openBrowser()
    await elsewhere.post('/session', { email, password })
    const before = browser.cookies.get('afar.session')!
    await switchOn(browser)
    expect(browser.cookies.get('afar.session')).not.toBe(before)
    expect(await app.with({ cookie: `afar.session=${before}` }).get('/session')).toMatchObject({
      status: 401,
    })
    expect(await elsewhere.get('/session')).toMatchObject({ status: 401 })
    expect(await browser.get('/session')).toMatchObject({ status: 200 })
  })

  test('takes no code twice', async () => {
    const person = await withSecondFactor()
    const code = await nextCode(person)
    expect(await (await challenged(person)).post('/session/second-factor', { code })).toMatchObject({
      status: 200,
    })
    expect(await (await challenged(person)).post('/session/second-factor', { code })).toMatchObject({
      status: 401,
      body: { error: { code: 'wrong_code' } },
    })
  })

  test('takes a code at once from one of two only', async () => {
    const person = await withSecondFactor()
    const code = await nextCode(person)
    const browsers = [await challenged(person), await challenged(person)]
    const answers = await Promise.all(
      browsers.map(browser => browser.post('/session/second-factor', { code })),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 401])
  })

  test('takes a code of the neighbouring half minutes and none further off', async () => {
    const person = await withSecondFactor()
    app.clock.advance(300)
    const [early, late, tooLate] = [await person.code(-1), await person.code(1), await person.code(2)]
    const browser = await challenged(person)
    expect(await browser.post('/session/second-factor', { code: tooLate })).toMatchObject({ status: 401 })
    expect(await browser.post('/session/second-factor', { code: early })).toMatchObject({ status: 200 })
    expect(await (await challenged(person)).post('/session/second-factor', { code: late })).toMatchObject({
      status: 200,
    })
  })

  test('takes each backup code once', async () => {
    const person = await withSecondFactor()
    const [code] = person.backupCodes
    expect(
      await (await challenged(person)).post('/session/second-factor', { code: code!.toUpperCase() }),
    ).toMatchObject({ status: 200 })
    expect(await (await challenged(person)).post('/session/second-factor', { code })).toMatchObject({
      status: 401,
    })
    expect(
      await (await challenged(person)).post('/session/second-factor', { code: person.backupCodes[1] }),
    ).toMatchObject({ status: 200 })
  })

  test('keeps neither its secret nor its backup codes readable', async () => {
    const person = await withSecondFactor()
    const [row] = await app
      .look()
      .db.select()
      .from(authTwoFactors)
      .where(eq(authTwoFactors.userId, person.id))
    const kept = JSON.stringify(row)
    expect(kept).not.toContain(person.seed)
    for (const code of person.backupCodes) expect(kept).not.toContain(code)
  })

  test('is guarded against guessing, and each wrong code stands in the audit', async () => {
    const person = await withSecondFactor()
    app.clock.advance(300)
    for (let i = 0; i < 5; i++)
      expect(
        await (await challenged(person)).post('/session/second-factor', { code: '000000' }),
      ).toMatchObject({ status: 401 })
    expect(
      await (await challenged(person)).post('/session/second-factor', { code: await person.code() }),
    ).toMatchObject({ status: 429 })
    const failures = (await actionsAbout(person.id)).filter(
      action => action === 'session.second_factor_failed',
    )
    expect(failures).toHaveLength(5)
  })

  test('comes within ten minutes of the password, and one challenge is for one session', async () => {
    const person = await withSecondFactor()
    const slow = await challenged(person)
    app.clock.advance(601)
    expect(await slow.post('/session/second-factor', { code: await person.code() })).toMatchObject({
      status: 401,
      body: { error: { code: 'sign_in_expired' } },
    })
    const browser = await challenged(person)
    const challenge = browser.cookies.get('afar.challenge')!
    expect(await browser.post('/session/second-factor', { code: await person.code() })).toMatchObject({
      status: 200,
    })
    app.clock.advance(60)
    browser.cookies.set('afar.challenge', challenge)
    expect(await browser.post('/session/second-factor', { code: await person.code() })).toMatchObject({
      status: 401,
    })
  })

  test('cannot be replaced by who found an open session; only the password takes it off', async () => {
    const { browser, email } = await withSecondFactor()
    expect(await browser.post('/session/totp')).toMatchObject({
      status: 409,
      body: { error: { code: 'second_factor_on' } },
    })
    const off = (given: string) => browser.send('DELETE', '/session/totp', { password: given })
    expect(await off('not it at all')).toMatchObject({ status: 403 })
    expect(await off(password)).toMatchObject({ status: 204 })
    expect(await openBrowser().post('/session', { email, password })).toMatchObject({
      body: { state: 'signed_in' },
    })
  })

  test('waits in vain for a colleague who was deactivated meanwhile', async () => {
    const person = await withSecondFactor()
    const before = await challenged(person)
    await admin.put(`/staff/${person.id}/deactivation`)
    app.clock.advance(60)
    const expired = { status: 401, body: { error: { code: 'sign_in_expired' } } }
    expect(await before.post('/session/second-factor', { code: await person.code() })).toMatchObject(expired)
    const during = openBrowser()
    during.cookies.set('afar.challenge', await app.act(ctx => openChallenge(ctx, person.id)))
    expect(await during.post('/session/second-factor', { code: await person.code() })).toMatchObject(expired)
  })
})

async function switchOn(browser: Browser) {
  const { uri, backupCodes } = (await browser.post('/session/totp')).body as {
    uri: string
    backupCodes: string[]
  }
  const seed = new TextDecoder().decode(base32.decode(new URL(uri).searchParams.get('secret')!))
  const code = (stepsOff = 0) => createOTP(seed).hotp(Math.floor(app.clock.now.getTime() / 30_000) + stepsOff)
  expect(await browser.put('/session/totp', { code: await code() })).toMatchObject({ status: 204 })
  return { seed, code, backupCodes }
}

async function withSecondFactor() {
  const person = await signedIn()
  return { ...person, ...(await switchOn(person.browser)) }
}

type Guarded = Awaited<ReturnType<typeof withSecondFactor>>

async function challenged({ email }: Guarded) {
  const browser = openBrowser()
  expect(await browser.post('/session', { email, password })).toMatchObject({
    body: { state: 'second_factor' },
  })
  return browser
}

function nextCode(person: Guarded) {
  app.clock.advance(60)
  return person.code()
}

async function actionsAbout(staffId: string) {
  const rows = await app
    .look()
    .db.select()
    .from(auditEntries)
    .where(eq(auditEntries.object, `staff:${staffId}`))
  return rows.map(row => row.action)
}
