import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { createCompany } from './company.ts'

const setup = (n: number) => ({
  company: { name: `远行 ${n}`, zone: 'Asia/Shanghai', locale: 'zh' },
  store: {
    name: `Shop ${n}`,
    languages: ['zh', 'en'],
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    country: 'CN',
  },
  admin: { name: 'Lin', email: `Lin-${n}@test.example`, password: 'correct horse battery' },
})

const count = async (app: Awaited<ReturnType<typeof startTestApp>>, table: string) =>
  (await app.place.pool.query(`select count(*)::int as n from ${table}`)).rows[0].n

describe('the first run', () => {
  const house = startTestApp()

  test('that is impossible leaves nothing behind', async () => {
    const app = await house
    const { status, body } = await app.post('/setup', {
      ...setup(0),
      store: { ...setup(0).store, zone: '+08:00', currency: 'XXY' },
    })
    expect([status, body]).toMatchObject([
      422,
      {
        error: {
          code: 'invalid_request',
          details: [{ path: 'body.store.zone' }, { path: 'body.store.currency' }],
        },
      },
    ])
    expect((await app.get('/setup')).body).toEqual({ needed: true })
    expect(await count(app, 'staff')).toBe(0)
  })

  test('of two at once makes one company, one store and one admin', async () => {
    const app = await house
    const answers = await Promise.all([1, 2, 3].map(n => app.post('/setup', setup(n))))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({
      error: { code: 'already_set_up' },
    })
    expect([await count(app, 'company'), await count(app, 'stores'), await count(app, 'staff')]).toEqual([
      1, 1, 1,
    ])
    expect((await app.get('/setup')).body).toEqual({ needed: false })
  })

  test('is refused for good afterwards', async () => {
    const app = await house
    expect(await app.post('/setup', setup(4))).toMatchObject({
      status: 409,
      body: { error: { code: 'already_set_up' } },
    })
    expect(await count(app, 'staff')).toBe(1)
  })

  test('ends with an admin who can sign in, reads the company’s language and sees its store', async () => {
    const app = await house
    const { rows } = await app.place.pool.query('select email from staff')
    const { status, headers } = await app.post('/session', {
      email: rows[0].email,
      password: 'correct horse battery',
    })
    expect(status).toBe(200)
    const cookie = String(headers['set-cookie']).split(';')[0]!
    const admin = app.with({ cookie, origin: 'http://localhost:8400' })
    expect((await admin.get('/session')).body).toMatchObject({
      locale: 'zh',
      permissions: ['*'],
      storeIds: null,
    })
    expect((await admin.get('/stores')).body).toMatchObject({
      items: [{ languages: ['zh', 'en'], archivedAt: null }],
    })
    expect((await admin.get('/company')).body).toMatchObject({ zone: 'Asia/Shanghai', isSample: false })
  })
})

test('two companies made at once, by whatever way, are one', async () => {
  const app = await startTestApp()
  const made = await Promise.allSettled(
    ['A', 'B'].map(name => app.act(ctx => createCompany(ctx, { name, zone: 'UTC', locale: 'en' }))),
  )
  expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(made.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'already_set_up' },
  })
  expect(await count(app, 'company')).toBe(1)
})
