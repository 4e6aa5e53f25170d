import { createOTP } from '@better-auth/utils/otp'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { startIdentityGiver } from '../../../../test/identity-giver.ts'
import { type Browser, password, peopleOf } from '../browser.fake.ts'

const app = await startTestApp({
  outboundAllow: [{ network: '127.0.0.0', prefix: 8, port: undefined }],
})
const admin = await app.as('admin')
const people = peopleOf(app)
const giver = await startIdentityGiver(() => app.clock.now)
afterAll(giver.stop)
beforeEach(() => {
  giver.mend()
  app.clock.advance(301)
})

const roleIds = new Map(
  ((await admin.get('/roles')).body as unknown as { items: { id: string; code: string }[] }).items.map(
    ({ code, id }) => [code, id],
  ),
)
const settings = {
  ...{ name: 'Harbour', issuer: giver.issuer, clientId: giver.clientId, clientSecret: giver.clientSecret },
  isEnabled: true,
}
const made = await admin.post('/identity-givers', settings)
const giverId = (made.body as { id: string }).id
const set = (change: object) => admin.patch(`/identity-givers/${giverId}`, change)

/** Begins in this browser and comes back to where the giver sends it, or to what `on` makes of that. */
async function signIn(
  browser: Browser = people.openBrowser(),
  on = (back: URL) => back,
  next = '/customers',
) {
  const begun = await browser.post('/session/giver-trips', { giverId, next })
  if (begun.status !== 200) return { browser, begun, to: null }
  const back = on(await giver.visit((begun.body as { url: string }).url))
  const returned = await browser.get(back.pathname.replace('/api', '') + back.search)
  return { browser, begun, back, to: String(returned.headers.location).replace('http://localhost:8400', '') }
}
const verified = (email: string, more: object = {}) => ({
  ...{ sub: `sub of ${email}`, email, email_verified: true, name: 'Ada Lin' },
  ...more,
})
const newcomer = () => `new-${app.unique()}@harbour.example`
const refusedAs = (code: string) => `/sign-in?refused=${code}`
async function me(browser: Browser) {
  const { status, body } = await browser.get('/session')
  return {
    status,
    ...(body as { id?: string; email?: string; roleName?: string; teamIds?: string[]; name?: string }),
  }
}

