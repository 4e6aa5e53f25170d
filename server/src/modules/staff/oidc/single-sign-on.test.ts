import { createOTP } from '@better-auth/utils/otp'
import { describe, expect, test } from 'vitest'
import { password } from '../browser.fake.ts'
import { refusedAs, startGiverHouse, verified } from './test-giver.ts'

const { app, admin, people, giver, giverId, set, signIn, me } = await startGiverHouse()
const roleIds = new Map(
  ((await admin.get('/roles')).body as unknown as { items: { id: string; code: string }[] }).items.map(
    ({ code, id }) => [code, id],
  ),
)
const newcomer = () => `new-${app.unique()}@harbour.example`

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

const secretOf = (uri: string) => new URL(uri).searchParams.get('secret')!
async function codeOf(base32: string) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...base32].map(letter => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const seed = Buffer.from((bits.match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))).toString()
  return createOTP(seed).hotp(Math.floor(app.clock.now.getTime() / 30_000))
}
