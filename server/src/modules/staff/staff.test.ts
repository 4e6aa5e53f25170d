import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { auditEntries } from '../../platform/audit.ts'
import { events } from '../../platform/events.ts'
import { seedRoles } from './roles.ts'
import { signInAs } from './sessions.ts'
import { changeStaff, createFirstAdmin, deactivateStaff, hasStaff } from './staff.ts'
import { roles } from './tables.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const [storeA, storeB] = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b']

describe('the first administrator', () => {
  test('is made once, also when two come at the same time', async () => {
    const fresh = await startTestApp()
    expect(await hasStaff(fresh.look())).toBe(false)
    const ada = {
      name: 'Ada',
      email: 'Ada@Shop.example',
      password: 'correct horse battery',
      locale: 'zh' as const,
    }
    const results = await Promise.allSettled(
      [1, 2].map(n => fresh.act(ctx => createFirstAdmin(ctx, { ...ada, email: `${n}${ada.email}` }))),
    )
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(fresh.act(ctx => createFirstAdmin(ctx, ada))).rejects.toMatchObject({
      code: 'already_set_up',
    })
    expect(await hasStaff(fresh.look())).toBe(true)
  })
})

describe('a colleague', () => {
  test('is changed in what he speaks, can and may see', async () => {
    const agent = await app.as('agent')
    const change = {
      name: 'Aiko',
      languages: ['ja', 'en'],
      skills: ['refunds'],
      chatLimit: 3,
      storeIds: [storeA],
    }
    expect(await admin.patch(`/staff/${agent.id}`, change)).toMatchObject({
      status: 200,
      body: { id: agent.id, ...change },
    })
    expect((await agent.get('/session')).body).toMatchObject({
      name: 'Aiko',
      storeIds: [storeA],
      chatLimit: 3,
    })
  })

  test('keeps the languages he came with as languages, whatever their region', async () => {
    const agent = await app.as('agent', { languages: ['pt-BR', 'pt-PT', 'EN'] })
    expect(await colleague(agent.id)).toMatchObject({ languages: ['pt', 'en'] })
  })

  test.each([
    ['an e-mail address', { email: 'other@test.example' }],
    ['a deactivation', { deactivatedAt: null }],
    ['an unknown field', { isAdmin: true }],
    ['a language that is none', { languages: ['English'] }],
    ['a negative limit', { chatLimit: -1 }],
  ])('is not changed by %s', async (_name, change) => {
    const agent = await app.as('agent')
    const before = await colleague(agent.id)
    expect(await admin.patch(`/staff/${agent.id}`, change)).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request' } },
    })
    expect(await colleague(agent.id)).toEqual(before)
  })

  test('is changed only by who may', async () => {
    const agent = await app.as('agent')
    const supervisor = await app.as('supervisor')
    expect(await supervisor.patch(`/staff/${agent.id}`, { chatLimit: 9 })).toMatchObject({
      status: 403,
      body: { error: { code: 'permission_denied' } },
    })
    expect(await app.patch(`/staff/${agent.id}`, { chatLimit: 9 })).toMatchObject({ status: 401 })
    expect(await admin.patch('/staff/018f0000-0000-7000-8000-000000000000', { chatLimit: 9 })).toMatchObject({
      status: 404,
      body: { error: { code: 'staff_not_found' } },
    })
  })

  test('with an address somebody has already is refused', async () => {
    await app.as('agent', { email: 'twin@test.example' })
    await expect(app.as('agent', { email: 'Twin@test.example' })).rejects.toMatchObject({
      code: 'email_taken',
    })
  })

  test('may do at once what his new role allows, and the change stands in the audit and the events', async () => {
    const agent = await app.as('agent')
    expect(await permissions(agent)).not.toContain('clocks:manage')
    await admin.patch(`/staff/${agent.id}`, { roleId: await roleId('supervisor') })
    expect(await permissions(agent)).toContain('clocks:manage')
    const audited = await app
      .look()
      .db.select()
      .from(auditEntries)
      .where(eq(auditEntries.object, `staff:${agent.id}`))
    expect(audited).toContainEqual(
      expect.objectContaining({ action: 'staff.changed', fields: ['roleId'], actorId: admin.id }),
    )
    expect(await told(agent.id)).toEqual(expect.arrayContaining(['staff.changed', 'staff.access_changed']))
  })
})