describe('signing in through a giver of identities', () => {
  test('lets a colleague in by his verified address, and leads him where he wanted to go', async () => {
    const { id, email, browser } = await people.hire()
    giver.comes(verified(email))
    expect(await signIn(browser)).toMatchObject({ to: '/customers' })
    expect(await me(browser)).toMatchObject({ status: 200, id })
    const { items } = (await admin.get(`/audit?object=staff:${id}`)).body as unknown as {
      items: { action: string; fields: string[] }[]
    }
    expect(items.map(({ action }) => action)).toEqual([
      'session.started',
      'staff.giver_linked',
      'staff.joined',
    ])
    expect(items[0]!.fields).toEqual([`identity_giver:${giverId}`])
  })

  test('knows him by the giver’s own name for him from then on, whatever his address there', async () => {
    const { id, email, browser } = await people.hire()
    giver.comes(verified(email))
    await signIn(browser)
    giver.comes({ sub: `sub of ${email}`, email: 'other@elsewhere.example', email_verified: false })
    const again = await signIn()
    expect(await me(again.browser)).toMatchObject({ id })
  })

  test('asks where the giver keeps addresses apart from its token', async () => {
    const { id, email } = await people.hire()
    giver.comes({ sub: `sub of ${email}` }, { email, email_verified: true })
    expect(await me((await signIn()).browser)).toMatchObject({ id })
  })

  test('ends with signing out, and a session laid into the browser before does not stay', async () => {
    const { email, browser } = await people.signedIn()
    const before = browser.cookies.get('afar.session')
    giver.comes(verified(email))
    await signIn(browser)
    expect(browser.cookies.get('afar.session')).not.toBe(before)
    await browser.delete('/session')
    expect((await me(browser)).status).toBe(401)
  })

  test.each([
    ['nobody has verified', { email_verified: false }],
    ['of which nothing is said', { email_verified: undefined }],
    ['nobody has verified, though Entra’s mark is there', { email_verified: false, xms_edov: true }],
  ])('does not go by an address that %s', async (_, claims) => {
    const { email } = await people.hire()
    giver.comes({ ...verified(email), ...claims })
    expect(await signIn()).toMatchObject({ to: refusedAs('email_not_verified') })
  })

  test('keeps out whom we do not know, whose domain is none of ours, and who was deactivated', async () => {
    giver.comes(verified(newcomer()))
    expect(await signIn()).toMatchObject({ to: refusedAs('no_account') })
    const { id, email } = await people.hire()
    giver.comes(verified(email))
    await set({ domains: ['harbour.example'] })
    expect(await signIn()).toMatchObject({ to: refusedAs('domain_not_allowed') })
    await set({ domains: [] })
    const { browser } = await signIn()
    await admin.put(`/staff/${id}/deactivation`)
    expect((await me(browser)).status).toBe(401)
    expect(await signIn(browser)).toMatchObject({ to: refusedAs('staff_deactivated') })
    const stranger = await people.hire()
    await admin.put(`/staff/${stranger.id}/deactivation`)
    giver.comes(verified(stranger.email))
    expect(await signIn()).toMatchObject({ to: refusedAs('staff_deactivated') })
  })

  test('brings in who is invited, with the role he was invited to, and no password', async () => {
    const email = newcomer()
    const team = (await admin.post('/teams', { name: `T ${app.unique()}` })).body as { id: string }
    await admin.post('/invitations', { email, roleId: roleIds.get('trainer'), teamIds: [team.id] })
    giver.comes(verified(email))
    const { browser } = await signIn()
    expect(await me(browser)).toMatchObject({
      email,
      roleName: 'Trainer',
      teamIds: [team.id],
      name: 'Ada Lin',
    })
    expect((await admin.get('/invitations')).body).toMatchObject({ items: [] })
    expect(
      await browser.put('/session/password', { current: 'x', next: 'a good long password' }),
    ).toMatchObject({
      status: 403,
    })
    const { id } = await me(browser)
    const reset = (await admin.post(`/staff/${id}/password-reset`)).body as { url: string }
    const token = reset.url.split('/').at(-1)
    await browser.put(`/password-resets/by-token/${token}/password`, { password: 'a good long password' })
    const later = people.openBrowser()
    expect(await later.post('/session', { email, password: 'a good long password' })).toMatchObject({
      status: 200,
    })
  })

  test('makes a colleague of whom nobody invited only where that is set, and only of the domains named', async () => {
    expect(await set({ joinsAs: roleIds.get('trainer') })).toMatchObject({
      status: 422,
      body: { error: { code: 'domains_needed' } },
    })
    await set({ joinsAs: roleIds.get('trainer'), domains: ['harbour.example'] })
    const email = newcomer()
    giver.comes(verified(email))
    expect(await me((await signIn()).browser)).toMatchObject({ email, roleName: 'Trainer' })
    giver.comes(verified('somebody@elsewhere.example'))
    expect(await signIn()).toMatchObject({ to: refusedAs('domain_not_allowed') })
    await set({ joinsAs: null, domains: [] })
  })

  test('follows the giver in role and teams where told to, but takes no administrator his', async () => {
    const team = (await admin.post('/teams', { name: `T ${app.unique()}` })).body as { id: string }
    const other = (await admin.post('/teams', { name: `T ${app.unique()}` })).body as { id: string }
    await set({
      ...{ roleClaim: 'realm_access.roles', roleMap: [{ value: 'lead', id: roleIds.get('supervisor') }] },
      ...{ teamClaim: 'groups', teamMap: [{ value: 'night', id: team.id }] },
    })
    const { id, email } = await people.hire()
    await admin.patch(`/staff/${id}`, { teamIds: [other.id] })
    giver.comes(verified(email, { realm_access: { roles: ['lead'] }, groups: ['night', 'x'] }))
    const first = await me((await signIn()).browser)
    expect(first).toMatchObject({ roleName: 'Supervisor' })
    expect(new Set(first.teamIds)).toEqual(new Set([team.id, other.id]))
    giver.comes(verified(email, { realm_access: { roles: [] }, groups: [] }))
    expect(await me((await signIn()).browser)).toMatchObject({ roleName: 'Supervisor', teamIds: [other.id] })
    const boss = await people.hire('admin')
    giver.comes(verified(boss.email, { realm_access: { roles: ['lead'] } }))
    expect(await me((await signIn()).browser)).toMatchObject({ id: boss.id, roleName: 'Administrator' })
    await set({ roleClaim: null, roleMap: [], teamClaim: null, teamMap: [] })
  })

  test('asks for the second factor unless the giver counts as one', async () => {
    const { email, browser } = await people.signedIn()
    const { uri } = (await browser.post('/session/totp')).body as { uri: string }
    const seed = secretOf(uri)
    await browser.put('/session/totp', { code: await codeOf(seed) })
    giver.comes(verified(email))
    const asked = await signIn()
    expect(asked.to).toBe('/sign-in?step=code&next=%2Fcustomers')
    expect((await me(asked.browser)).status).toBe(401)
    app.clock.advance(60)
    expect(await asked.browser.post('/session/second-factor', { code: await codeOf(seed) })).toMatchObject({
      status: 200,
    })
    await set({ isSecondFactor: true })
    expect(await me((await signIn()).browser)).toMatchObject({ status: 200, email })
    await set({ isSecondFactor: false })
  })
})

