import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'
import { createCompany } from './company.ts'
import { textsFor } from './texts.ts'

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: '远行', zone: 'Asia/Shanghai', locale: 'zh' }))
const admin = await app.as('admin')
const agent = await app.as('agent')

const shop = { name: 'Bambu', languages: ['de', 'en'], zone: 'Europe/Berlin', currency: 'EUR', country: 'DE' }
const create = async (fields: object = {}) =>
  (await admin.post('/stores', { ...shop, ...fields })).body as { id: string; key: string }

const audited = async (object: string) =>
  (
    await app.place.pool.query('select action, fields from audit_entries where object = $1 order by id', [
      object,
    ])
  ).rows

describe('the company', () => {
  test('is changed in the fields given, and that is noted', async () => {
    expect(await admin.patch('/company', { name: '远行家居' })).toMatchObject({
      status: 200,
      body: { name: '远行家居', zone: 'Asia/Shanghai', locale: 'zh' },
    })
    expect(await audited('company')).toEqual([
      { action: 'company.created', fields: [] },
      { action: 'company.changed', fields: ['name'] },
    ])
  })

  test('is the same after a change of nothing, and nothing is noted', async () => {
    const before = await audited('company')
    expect(await admin.patch('/company', {})).toMatchObject({ status: 200, body: { zone: 'Asia/Shanghai' } })
    expect(await audited('company')).toEqual(before)
  })

  test('is read by all who are signed in and changed by few', async () => {
    expect((await agent.get('/company')).status).toBe(200)
    expect((await app.get('/company')).status).toBe(401)
    expect((await agent.patch('/company', { name: 'Mine' })).status).toBe(403)
  })
})

describe('a store', () => {
  test('gets a key of its own, a brand and a colour, and is noted', async () => {
    const store = await create()
    expect(store).toMatchObject({
      ...shop,
      brand: 'Bambu',
      colour: '#0E6E6E',
      calendarId: null,
      archivedAt: null,
    })
    expect(store.key).toMatch(/^[0-9a-f]{12}$/)
    expect((await create()).key).not.toBe(store.key)
    expect(await audited(`store:${store.id}`)).toEqual([{ action: 'store.created', fields: [] }])
  })

  test.each([
    [{ zone: 'Mars/Olympus' }, 'body.zone'],
    [{ zone: '+08:00' }, 'body.zone'],
    [{ currency: 'EURO' }, 'body.currency'],
    [{ country: 'de' }, 'body.country'],
    [{ languages: [] }, 'body.languages'],
    [{ languages: ['de', 'no such tag'] }, 'body.languages.1'],
    [{ colour: 'red' }, 'body.colour'],
    [{ name: '  ' }, 'body.name'],
  ])('with %j is refused at its place', async (fields, path) => {
    expect(await admin.post('/stores', { ...shop, ...fields })).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request', details: [{ path }] } },
    })
  })

  test('changes in the fields given only', async () => {
    const { id, key } = await create()
    const change = { name: 'Bambu & Co', languages: ['ja'] }
    expect((await admin.patch(`/stores/${id}`, change)).body).toMatchObject({
      ...shop,
      ...change,
      key,
      brand: 'Bambu',
    })
    expect(await audited(`store:${id}`)).toContainEqual({
      action: 'store.changed',
      fields: ['name', 'languages'],
    })
  })

  test('is not touched by a change of nothing', async () => {
    const { id } = await create()
    expect(await admin.patch(`/stores/${id}`, {})).toMatchObject({ status: 200, body: shop })
    expect(await audited(`store:${id}`)).toHaveLength(1)
  })

  test('whose brand is taken away goes by its name', async () => {
    const { id } = await create({ brand: 'Panda' })
    expect((await admin.patch(`/stores/${id}`, { brand: '' })).body).toMatchObject({ brand: 'Bambu' })
    expect((await admin.patch(`/stores/${id}`, { brand: '', name: 'Lin' })).body).toMatchObject({
      brand: 'Lin',
    })
  })

  test('that is archived is no longer found by its key, keeps the day and can come back', async () => {
    const { id, key } = await makeStore(app)
    expect((await app.get(`/widget/config?store=${key}`)).status).toBe(200)
    const archivedAt = app.clock.now.toISOString()
    await admin.patch(`/stores/${id}`, { isArchived: true })
    app.clock.advance(60)
    expect((await admin.patch(`/stores/${id}`, { isArchived: true })).body).toMatchObject({ archivedAt })
    expect((await app.get(`/widget/config?store=${key}`)).status).toBe(404)
    await admin.patch(`/stores/${id}`, { isArchived: false })
    expect((await app.get(`/widget/config?store=${key}`)).status).toBe(200)
  })

  test('with a calendar that does not exist is refused', async () => {
    const { id } = await create()
    const calendarId = crypto.randomUUID()
    const refusal = { status: 422, body: { error: { code: 'calendar_not_found' } } }
    expect(await admin.post('/stores', { ...shop, calendarId })).toMatchObject(refusal)
    expect(await admin.patch(`/stores/${id}`, { calendarId })).toMatchObject(refusal)
  })

  test('is created and changed only by those who may', async () => {
    const { id } = await create()
    expect((await agent.post('/stores', shop)).status).toBe(403)
    expect((await agent.patch(`/stores/${id}`, { name: 'Mine' })).status).toBe(403)
    expect((await app.get('/stores')).status).toBe(401)
  })
})

