import { describe, expect, test } from 'vitest'
import { createCalendar } from '../settings/calendars.ts'
import { changeStore } from '../settings/stores.ts'
import { setText } from '../settings/texts.ts'
import { channelsModule } from './module.ts'
import { openTestPlace } from './test-place.ts'
import { chooseLocale } from './widget.ts'

const app = await openTestPlace([channelsModule])

describe('what the widget is told', () => {
  test("is the shop's name, colour, languages and how to behave", async () => {
    const shop = await openShop({ colour: '#ff0000', position: 'start', requireContactWhenClosed: true })
    expect(await config(shop, 'zh-TW')).toMatchObject({
      status: 200,
      body: {
        store: { key: shop.key, name: 'Shop', colour: '#ff0000' },
        locale: 'zh',
        dir: 'ltr',
        locales: ['en', 'zh'],
        open: true,
        opensAt: null,
        position: 'start',
        requireContactWhenClosed: true,
        enforceIdentity: false,
        uploads: { maxBytes: 10_485_760 },
      },
    })
  })

  test('refuses nothing a customer writes, unless the shop wants it so', async () => {
    expect((await config(await openShop())).body).toMatchObject({
      requireContactWhenClosed: false,
      enforceIdentity: false,
    })
  })

  test("prefers the company's texts in the visitor's language to the channel's greeting", async () => {
    const shop = await openShop({ greeting: 'Hi from the channel' })
    expect((await config(shop)).body.texts).toMatchObject({ 'chat.greeting': 'Hi from the channel' })
    await app.act(ctx => setText(ctx, 'chat.greeting', { storeId: shop.id, locale: 'zh', text: '您好' }))
    expect((await config(shop, 'zh')).body.texts).toMatchObject({ 'chat.greeting': '您好' })
    expect((await config(shop, 'en')).body.texts).toMatchObject({ 'chat.greeting': 'Hi from the channel' })
  })

  test('says when a closed shop opens', async () => {
    const shop = await openShop()
    const weekly = { 1: [{ from: '18:00', to: '20:00' }] }
    const calendar = await app.act(ctx =>
      createCalendar(ctx, { name: 'Evenings', zone: 'Asia/Shanghai', weekly, closed: [], special: [] }),
    )
    await app.act(ctx => changeStore(ctx, shop.id, { calendarId: calendar.id }))
    expect((await config(shop)).body).toMatchObject({ open: false, opensAt: '2026-01-05T10:00:00.000Z' })
  })

  test('of a shop nobody knows, or without a chat, is that it is not there', async () => {
    const bare = await app.makeStore()
    expect(await app.send({ method: 'GET', url: '/widget/config?store=nowhere' })).toMatchObject({
      status: 404,
    })
    expect(await app.send({ method: 'GET', url: `/widget/config?store=${bare.key}` })).toMatchObject({
      status: 404,
    })
    expect(await app.send({ method: 'GET', url: '/widget/config' })).toMatchObject({ status: 422 })
  })

  test('is whether somebody who works for this shop is online', async () => {
    const shop = await openShop()
    const online = async () => (await config(shop)).body.agentsOnline
    const { rows } = await app.place.pool.query(
      `insert into roles (id, name, permissions) values (gen_random_uuid(), 'r', '{}') returning id`,
    )
    const hire = async (storeIds: string[] | null, availability: string) => {
      const id = crypto.randomUUID()
      await app.place.pool.query(`insert into auth_users (id, name, email) values ($1, 'A', $2)`, [
        id,
        `${id}@test.example`,
      ])
      await app.place.pool.query(
        `insert into staff (id, name, email, role_id, store_ids, availability) values ($1, 'A', $2, $3, $4, $5)`,
        [id, `${id}@test.example`, rows[0].id, storeIds, availability],
      )
      return id
    }
    await hire([crypto.randomUUID()], 'online')
    await hire(null, 'busy')
    expect(await online()).toBe(false)
    const agent = await hire([shop.id], 'online')
    expect(await online()).toBe(true)
    await app.place.pool.query('update staff set deactivated_at = now() where id = $1', [agent])
    expect(await online()).toBe(false)
  })
})

test.each([
  ['the very one', 'pt-BR', ['en', 'pt-PT', 'pt-BR'], 'pt-BR'],
  ['its language elsewhere', 'pt-AO', ['en', 'pt-BR'], 'pt-BR'],
  ['in any case of letters', 'ZH-hans', ['en', 'zh-Hans'], 'zh-Hans'],
  ["the shop's own for one it does not speak", 'fr', ['de', 'en'], 'de'],
  ["the shop's own where none was asked for", undefined, ['ar', 'en'], 'ar'],
  ['no other language that begins alike', 'fil', ['en', 'fi'], 'en'],
])('the language chosen is %s', (_what, wanted, languages, chosen) => {
  expect(chooseLocale(wanted, languages)).toBe(chosen)
})

test('Arabic is written from right to left', async () => {
  const store = await app.makeStore({ languages: ['ar-EG'] })
  await app.makeChannel('web_chat', {}, store.id)
  expect((await config(store)).body).toMatchObject({ locale: 'ar-EG', dir: 'rtl' })
})

async function openShop(settings: object = {}) {
  const store = await app.makeStore()
  await app.makeChannel('web_chat', settings, store.id)
  return store
}

const config = ({ key }: { key: string }, locale?: string) =>
  app.send({ method: 'GET', url: `/widget/config?store=${key}${locale ? `&locale=${locale}` : ''}` })