describe('what a giver says is not believed', () => {
  const notBelieved = refusedAs('giver_not_believed')

  test.each([
    ['with the nonce of another trip', { nonce: 'x'.repeat(43) }],
    ['for another client', { audience: 'somebody-else' }],
    ['for several clients, and us not the one it was given to', { audience: ['afar', 'somebody-else'] }],
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['when it has run out', { expiredFor: 121 }],
    ['when it was given long ago', { givenIn: -800 }],
    ['when it is given in the future', { givenIn: 130 }],
    ['without a signature', { signature: 'none' }],
    ['signed with the public key as if it were a secret', { signature: 'public key as secret' }],
    ['signed with another key', { signature: 'another key' }],
    ['when another giver answers', { answersAs: 'https://evil.example' }],
  ] as const)('%s', async (_, fault) => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    Object.assign(giver.faults, fault)
    const { browser, to } = await signIn()
    expect(to).toBe(notBelieved)
    expect((await me(browser)).status).toBe(401)
  })

  test('by a clock that is two minutes off it still is', async () => {
    const { id, email } = await people.hire()
    giver.comes(verified(email))
    giver.faults.expiredFor = 100
    expect(await me((await signIn()).browser)).toMatchObject({ id })
  })

  test('when it does not name itself, though it said it would', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const unnamed = await signIn(people.openBrowser(), withoutIssuer)
    expect(unnamed.to).toBe(notBelieved)
  })
})

describe('a trip to the giver', () => {
  test('is good once, and its code too', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const { browser, back } = await signIn()
    await browser.delete('/session')
    const again = await browser.get(back!.pathname.replace('/api', '') + back!.search)
    expect(again.headers.location).toContain('refused=giver_trip_over')
    const reused = await signIn(browser, withCode(back!.searchParams.get('code')!))
    expect(reused.to).toBe(refusedAs('giver_trip_over'))
    expect((await me(browser)).status).toBe(401)
  })

  test('is finished in the browser that began it, and by nobody else', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const [thief, victim] = [people.openBrowser(), people.openBrowser()]
    const begun = (await thief.post('/session/giver-trips', { giverId })).body as { url: string }
    const back = await giver.visit(begun.url)
    const path = back.pathname.replace('/api', '') + back.search
    expect((await victim.get(path)).headers.location).toContain('refused=giver_trip_over')
    await victim.post('/session/giver-trips', { giverId })
    expect((await victim.get(path)).headers.location).toContain('refused=giver_trip_over')
    expect((await me(victim)).status).toBe(401)
  })

  test('ends after ten minutes, with the giver, and when the giver says no', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    const late = await signIn(people.openBrowser(), tooLate)
    expect(late.to).toBe(refusedAs('giver_trip_over'))
    giver.faults.saysNo = 'access_denied'
    expect((await signIn()).to).toBe(refusedAs('giver_said_no'))
    giver.mend()
    await set({ isEnabled: false })
    expect((await signIn()).begun).toMatchObject({ status: 404 })
    await set({ isEnabled: true })
  })

  test('leads nowhere but into our own house', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'x'])
      expect(await people.openBrowser().post('/session/giver-trips', { giverId, next }), next).toMatchObject({
        status: 422,
      })
  })
})

