import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { hashToken } from '../../platform/secrets.ts'
import { mergeCustomers } from '../customers/merging.ts'
import { channelsModule } from './module.ts'
import { openTestPlace } from './test-place.ts'
import { leaveContact, visitorActor } from './visitors.ts'
import { visitorSessionRoute } from './widget-session.ts'

const session = visitorSessionRoute(z.string(), async ctx => ctx.actor.bound!.identityId!)
const app = await openTestPlace([channelsModule, { name: 'below', rawRoutes: [session] }])
const day = 86_400

describe('a stranger', () => {
  test('gets a token of his own, of which only the hash is kept', async () => {
    const shop = await openShop()
    const { token, verified } = await enter(shop)
    expect(token).toMatch(/^afv_[\w-]{43}$/)
    expect(verified).toBe(false)
    const { rows } = await app.place.pool.query('select * from visitors where channel_id = $1', [
      shop.channel.id,
    ])
    expect(rows).toMatchObject([{ token_hash: hashToken(token), verified: false, locale: 'de-AT' }])
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('goes on as himself with his token, in two tabs as well', async () => {
    const shop = await openShop()
    const first = await enter(shop)
    const [one, other] = await Promise.all([
      enter(shop, { token: first.token }),
      enter(shop, { token: first.token }),
    ])
    expect([one, other]).toEqual([first, first])
  })

  test('with a token of another shop, or one nobody gave out, is a new one', async () => {
    const [shop, elsewhere] = [await openShop(), await openShop()]
    const there = await enter(elsewhere)
    const here = await enter(shop, { token: there.token })
    const again = await enter(shop, { token: 'afv_made-up' })
    expect(new Set([there, here, again].map(one => one.conversation)).size).toBe(3)
    expect(await visitorActor(app.place, there.token)).not.toBeNull()
  })

  test('is forgotten thirty days after he was last seen', async () => {
    const shop = await openShop()
    const { token } = await enter(shop)
    app.advance(29 * day)
    expect(await visitorActor(app.place, token)).not.toBeNull()
    app.advance(29 * day)
    expect(await visitorActor(app.place, token)).not.toBeNull()
    app.advance(30 * day)
    expect(await visitorActor(app.place, token)).toBeNull()
    expect((await enter(shop, { token })).token).not.toBe(token)
  })

  test('stays outside where the shop wants to know its visitors', async () => {
    const shop = await openShop({ enforceIdentity: true })
    expect(await tryEnter(shop)).toMatchObject({
      status: 403,
      body: { error: { code: 'identity_required' } },
    })
    expect(await visitorsOf(shop)).toBe(0)
    expect(await enter(shop, { identity: signed(shop, 'u-1') })).toMatchObject({ verified: true })
  })
})

describe('a visitor the shop vouches for', () => {
  test('is the same customer from every browser, and on every page', async () => {
    const shop = await openShop()
    const laptop = await enter(shop, { identity: signed(shop, 'u-1') })
    const phone = await enter(shop, { identity: signed(shop, 'u-1') })
    expect(phone.token).not.toBe(laptop.token)
    expect(phone.conversation).toBe(laptop.conversation)
    expect(await enter(shop, { identity: signed(shop, 'u-1'), token: phone.token })).toEqual(phone)
    expect(await enter(shop, { token: phone.token })).toEqual(phone)
  })

  test('never becomes one with the stranger he was, whose token dies', async () => {
    const shop = await openShop()
    const stranger = await enter(shop)
    const known = await enter(shop, { token: stranger.token, identity: signed(shop, 'u-1') })
    expect(known.conversation).not.toBe(stranger.conversation)
    expect(await customerOf(known.token)).not.toBe(
      await app.place.pool
        .query('select customer_id from identities where id = $1', [stranger.conversation])
        .then(({ rows }) => rows[0].customer_id),
    )
    expect(await visitorActor(app.place, stranger.token)).toBeNull()
  })

  test('who signs in as another leaves the first behind', async () => {
    const shop = await openShop()
    const ana = await enter(shop, { identity: signed(shop, 'ana') })
    const bob = await enter(shop, { token: ana.token, identity: signed(shop, 'bob') })
    expect(bob.conversation).not.toBe(ana.conversation)
    expect(await visitorActor(app.place, ana.token)).toBeNull()
  })

  test('is another person in another shop, whatever he is called there', async () => {
    const [shop, elsewhere] = [await openShop(), await openShop()]
    const here = await enter(shop, { identity: signed(shop, 'u-1') })
    const there = await enter(elsewhere, { identity: signed(elsewhere, 'u-1') })
    expect(await customerOf(here.token)).not.toBe(await customerOf(there.token))
  })

  test('is turned away when the signature is not right, and nothing happens to his session', async () => {
    const [shop, elsewhere] = [await openShop(), await openShop()]
    const { token } = await enter(shop)
    const forgeries = [
      { ...signed(shop, 'ana'), userId: 'bob' },
      { ...signed(shop, 'ana'), signature: '' },
      signed(elsewhere, 'ana'),
      { ...signed(shop, 'ana'), expiresAt: 2_000_000_000 },
      { jwt: 'a.b.c' },
    ]
    for (const identity of forgeries)
      expect(await tryEnter(shop, { token, identity })).toMatchObject({
        status: 401,
        body: { error: { code: 'identity_invalid' } },
      })
    expect(await visitorActor(app.place, token)).not.toBeNull()
    expect(await visitorsOf(shop)).toBe(1)
  })

  test('reaches nobody by the address, number or name he gives', async () => {
    const shop = await openShop()
    const mail = `ana-${shop.store.key}@test.example`
    const ana = await enter(shop, { identity: { ...signed(shop, 'ana'), name: 'Ana', email: mail } })
    const eve = await enter(shop, { identity: { ...signed(shop, 'eve'), name: 'Eve', email: mail } })
    const stranger = await enter(shop)
    const actor = (await visitorActor(app.place, stranger.token))!
    await app.act(ctx =>
      leaveContact({ ...ctx, actor }, { name: 'Ana', email: mail, phone: '+86 138 0013 8000' }),
    )
    const customers = await Promise.all([ana, eve, stranger].map(one => customerOf(one.token)))
    expect(new Set(customers).size).toBe(3)
    const { rows } = await app.place.pool.query(
      'select name from customers where id = any($1) order by name',
      [customers],
    )
    expect(rows).toEqual([{ name: 'Ana' }, { name: 'Ana' }, { name: 'Eve' }])
  })

  test('follows his customer through a merge', async () => {
    const shop = await openShop()
    const [ana, bob] = [
      await enter(shop, { identity: signed(shop, 'ana') }),
      await enter(shop, { identity: signed(shop, 'bob') }),
    ]
    const [from, into] = [await customerOf(ana.token), await customerOf(bob.token)]
    await app.act(ctx => mergeCustomers(ctx, from!, into!))
    expect(await customerOf(ana.token)).toBe(into)
  })
})

describe('a token', () => {
  test('dies when the visitor ends his session, and says so', async () => {
    const shop = await openShop()
    const { token } = await enter(shop)
    const withToken = () =>
      app.send({ method: 'DELETE', url: '/widget/session', headers: { authorization: `Bearer ${token}` } })
    expect((await withToken()).status).toBe(204)
    expect(await withToken()).toMatchObject({
      status: 401,
      body: { error: { code: 'visitor_session_over' } },
    })
    expect(await app.send({ method: 'DELETE', url: '/widget/session' })).toMatchObject({ status: 401 })
  })

  test('is no good while its chat is switched off, and opens nothing of the console', async () => {
    const shop = await openShop()
    const { token } = await enter(shop)
    const headers = { authorization: `Bearer ${token}` }
    expect(await app.send({ method: 'GET', url: '/channels', headers })).toMatchObject({ status: 403 })
    await app.as(['channels:manage'])('PATCH', `/channels/${shop.channel.id}`, { active: false })
    expect(await visitorActor(app.place, token)).toBeNull()
    expect(await tryEnter(shop)).toMatchObject({
      status: 404,
      body: { error: { code: 'channel_not_found' } },
    })
  })
})

test.each([
  ['a shop nobody knows', { store: 'nowhere' }, 404],
  ['no language', { locale: undefined }, 422],
  ['no language tag', { locale: 'x; drop' }, 422],
  ['a field nobody asked for', { verified: true }, 422],
  ['a page that is none', { page: 'x' }, 422],
  ['half an identity', { identity: { userId: 'ana' } }, 422],
  ['both kinds of identity', { identity: { userId: 'a', expiresAt: 1, signature: 'x', jwt: 'x' } }, 422],
])('beginning with %s is refused', async (_what, fields, status) => {
  const shop = await openShop()
  expect(await tryEnter(shop, fields)).toMatchObject({ status })
  expect(await visitorsOf(shop)).toBe(0)
})

test('text that no database takes is mended', async () => {
  const shop = await openShop()
  await enter(shop, { page: { url: 'https://shop.example/\u0000', title: 'half \ud83d' } })
  const { rows } = await app.place.pool.query('select page from visitors where channel_id = $1', [
    shop.channel.id,
  ])
  expect(rows[0].page).toEqual({ url: 'https://shop.example/', title: 'half \ufffd' })
})

type Shop = Awaited<ReturnType<typeof openShop>>

async function openShop(settings: object = {}) {
  const store = await app.makeStore()
  return { store, channel: await app.makeChannel('web_chat', settings, store.id) }
}

const tryEnter = ({ store }: Shop, fields: object = {}) =>
  app.send({
    method: 'POST',
    url: '/widget/session',
    payload: { store: store.key, locale: 'de-AT', ...fields },
  })

async function enter(
  shop: Shop,
  fields: object = {},
): Promise<{ token: string; verified: boolean; conversation: string }> {
  const answer = await tryEnter(shop, fields)
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

function signed({ store, channel }: Shop, userId: string) {
  const expiresAt = Math.floor(app.place.clock.now().getTime() / 1_000) + 3_600
  const signature = createHmac('sha256', channel.secret)
    .update(`${userId}.${store.key}.${expiresAt}`)
    .digest('hex')
  return { userId, expiresAt, signature }
}

const customerOf = async (token: string) => (await visitorActor(app.place, token))?.id

async function visitorsOf({ channel }: Shop): Promise<number> {
  const { rows } = await app.place.pool.query(
    'select count(*)::int as count from visitors where channel_id = $1',
    [channel.id],
  )
  return rows[0].count
}