describe('deactivating a colleague', () => {
  test('puts him out at once and tells so, and lets him in again later', async () => {
    const agent = await app.as('agent')
    await agent.put('/session/availability', { state: 'online' })
    expect(await admin.put(`/staff/${agent.id}/deactivation`)).toMatchObject({
      status: 200,
      body: { deactivatedAt: expect.any(String), availability: { state: 'offline' } },
    })
    expect(await agent.get('/session')).toMatchObject({ status: 401 })
    expect(await told(agent.id)).toEqual(
      expect.arrayContaining(['staff.deactivated', 'staff.availability_changed']),
    )

    await admin.delete(`/staff/${agent.id}/deactivation`)
    expect(await colleague(agent.id)).toMatchObject({ deactivatedAt: null })
    expect(await agent.get('/session')).toMatchObject({ status: 401 })
  })

  test('twice tells it once', async () => {
    const agent = await app.as('agent')
    await admin.put(`/staff/${agent.id}/deactivation`)
    expect(await admin.put(`/staff/${agent.id}/deactivation`)).toMatchObject({ status: 200 })
    expect((await told(agent.id)).filter(name => name === 'staff.deactivated')).toHaveLength(1)
  })

  test('holds even against a session that was opened meanwhile', async () => {
    const agent = await app.as('agent')
    await app.act(ctx => deactivateStaff(ctx, agent.id))
    const token = await app.act(ctx => signInAs(ctx, agent.id))
    expect(await app.with({ cookie: `afar.session=${token}` }).get('/session')).toMatchObject({ status: 401 })
  })
})

describe('the last administrator', () => {
  test('can neither be demoted nor deactivated', async () => {
    const { only, agentRole } = await companyOfOneAdmin()
    expect(await only.patch(`/staff/${only.id}`, { roleId: agentRole })).toMatchObject({
      status: 409,
      body: { error: { code: 'last_admin' } },
    })
    expect(await only.put(`/staff/${only.id}/deactivation`)).toMatchObject({
      status: 409,
      body: { error: { code: 'last_admin' } },
    })
  })

  test('is not one who is deactivated himself', async () => {
    const { fresh, only, agentRole } = await companyOfOneAdmin()
    const second = await fresh.as('admin')
    await only.put(`/staff/${second.id}/deactivation`)
    expect(await only.patch(`/staff/${only.id}`, { roleId: agentRole })).toMatchObject({ status: 409 })
  })

  test('remains when two of them demote each other at the same moment', async () => {
    const { fresh, only, agentRole } = await companyOfOneAdmin()
    const second = await fresh.as('admin')
    const demoted = Promise.withResolvers<void>()
    const first = fresh.act(async ctx => {
      await changeStaff(ctx, second.id, { roleId: agentRole })
      demoted.resolve()
      await new Promise(done => setTimeout(done, 200))
    })
    await demoted.promise
    const other = fresh.act(ctx => changeStaff(ctx, only.id, { roleId: agentRole }))
    await expect(other).rejects.toMatchObject({ code: 'last_admin' })
    await first
  })
})

