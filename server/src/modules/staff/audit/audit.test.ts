import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeStore } from '../../../../test/make.ts'
import { anchorAudit, sealAudit } from '../../../platform/audit.ts'
import type { AuditEntry, AuditVerification } from './schemas.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const reader = await app.as('compliance')

type Listed = { items: AuditEntry[]; next: string | null }
const list = async (query: string, who = reader) =>
  (await who.get(`/audit?${query}`)).body as unknown as Listed
const seal = () => sealAudit(app.place.pool, app.place.secrets.keysFor('audit')[0]!)

describe('the audit trail', () => {
  test('names who did what to which object, the newest first', async () => {
    const team = (await admin.post('/roles', { name: 'Night', permissions: [] })).body as { id: string }
    await admin.patch(`/roles/${team.id}`, { name: 'Late' })
    const { items } = await list(`object=role:${team.id}`)
    expect(items.map(({ action }) => action)).toEqual(['role.changed', 'role.created'])
    expect(items[0]).toMatchObject({
      actor: { kind: 'staff', id: admin.id, name: expect.stringMatching(/^admin/) },
      object: `role:${team.id}`,
      fields: ['name'],
    })
  })

  test('is filtered by person, action, kind of object and time, and read page by page', async () => {
    const other = await app.as('admin')
    app.clock.advance(3_600)
    const since = app.clock.now.toISOString()
    for (const n of [1, 2, 3]) await other.post('/roles', { name: `R${n}`, permissions: [] })
    const until = new Date(app.clock.now.getTime() + 1_000).toISOString()
    app.clock.advance(3_600)
    await other.post('/roles', { name: 'R4', permissions: [] })

    expect((await list(`actorId=${other.id}`)).items).toHaveLength(4)
    expect((await list(`actorId=${other.id}&action=role.created`)).items).toHaveLength(4)
    expect((await list(`actorId=${other.id}&action=role`)).items).toHaveLength(4)
    expect((await list(`actorId=${other.id}&action=rol`)).items).toHaveLength(0)
    expect((await list(`actorId=${other.id}&object=role`)).items).toHaveLength(4)
    expect((await list(`actorId=${other.id}&object=staff`)).items).toHaveLength(0)
    expect((await list(`actorId=${other.id}&from=${since}&to=${until}`)).items).toHaveLength(3)

    const first = await list(`actorId=${other.id}&limit=3`)
    const second = await list(`actorId=${other.id}&limit=3&cursor=${first.next}`)
    expect([first.items.length, second.items.length, second.next]).toEqual([3, 1, null])
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4)
  })

  test('tells what a key did by the name of the key', async () => {
    const { items } = (await admin.get('/roles')).body as unknown as { items: { id: string; code: string }[] }
    const roleId = items.find(({ code }) => code === 'admin')!.id
    const made = await admin.post('/api-keys', { name: 'Robot', roleId })
    const { id, key } = made.body as { id: string; key: string }
    await app.with({ authorization: `Bearer ${key}` }).post('/roles', { name: 'By robot', permissions: [] })
    const listed = await list(`actorId=${id}`)
    expect(listed.items[0]).toMatchObject({ actor: { kind: 'api_key', name: 'Robot' } })
  })

  test('is the whole company’s: who sees only some of it does not read it', async () => {
    const store = await makeStore(app)
    const some = await app.as('compliance', { storeIds: [store.id] })
    for (const url of ['/audit', '/audit/verification'])
      expect(await some.get(url)).toMatchObject({
        status: 403,
        body: { error: { code: 'beyond_your_stores' } },
      })
    expect((await some.post('/audit/verification')).status).toBe(403)
  })
})

describe('verifying it', () => {
  const last = async () =>
    (await reader.get('/audit/verification')).body as unknown as AuditVerification | null
  async function verify(): Promise<AuditVerification> {
    expect(await reader.post('/audit/verification')).toMatchObject({
      status: 202,
      body: { state: 'running' },
    })
    await expect.poll(async () => (await last())?.state, { timeout: 8_000 }).not.toBe('running')
    return (await last())!
  }

  test('says that the chain holds, up to what was noted a moment ago, and is itself on record', async () => {
    await seal()
    await anchorAudit(app.place.pool, app.dataDir)
    const verdict = await verify()
    expect(verdict).toMatchObject({ state: 'holds', fault: null, entry: null })
    expect(verdict.askedBy).toMatch(/^compliance/)
    expect(verdict.entries).toBeGreaterThan(verdict.anchorN!)
    expect(verdict.anchorN).toBeGreaterThan(5)
    const { items } = await list('action=audit')
    expect(items.map(({ action }) => action)).toEqual(['audit.verified', 'audit.verification_asked'])
  })

  test('names the entry that somebody changed past the trigger', async () => {
    await seal()
    const { rows } = await app.place.pool.query<{ n: number }>(
      `select n from audit_entries where action = 'role.changed' and n is not null limit 1`,
    )
    await pastTheTrigger(`update audit_entries set fields = '{permissions}' where n = ${rows[0]!.n}`)
    const verdict = await verify()
    expect(verdict).toMatchObject({
      ...{ state: 'faulty', fault: 'changed', faultN: rows[0]!.n, entries: rows[0]!.n - 1 },
      entry: { n: rows[0]!.n, action: 'role.changed', fields: ['permissions'] },
    })
    expect((await list('action=audit.found_faulty')).items[0]!.fields).toEqual([
      'changed',
      `entry:${rows[0]!.n}`,
    ])
    await pastTheTrigger(`update audit_entries set fields = '{name}' where n = ${rows[0]!.n}`)
    expect(await verify()).toMatchObject({ state: 'holds' })
  })

  test('notices by the anchor alone that the end was cut off', async () => {
    await seal()
    await anchorAudit(app.place.pool, app.dataDir)
    const { n } = app.place.auditAnchor()!
    await pastTheTrigger(`delete from audit_entries where n is null or n >= ${n - 1}`)
    await reader.post('/audit/verification')
    await expect.poll(async () => (await last())?.state, { timeout: 8_000 }).toBe('faulty')
    expect((await last())!.fault).toMatch(/^(truncated|rewritten)$/)
  })
})

/** As the owner of the table can, and whoever has his rights. */
const pastTheTrigger = (statement: string) =>
  app.place.pool.query(
    `begin; alter table audit_entries disable trigger user; ${statement}; alter table audit_entries enable trigger user; commit`,
  )