describe('somebody who sees one store', () => {
  test('finds no other, neither in the list nor by its id', async () => {
    const [mine, other] = [await create(), await create()]
    const limited = await app.as('admin', { storeIds: [mine.id] })
    expect((await limited.get('/stores')).body).toMatchObject({ items: [{ id: mine.id }] })
    expect((await limited.get(`/stores/${mine.id}`)).status).toBe(200)
    for (const answer of [
      await limited.get(`/stores/${other.id}`),
      await limited.patch(`/stores/${other.id}`, {}),
    ])
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'store_not_found' } } })
  })

  test('sees the wordings of his store and of the company, and sets those of his store only', async () => {
    const [mine, other] = [await create(), await create()]
    const limited = await app.as('admin', { storeIds: [mine.id] })
    const word = (storeId: string | null, text: string) => ({ storeId, locale: 'de', text })
    for (const storeId of [mine.id, other.id, null])
      await admin.put('/texts/chat.waiting', word(storeId, 'Moment'))

    const { items } = (await limited.get('/texts')).body as { items: { storeId: string | null }[] }
    expect(new Set(items.map(({ storeId }) => storeId))).toEqual(new Set([mine.id, null]))
    expect((await limited.get(`/texts?storeId=${other.id}`)).status).toBe(404)
    expect((await limited.put('/texts/chat.waiting', word(other.id, 'x'))).status).toBe(404)
    expect((await limited.put('/texts/chat.waiting', word(mine.id, 'x'))).status).toBe(200)
    expect(await limited.put('/texts/chat.waiting', word(null, 'x'))).toMatchObject({
      status: 403,
      body: { error: { code: 'beyond_your_stores' } },
    })
  })

  test('changes nothing that holds for all', async () => {
    const limited = await app.as('admin', { storeIds: [(await create()).id] })
    const refusal = { status: 403, body: { error: { code: 'beyond_your_stores' } } }
    expect(await limited.patch('/company', { name: 'Mine' })).toMatchObject(refusal)
    expect(await limited.post('/stores', shop)).toMatchObject(refusal)
  })
})

describe('a wording', () => {
  const key = 'chat.greeting'
  const put = (body: object) => admin.put(`/texts/${key}`, body)
  const shown = (storeId: string, locale: string) => app.act(ctx => textsFor(ctx, storeId, locale))

  test('comes from the nearest that exists: locale, language, the store’s, the company’s', async () => {
    const { id: storeId } = await create({ languages: ['pt-BR', 'en'] })
    const steps = [
      { storeId: null, locale: 'zh', text: 'company' },
      { storeId: null, locale: 'pt', text: 'store’s language, for all' },
      { storeId, locale: 'pt', text: 'store’s language' },
      { storeId, locale: 'pt-BR', text: 'store’s first locale' },
      { storeId: null, locale: 'sr', text: 'language, for all' },
      { storeId, locale: 'sr', text: 'language' },
      { storeId, locale: 'sr-Latn', text: 'language and script' },
      { storeId: null, locale: 'sr-Latn-RS', text: 'locale, for all' },
      { storeId, locale: 'sr-Latn-RS', text: 'locale' },
    ]
    expect(await shown(storeId, 'sr-Latn-RS')).not.toHaveProperty([key])
    for (const step of steps) {
      await put(step)
      expect(await shown(storeId, 'sr-latn-rs')).toMatchObject({ [key]: step.text })
    }
    for (const step of steps) await put({ ...step, text: '' })
  })

  test('of one store or language is not shown to another', async () => {
    const [one, other] = [await create({ languages: ['fr'] }), await create({ languages: ['fr'] })]
    await put({ storeId: one.id, locale: 'fr', text: 'Bonjour' })
    await put({ storeId: other.id, locale: 'ja', text: 'やあ' })
    expect(await shown(other.id, 'fr')).not.toHaveProperty([key])
    expect(await shown(one.id, 'ko')).toMatchObject({ [key]: 'Bonjour' })
  })

  test('is one however its locale is written, and goes when emptied', async () => {
    const { id: storeId } = await create()
    await put({ storeId, locale: 'ZH-hans-cn', text: '你好' })
    expect((await put({ storeId, locale: 'zh-Hans-CN', text: '您好' })).body).toEqual({
      storeId,
      key,
      locale: 'zh-Hans-CN',
      text: '您好',
    })
    const listed = async () => (await admin.get(`/texts?storeId=${storeId}`)).body
    expect(await listed()).toEqual({ items: [{ storeId, key, locale: 'zh-Hans-CN', text: '您好' }] })
    await put({ storeId, locale: 'zh-Hans-CN', text: ' \n ' })
    expect(await listed()).toEqual({ items: [] })
  })

  test('set by two at the same moment is that of one of them', async () => {
    for (const storeId of [(await create()).id, null]) {
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd'].map(text => put({ storeId, locale: 'it', text })),
      )
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    }
  })

  test('that we do not show anywhere is refused', async () => {
    expect((await admin.put('/texts/chat.nonsense', { locale: 'en', text: 'x' })).status).toBe(422)
    expect((await put({ locale: 'no such tag', text: 'x' })).status).toBe(422)
  })

  test('is set by those who may, and noted', async () => {
    expect((await agent.put(`/texts/${key}`, { locale: 'en', text: 'x' })).status).toBe(403)
    await put({ locale: 'pt-br', text: 'Olá' })
    expect(await audited(`text:${key}`)).toContainEqual({ action: 'text.set', fields: ['pt-BR'] })
  })
})
