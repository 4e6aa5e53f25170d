import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { hashToken } from '../../platform/secrets.ts'
import { invitations } from './tables.ts'

const app = await startTestApp({ trustProxy: true })
const admin = await app.as('admin')
const { items } = (await admin.get('/roles')).body as { items: { id: string; code: string }[] }
const roleId = items.find(role => role.code === 'agent')!.id
const person = { name: 'Lin', password: 'a long enough sentence', locale: 'zh' }
const gone = { status: 404, body: { error: { code: 'invitation_not_found' } } }

describe('an invitation', () => {
  test('lets its person in once, with the role, stores and teams it names', async () => {
    const team = (await admin.post('/teams', { name: 'Care' })).body as { id: string }
    const storeIds = ['018f0000-0000-7000-8000-00000000000a']
    const { email, token } = await invite({ storeIds, teamIds: [team.id] })
    expect(await glance(token)).toMatchObject({
      status: 200,
      body: { email, roleName: 'Agent', invitedBy: expect.any(String) },
    })
    expect(await accept(token)).toMatchObject({ status: 204 })
    expect(await accept(token)).toMatchObject(gone)
    expect(await glance(token)).toMatchObject(gone)

    const signedIn = await app.post('/session', { email, password: person.password })
    const cookie = String([signedIn.headers['set-cookie']].flat()[0]).split(';')[0]!
    expect((await app.with({ cookie }).get('/session')).body).toMatchObject({
      name: 'Lin',
      email,
      locale: 'zh',
      storeIds,
      teamIds: [team.id],
    })
  })

  test('is used by one of two who come at once', async () => {
    const { token } = await invite()
    const answers = await Promise.all([accept(token), accept(token)])
    expect(answers.map(answer => answer.status).sort()).toEqual([204, 404])
  })

  test('is worth nothing once it is withdrawn, or a newer one is made', async () => {
    const first = await invite()
    const second = await invite({ email: first.email })
    expect(await accept(first.token)).toMatchObject(gone)
    expect(await admin.delete(`/invitations/${second.id}`)).toMatchObject({ status: 204 })
    expect(await accept(second.token)).toMatchObject(gone)
    expect(await admin.delete(`/invitations/${second.id}`)).toMatchObject(gone)
  })

  test('is kept as a hash of 256 random bits, and told once', async () => {
    const { id, token } = await invite()
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const rows = await app.look().db.select().from(invitations)
    expect(rows.find(row => row.id === id)).toMatchObject({ tokenHash: hashToken(token) })
    expect(JSON.stringify((await admin.get('/invitations')).body)).not.toContain(token)
  })

  test('for a colleague who is here already is refused', async () => {
    const agent = await app.as('agent', { email: 'here@test.example' })
    expect(agent.id).toBeTruthy()
    expect(await admin.post('/invitations', { email: 'Here@test.example', roleId })).toMatchObject({
      status: 409,
      body: { error: { code: 'email_taken' } },
    })
  })

  test('takes no weak password and no wish for another role', async () => {
    const { token } = await invite()
    expect(await accept(token, { ...person, password: 'short' })).toMatchObject({ status: 422 })
    expect(await accept(token, { ...person, roleId })).toMatchObject({ status: 422 })
    expect(await accept(token)).toMatchObject({ status: 204 })
  })

  test('is made and listed only by who manages colleagues', async () => {
    const supervisor = await app.as('supervisor')
    expect(await supervisor.get('/invitations')).toMatchObject({ status: 403 })
    expect(await supervisor.post('/invitations', { email: 'x@test.example', roleId })).toMatchObject({
      status: 403,
    })
  })

  test('is not found by trying', async () => {
    const stranger = app.with({ 'x-forwarded-for': '198.51.100.7' })
    const guess = (n: number) => stranger.get(`/invitations/by-token/${String(n).padStart(43, 'A')}`)
    for (let n = 0; n < 20; n++) expect(await guess(n)).toMatchObject(gone)
    expect(await guess(20)).toMatchObject({ status: 429 })
  })

  test('holds for a day', async () => {
    const [soon, late] = [await invite(), await invite()]
    app.clock.advance(24 * 3_600 - 1)
    expect(await accept(soon.token)).toMatchObject({ status: 204 })
    app.clock.advance(2)
    expect(await glance(late.token)).toMatchObject(gone)
    expect(await accept(late.token)).toMatchObject(gone)
  })
})

async function invite(fields: object = {}) {
  const email = `invited-${app.unique()}@test.example`
  const { status, body } = await admin.post('/invitations', { email, roleId, ...fields })
  expect(status).toBe(201)
  const invitation = body as { id: string; email: string; url: string }
  return { ...invitation, token: invitation.url.split('/').at(-1)! }
}

let addresses = 0
const somewhere = () => app.with({ 'x-forwarded-for': `203.0.113.${++addresses}` })
const glance = (token: string) => somewhere().get(`/invitations/by-token/${token}`)
const accept = (token: string, body: object = person) =>
  somewhere().post(`/invitations/by-token/${token}/acceptance`, body)
