import { describe, expect, test } from 'vitest'
import { refusedAs, startGiverHouse, verified } from './test-giver.ts'

const { app, admin, people, giver, giverId, settings, set, signIn } = await startGiverHouse()

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