describe('the keys of a giver', () => {
  test('are fetched anew when it changes them, and kept until then', async () => {
    const { id, email } = await people.hire()
    giver.comes(verified(email))
    await signIn()
    const fetches = () => giver.asked.filter(path => path === '/keys').length
    const before = fetches()
    await signIn()
    expect(fetches()).toBe(before)
    await giver.changeKey()
    app.clock.advance(31)
    expect(await me((await signIn()).browser)).toMatchObject({ id })
    expect(fetches()).toBe(before + 1)
  })

  test('are not asked for again and again because of tokens nobody can explain', async () => {
    const { email } = await people.hire()
    giver.comes(verified(email))
    giver.faults.signature = 'another key'
    await signIn()
    const before = giver.asked.filter(path => path === '/keys').length
    for (let n = 0; n < 5; n++) await signIn()
    expect(giver.asked.filter(path => path === '/keys').length).toBe(before)
  })
})

describe('where a giver is the only way in', () => {
  test('passwords let in the first administrator and nobody else, who learns it by the right password alone', async () => {
    const first = await app.place.pool.query<{ email: string }>(
      `select s.email from staff s join roles r on r.id = s.role_id where r.code = 'admin' and deactivated_at is null order by s.created_at, s.id limit 1`,
    )
    const someone = await people.hire('admin')
    await set({ isOnlyWay: true })
    expect((await app.get('/session/ways')).body).toEqual({
      password: false,
      givers: [{ id: giverId, name: 'Harbour' }],
    })
    const sign = (email: string, word: string) =>
      people.openBrowser().post('/session', { email, password: word })
    expect(await sign(someone.email, password)).toMatchObject({
      status: 403,
      body: { error: { code: 'only_single_sign_on' } },
    })
    expect(await sign(someone.email, 'a wrong password')).toMatchObject({ status: 401 })
    expect(await sign(first.rows[0]!.email, password)).toMatchObject({ status: 200 })
    await set({ isOnlyWay: false })
    expect(await sign(someone.email, password)).toMatchObject({ status: 200 })
  })
})

