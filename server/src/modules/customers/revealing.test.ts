import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { createCompany } from '../settings/company.ts'

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Harbour', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const mail = 'casey.long@customers.example'

type Identity = { id: string; kind: string; display: string }
type Who = Awaited<ReturnType<typeof app.as>>

async function asking(...more: string[]) {
  const permissions = ['staff:read', 'customers:read', 'customers:reveal', ...more]
  const role = await admin.post('/roles', { name: `Asking ${app.unique()}`, permissions })
  const person = await app.as('trainer')
  await admin.patch(`/staff/${person.id}`, { roleId: (role.body as { id: string }).id })
  return person
}

async function makeCasey() {
  const phone = `+49151${10_000_000 + app.unique()}`
  const made = await admin.post('/customers', {
    ...{ name: 'Casey', email: `${app.unique()}.${mail}`, phone, country: 'DE' },
  })
  const { id, identities } = made.body as unknown as { id: string; identities: Identity[] }
  return { id, phone, of: (kind: string) => identities.find(one => one.kind === kind)!.id }
}
const ask = (who: Who, id: string, identityId: string, more: object = { reason: 'delivery' }) =>
  who.post(`/customers/${id}/reveals`, { identityId, ...more })

describe('having a hidden contact detail shown', () => {
  test('shows that one whole, and what was asked for nothing stays hidden', async () => {
    const [casey, agent] = [await makeCasey(), await asking()]
    const before = JSON.stringify((await agent.get(`/customers/${casey.id}`)).body)
    expect(before).toContain('•••')
    expect(before).not.toContain(casey.phone)
    const shown = await ask(agent, casey.id, casey.of('phone'))
    expect(shown).toMatchObject({ status: 201, body: { kind: 'phone', value: casey.phone } })
    expect(JSON.stringify(shown.body)).not.toContain('customers.example')
    const after = await agent.get(`/customers/${casey.id}`)
    expect(JSON.stringify(after.body)).not.toContain(casey.phone)
  })

  test('goes on record: who, of whom, which, and why', async () => {
    const [casey, agent] = [await makeCasey(), await asking()]
    await ask(agent, casey.id, casey.of('email'), { reason: 'other', note: 'Card 4111 1111 1111 1111, call' })
    await ask(agent, casey.id, casey.of('phone'))
    const { body } = await admin.get(`/customers/${casey.id}/reveals`)
    expect(body).toMatchObject({
      count: 2,
      items: [
        { kind: 'phone', reason: 'delivery', note: '', by: { id: agent.id } },
        { kind: 'email', reason: 'other', by: { id: agent.id } },
      ],
    })
    expect(JSON.stringify(body)).not.toContain('4111 1111 1111')
    const trail = (await admin.get(`/audit?object=customer:${casey.id}&action=customer.revealed`))
      .body as unknown as { items: { actor: { id: string }; fields: string[] }[] }
    expect(trail.items.map(({ actor, fields }) => [actor.id, ...fields])).toEqual([
      [agent.id, 'phone', `identity:${casey.of('phone')}`, 'reason:delivery'],
      [agent.id, 'email', `identity:${casey.of('email')}`, 'reason:other'],
    ])
    expect((await agent.get(`/customers/${casey.id}/reveals`)).status).toBe(403)
  })

  test('is refused without the permission, without a reason, and to a key', async () => {
    const [casey, trainer] = [await makeCasey(), await app.as('trainer')]
    expect((await ask(trainer, casey.id, casey.of('phone'))).status).toBe(403)
    const agent = await asking()
    for (const more of [{}, { reason: 'curious' }])
      expect((await ask(agent, casey.id, casey.of('phone'), more)).status).toBe(422)
    expect(await ask(agent, casey.id, casey.of('phone'), { reason: 'other', note: '  ' })).toMatchObject({
      status: 422,
      body: { error: { code: 'note_missing' } },
    })
    const { items } = (await admin.get('/roles')).body as unknown as { items: { id: string; code: string }[] }
    const roleId = items.find(({ code }) => code === 'admin')!.id
    const { key } = (await admin.post('/api-keys', { name: 'Robot', roleId })).body as { key: string }
    const robot = app.with({ authorization: `Bearer ${key}` })
    const body = { identityId: casey.of('phone'), reason: 'delivery' }
    expect(await robot.post(`/customers/${casey.id}/reveals`, body)).toMatchObject({
      status: 403,
      body: { error: { code: 'only_staff' } },
    })
    expect((await admin.get(`/customers/${casey.id}/reveals`)).body).toMatchObject({ count: 0 })
  })

  test('is of this customer only', async () => {
    const [casey, other, agent] = [await makeCasey(), await makeCasey(), await asking()]
    expect((await ask(agent, casey.id, other.of('phone'))).status).toBe(404)
  })

  test('ends at what the company allows a person in an hour, also all at once', async () => {
    const [casey, agent, another] = [await makeCasey(), await asking(), await asking()]
    await admin.patch('/company', { revealsPerHour: 3 })
    const clicks = await Promise.all(Array.from({ length: 8 }, () => ask(agent, casey.id, casey.of('phone'))))
    expect(clicks.filter(({ status }) => status === 201)).toHaveLength(3)
    const refused = clicks.find(({ status }) => status !== 201)!
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'reveal_limit_reached' } } })
    expect(refused.headers['retry-after']).toBe('3600')
    expect((await ask(another, casey.id, casey.of('phone'))).status).toBe(201)
    app.clock.advance(3_601)
    expect((await ask(agent, casey.id, casey.of('phone'))).status).toBe(201)
    await admin.patch('/company', { revealsPerHour: 0 })
    expect((await ask(another, casey.id, casey.of('phone'))).status).toBe(429)
    await admin.patch('/company', { revealsPerHour: 20 })
  })

  test('stays on the record of who took the customer in', async () => {
    const [casey, into, agent] = [await makeCasey(), await makeCasey(), await asking()]
    await ask(agent, casey.id, casey.of('phone'))
    await admin.put(`/customers/${casey.id}/merge`, { intoId: into.id })
    expect((await admin.get(`/customers/${into.id}/reveals`)).body).toMatchObject({ count: 1 })
  })
})
