import { describe, expect, test } from 'vitest'
import { startTestApp } from './app.ts'
import { fieldsOf } from './hostile.ts'
import { addressOf, bodyOf, type Document, operationsOf } from './requests.ts'
import { fingerprint, makeWorld } from './world.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const world = await makeWorld(app, admin)
const document = (await app.get('/openapi.json')).body as unknown as Document
const marker = 'a marker nobody may write'

/** Columns of the tables and what attackers try; a route's own fields are left out for that route. */
const surplus: Record<string, unknown> = {
  ...{ id: world.ids.customers, createdAt: marker, updatedAt: marker, deletedAt: null, version: 99 },
  ...{
    storeId: world.store.id,
    customerId: world.caseyId,
    conversationId: world.conversationId,
    originalCustomerId: world.caseyId,
  },
  ...{ actorId: marker, authorId: marker, ownerId: admin.id, createdBy: marker, by: marker, at: marker },
  ...{
    role: 'admin',
    roleId: world.roleId,
    roleCode: 'admin',
    permissions: ['*'],
    isBuiltIn: true,
    isAdmin: true,
    is_admin: true,
  },
  ...{
    hash: marker,
    passwordHash: marker,
    tokenHash: marker,
    secretSealed: marker,
    key: marker,
    deactivatedAt: null,
    twoFactor: false,
  },
  ...{
    seq: 1,
    lastSeq: 0,
    state: 'done',
    mergedIntoId: null,
    verifiedBy: marker,
    isVerified: true,
    isSample: true,
    expiresAt: marker,
  },
}

const writes = operationsOf(document).filter(
  ({ method, accepts }) => method !== 'GET' && accepts === 'application/json',
)
const signed = '/api/channels/{id}/inbound'

describe('a column that is none of the route’s fields', () => {
  test.each(
    writes.filter(({ path }) => path !== signed),
  )('is refused by name, and nothing is written: $name', async operation => {
    const good = bodyOf(operation, document, world) as Record<string, unknown>
    const own = new Set([...fieldsOf(operation.body, document), ...Object.keys(good ?? {})])
    const foreign = Object.entries(surplus).filter(
      ([key]) => !own.has(key) && !allowed[operation.path]?.includes(key),
    )
    const before = await fingerprint(app)
    const response = await app.http.inject({
      method: operation.method,
      url: addressOf(operation, world),
      headers: {
        ...(operation.permission === 'visitor'
          ? world.visitor.headers
          : operation.permission === 'public'
            ? {}
            : admin.headers),
        'content-type': 'application/json',
      },
      payload: JSON.stringify({ ...good, ...Object.fromEntries(foreign) }),
    })
    expect(response.statusCode, response.body).toBe(422)
    for (const [key] of foreign) expect(response.body).toContain(`\\"${key}\\"`)
    expect(await fingerprint(app)).toEqual(before)
  })

  test('within a page, a store or settings is refused or left out, never kept', async () => {
    const within = { [marker]: marker, isAdmin: marker }
    await world.visitor.say('Hello', { page: { url: 'https://shop.example/', ...within } })
    await app.post('/widget/session', {
      store: world.store.key,
      locale: 'en',
      page: { url: 'https://shop.example/', ...within },
    })
    await admin.patch(`/channels/${world.ids.channels}`, { settings: within })
    await admin.patch(`/calendars/${world.ids.calendars}`, {
      weekly: { 1: [{ from: '09:00', to: '10:00', ...within }] },
    })
    await admin.put(`/customers/${world.ids.customers}/merge`, { intoId: world.intoId, ...within })
    await app.settled()
    expect(await tablesThatHold(marker)).toEqual([])
  })

  test('in what a shop hands in is left out', async () => {
    const { handIn } = await import('./world.ts')
    const from = { id: 'c', name: 'C', customerId: world.caseyId, verified: marker, role: marker }
    const answer = await handIn(app, world.channel, {
      id: 'x',
      from,
      text: 'hi',
      customerId: world.caseyId,
      state: marker,
      seq: 1,
    })
    expect(answer.statusCode).toBe(202)
    await app.settled()
    // The bytes themselves are kept for their signature; nothing else is.
    expect(await tablesThatHold(marker)).toEqual([])
  })
})

/** Not part of the described shape, but of the route: its description says only that the body is JSON. */
const allowed: Record<string, string[]> = {}

async function tablesThatHold(text: string) {
  const { rows: tables } = await app.place.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await app.place.pool.query(`select 1 from "${name}" t where t::text like $1 limit 1`, [
      `%${text}%`,
    ])
    if (rows.length > 0) found.push(name)
  }
  return found
}