describe('the settings of a giver', () => {
  test('tell neither the secret nor anything to who may not do everything', async () => {
    const listed = JSON.stringify((await admin.get('/identity-givers')).body)
    expect(listed).not.toContain(giver.clientSecret)
    expect(listed).toContain('"hasSecret":true')
    const { rows } = await app.place.pool.query('select secret_sealed from identity_givers')
    expect(JSON.stringify(rows)).not.toContain(giver.clientSecret)
    const role = await admin.post('/roles', { name: 'Keeper', permissions: ['sign-in:manage'] })
    const keeper = await app.as('trainer')
    await admin.patch(`/staff/${keeper.id}`, { roleId: (role.body as { id: string }).id })
    expect((await keeper.get('/identity-givers')).status).toBe(200)
    for (const answer of [
      await keeper.patch(`/identity-givers/${giverId}`, { issuer: 'https://evil.example' }),
      await keeper.post('/identity-givers', { ...settings, name: 'Mine' }),
      await keeper.delete(`/identity-givers/${giverId}`),
    ])
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'beyond_your_permissions' } } })
  })

  test('lose the secret with the issuer it was for', async () => {
    const other = (await admin.post('/identity-givers', { ...settings, isEnabled: false })).body as {
      id: string
    }
    const change = (body: object) => admin.patch(`/identity-givers/${other.id}`, body)
    expect((await change({ name: 'Renamed' })).body).toMatchObject({ hasSecret: true })
    expect((await change({ issuer: 'https://other.example' })).body).toMatchObject({ hasSecret: false })
    expect((await change({ issuer: 'https://third.example', clientSecret: 'new' })).body).toMatchObject({
      hasSecret: true,
    })
    expect((await admin.delete(`/identity-givers/${other.id}`)).status).toBe(204)
  })

  test('keep a role that they hand out from being deleted', async () => {
    const role = (await admin.post('/roles', { name: 'Given', permissions: [] })).body as { id: string }
    await set({ roleClaim: 'r', roleMap: [{ value: 'a', id: role.id }] })
    expect(await admin.delete(`/roles/${role.id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'role_in_use' } },
    })
    await set({ roleClaim: null, roleMap: [] })
    expect((await admin.delete(`/roles/${role.id}`)).status).toBe(204)
  })
})

describe('trying a giver', () => {
  const attempt = async (id = giverId) =>
    (await admin.post(`/identity-givers/${id}/trial`)).body as unknown as {
      ok: boolean
      steps: { step: string; state: string; code: string; detail: string }[]
    }
  const codes = async (id?: string) => (await attempt(id)).steps.map(({ state, code }) => `${state} ${code}`)

  test('says that all is well, and that nothing is encrypted', async () => {
    expect(await attempt()).toMatchObject({ ok: true })
    expect(await codes()).toEqual(['doubtful not_encrypted', 'fine keys_found', 'fine client_known'])
  })

  test('says what is wrong: no answer, another issuer, a page that is none, a secret that is not theirs', async () => {
    giver.faults.descriptionStatus = 500
    expect(await codes()).toEqual(['failed giver_unreachable'])
    giver.faults.descriptionStatus = 404
    expect(await codes()).toEqual(['failed not_a_giver'])
    giver.mend()
    giver.faults.describedIssuer = 'https://elsewhere.example'
    expect(await attempt()).toMatchObject({
      ok: false,
      steps: [{ code: 'issuer_differs', detail: 'https://elsewhere.example' }],
    })
    giver.mend()
    await set({ clientSecret: 'not the one' })
    const wrong = await attempt()
    expect(wrong.steps.at(-1)).toMatchObject({
      state: 'failed',
      code: 'giver_refuses_us',
      detail: 'invalid_client: Wrong secret',
    })
    giver.comes(verified((await people.hire()).email))
    expect((await signIn()).to).toBe(refusedAs('giver_refuses_us'))
    await set({ clientSecret: giver.clientSecret })
  })

  test('does not wait for one that is slow for longer than a person would', { timeout: 20_000 }, async () => {
    giver.faults.descriptionAfterMs = 9_000
    expect(await codes()).toEqual(['failed giver_unreachable'])
  })

  test('reaches no address inside that the operator has not opened', async () => {
    const closed = { ...settings, isEnabled: true, name: 'Inside', issuer: 'http://10.0.0.1/' }
    const { id } = (await admin.post('/identity-givers', closed)).body as { id: string }
    expect(await codes(id)).toEqual(['failed giver_address_refused'])
    expect(await people.openBrowser().post('/session/giver-trips', { giverId: id })).toMatchObject({
      status: 422,
      body: { error: { code: 'giver_address_refused' } },
    })
    await admin.delete(`/identity-givers/${id}`)
  })
})

function withoutIssuer(back: URL) {
  back.searchParams.delete('iss')
  return back
}

const withCode = (code: string) => (back: URL) => {
  back.searchParams.set('code', code)
  return back
}

function tooLate(back: URL) {
  app.clock.advance(601)
  return back
}

const secretOf = (uri: string) => new URL(uri).searchParams.get('secret')!
async function codeOf(base32: string) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...base32].map(letter => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const seed = Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))).toString()
  return createOTP(seed).hotp(Math.floor(app.clock.now.getTime() / 30_000))
}