describe('roles', () => {
  test('are seeded again without doubling, and keep what a release gives them', async () => {
    await app.place.db.update(roles).set({ permissions: [] }).where(eq(roles.code, 'agent'))
    await app.act(seedRoles)
    await app.act(seedRoles)
    const { items } = (await admin.get('/roles')).body as { items: { code: string; permissions: string[] }[] }
    expect(items.filter(role => role.code === 'agent')).toEqual([
      expect.objectContaining({ permissions: expect.arrayContaining(['conversations:reply']) }),
    ])
    expect(items.filter(role => role.code).length).toBe(9)
  })

  test('of the house stay as they are', async () => {
    const id = await roleId('agent')
    expect(await admin.patch(`/roles/${id}`, { permissions: [] })).toMatchObject({
      status: 409,
      body: { error: { code: 'built_in_role' } },
    })
    expect(await admin.delete(`/roles/${id}`)).toMatchObject({ status: 409 })
  })

  test('speak the reader’s language', async () => {
    const reader = await app.as('agent', { locale: 'zh' })
    const { items } = (await reader.get('/roles')).body as { items: { code: string; name: string }[] }
    expect(items.find(role => role.code === 'agent')).toMatchObject({ name: '客服' })
  })

  test('of one’s own are made, given, changed with effect at once, and deleted when nobody has them', async () => {
    const made = await admin.post('/roles', { name: 'Night desk', permissions: ['staff:read', 'staff:read'] })
    expect(made).toMatchObject({
      status: 201,
      body: { code: null, isBuiltIn: false, permissions: ['staff:read'], staffCount: 0 },
    })
    const { id } = made.body as { id: string }
    const agent = await app.as('agent')
    await admin.patch(`/staff/${agent.id}`, { roleId: id })
    expect(await permissions(agent)).toEqual(['staff:read'])
    await admin.patch(`/roles/${id}`, { permissions: ['staff:read', 'audit:read'] })
    expect(await permissions(agent)).toEqual(['staff:read', 'audit:read'])

    expect(await admin.delete(`/roles/${id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'role_in_use' } },
    })
    await admin.patch(`/staff/${agent.id}`, { roleId: await roleId('agent') })
    expect(await admin.delete(`/roles/${id}`)).toMatchObject({ status: 204 })
    expect(await admin.patch(`/roles/${id}`, { name: 'Ghost' })).toMatchObject({
      status: 404,
      body: { error: { code: 'role_not_found' } },
    })
  })

  test('are not deleted under an open invitation or a key in force, but under spent ones they are', async () => {
    const { id } = (await admin.post('/roles', { name: 'Robot', permissions: [] })).body as { id: string }
    const invitation = (await admin.post('/invitations', { email: 'r2d2@test.example', roleId: id }))
      .body as { id: string }
    const key = (await admin.post('/api-keys', { name: 'robot', roleId: id })).body as { id: string }
    expect(await admin.delete(`/roles/${id}`)).toMatchObject({ status: 409 })
    await admin.delete(`/invitations/${invitation.id}`)
    expect(await admin.delete(`/roles/${id}`)).toMatchObject({ status: 409 })
    await admin.delete(`/api-keys/${key.id}`)
    expect(await admin.delete(`/roles/${id}`)).toMatchObject({ status: 204 })
  })

  test('cannot hold everything, nor words that are no permissions', async () => {
    for (const word of ['*', 'staff', 'Staff:Manage', 'staff:*'])
      expect(await admin.post('/roles', { name: 'God', permissions: [word] })).toMatchObject({ status: 422 })
  })
})

describe('who manages colleagues without being an administrator', () => {
  test('hands out nothing he does not hold himself', async () => {
    const clerk = await clerkOf(['staff:read', 'staff:manage'])
    const refused = { status: 403, body: { error: { code: 'beyond_your_permissions' } } }
    const agent = await app.as('agent')
    expect(await clerk.patch(`/staff/${clerk.id}`, { roleId: await roleId('admin') })).toMatchObject(refused)
    expect(await clerk.post('/roles', { name: 'More', permissions: ['audit:read'] })).toMatchObject(refused)
    expect(
      await clerk.patch(`/roles/${clerk.roleId}`, { permissions: ['staff:manage', 'audit:read'] }),
    ).toMatchObject(refused)
    expect(
      await clerk.post('/invitations', { email: 'boss@test.example', roleId: await roleId('admin') }),
    ).toMatchObject(refused)
    expect(await clerk.post('/api-keys', { name: 'boss', roleId: await roleId('admin') })).toMatchObject(
      refused,
    )
    expect(await clerk.put(`/staff/${admin.id}/deactivation`)).toMatchObject(refused)
    expect(await clerk.put(`/staff/${agent.id}/deactivation`)).toMatchObject(refused)
  })

  test('opens no store that he does not see himself', async () => {
    const clerk = await clerkOf(['staff:read', 'staff:manage'], [storeA])
    const refused = { status: 403, body: { error: { code: 'beyond_your_stores' } } }
    expect(await clerk.patch(`/staff/${clerk.id}`, { storeIds: null })).toMatchObject(refused)
    expect(await clerk.patch(`/staff/${clerk.id}`, { storeIds: [storeA, storeB] })).toMatchObject(refused)
    expect(
      await clerk.post('/invitations', { email: 'wide@test.example', roleId: clerk.roleId }),
    ).toMatchObject(refused)
    expect(await clerk.post('/api-keys', { name: 'wide', roleId: clerk.roleId })).toMatchObject(refused)
    expect(
      await clerk.post('/api-keys', { name: 'narrow', roleId: clerk.roleId, storeIds: [storeA] }),
    ).toMatchObject({ status: 201 })
  })
})

describe('teams', () => {
  test('have members, from either side', async () => {
    const [one, two] = [await app.as('agent'), await app.as('agent')]
    const { body } = await admin.post('/teams', { name: 'Returns', memberIds: [one.id] })
    const { id } = body as { id: string }
    expect(body).toMatchObject({ name: 'Returns', memberIds: [one.id] })
    await admin.patch(`/staff/${two.id}`, { teamIds: [id] })
    expect((await two.get('/session')).body).toMatchObject({ teamIds: [id] })
    expect(await admin.patch(`/teams/${id}`, { memberIds: [two.id], name: 'Refunds' })).toMatchObject({
      body: { name: 'Refunds', memberIds: [two.id] },
    })
    expect((await one.get('/session')).body).toMatchObject({ teamIds: [] })
    expect(await admin.delete(`/teams/${id}`)).toMatchObject({ status: 204 })
    expect((await two.get('/session')).body).toMatchObject({ teamIds: [] })
  })

  test('have names of their own, and no members or teams that do not exist', async () => {
    const ghost = '018f0000-0000-7000-8000-000000000000'
    const agent = await app.as('agent')
    await admin.post('/teams', { name: 'Night' })
    expect(await admin.post('/teams', { name: 'Night' })).toMatchObject({
      status: 409,
      body: { error: { code: 'name_taken' } },
    })
    expect(await admin.post('/teams', { name: 'Ghosts', memberIds: [ghost] })).toMatchObject({
      status: 422,
      body: { error: { code: 'unknown_staff' } },
    })
    expect(await admin.patch(`/staff/${agent.id}`, { teamIds: [ghost] })).toMatchObject({
      status: 422,
      body: { error: { code: 'unknown_team' } },
    })
    const { items } = (await agent.get('/teams')).body as { items: { name: string }[] }
    expect(items.map(team => team.name)).not.toContain('Ghosts')
  })
})

async function companyOfOneAdmin() {
  const fresh = await startTestApp()
  const only = await fresh.as('admin')
  const { items } = (await only.get('/roles')).body as { items: { id: string; code: string }[] }
  return { fresh, only, agentRole: items.find(role => role.code === 'agent')!.id }
}

async function clerkOf(permissions: string[], storeIds: string[] | null = null) {
  const { id } = (await admin.post('/roles', { name: 'Clerk', permissions })).body as { id: string }
  const clerk = await app.as('agent', { storeIds })
  await admin.patch(`/staff/${clerk.id}`, { roleId: id })
  return { ...clerk, roleId: id }
}

async function roleId(code: string) {
  const { items } = (await admin.get('/roles')).body as { items: { id: string; code: string }[] }
  return items.find(role => role.code === code)!.id
}

async function colleague(id: string) {
  const { items } = (await admin.get('/staff')).body as { items: { id: string }[] }
  return items.find(person => person.id === id)
}

async function permissions(person: Awaited<ReturnType<typeof app.as>>) {
  return ((await person.get('/session')).body as { permissions: string[] }).permissions
}

async function told(staffId: string) {
  const rows = await app.look().db.select().from(events)
  return rows.filter(row => (row.payload as { staffId?: string }).staffId === staffId).map(row => row.name)
}
