import { afterEach, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'
import { handIn } from '../../../test/world.ts'
import { createChannel, rotateSecret } from '../channels/channels.ts'
import { stopClocks } from './clocks.ts'
import { createPolicy } from './policies.ts'
import { newPolicy, seconds } from './test-policies.ts'

const app = await startTestApp()
const today = app.clock.now
afterEach(() => {
  app.clock.now = today
})

async function open(marketplace: string | null, site: string | null = null) {
  const store = await makeStore(app)
  const settings = { marketplace, site } as never
  const channel = await app.act(ctx =>
    createChannel(ctx, { kind: 'api', storeId: store.id, name: 'Shop', settings }),
  )
  const { secret } = await app.act(ctx => rotateSecret(ctx, app.place.secrets, channel.id))
  let said = 0
  return {
    store,
    async say(from = 'buyer-1') {
      await handIn(app, { ...channel, secret } as never, {
        id: `m-${++said}`,
        from: { id: from },
        text: 'Hello?',
      })
      await app.settled()
      return running(channel.id)
    },
    running: () => running(channel.id),
  }
}

const running = async (
  channelId: string,
): Promise<{ code: string; kind: string; dueAt: string; id: string }[]> =>
  (
    await app.place.pool.query(
      `select code, clocks.kind, clocks.due_at, conversations.id, conversations.due_at as nearest from clocks join clock_policies p on p.id = policy_id
       join conversations on conversations.id = subject_id where channel_id = $1 and stopped_at is null order by clocks.due_at`,
      [channelId],
    )
  ).rows.map(({ code, kind, due_at, id }) => ({ code, kind, dueAt: due_at.toISOString(), id }))

const answer = async (id: string) => {
  const agent = await app.as('agent')
  const { status } = await agent.post(`/conversations/${id}/replies`, {
    clientId: crypto.randomUUID(),
    text: 'Yes?',
    attachmentIds: [],
    lastSeenSeq: 100,
  })
  expect(status).toBe(201)
}

// S21: Gorgias/Amazon guide
test('two messages of an Amazon buyer 34 minutes apart are due 24 hours after the first', async () => {
  const shop = await open('amazon', 'US')
  const [first] = await shop.say()
  expect(first).toMatchObject({
    code: 'amazon-reply',
    kind: 'first_response',
    dueAt: '2026-01-06T09:00:00.000Z',
  })
  app.clock.advance(34 * 60)
  expect(await shop.say()).toEqual([first])
  app.clock.advance(3_600)
  await answer(first!.id)
  expect(await shop.running()).toEqual([])
  app.clock.advance(60)
  const [next] = await shop.say()
  app.clock.advance(34 * 60)
  expect(await shop.say()).toEqual([next])
  expect(next).toMatchObject({ kind: 'next_response', dueAt: '2026-01-06T10:35:00.000Z' })
})

describe('the policies of a marketplace', () => {
  test.each([
    ['ebay', null, 'ebay-reply', '2026-01-06T09:00'],
    ['shopee', 'TH', 'shopee-reply', '2026-01-05T21:00'],
    ['lazada', 'SG', 'lazada-reply', '2026-01-05T09:30'],
    ['tiktok_shop', 'TH', 'tiktok-shop-sea-reply', '2026-01-05T21:00'],
    ['tiktok_shop', 'US', 'tiktok-shop-us-reply', '2026-01-06T09:00'],
    ['walmart', 'CA', 'walmart-ca-reply', '2026-01-07T09:00'],
    ['alibaba', null, 'alibaba-inquiry', '2026-01-06T09:00'],
    ['alibaba_trademanager', null, 'alibaba-trademanager', '2026-01-05T10:00'],
  ])('of %s in %s hold for what comes by its API channel', async (marketplace, site, code, dueAt) => {
    const shop = await open(marketplace, site)
    expect(await shop.say()).toMatchObject([{ code, kind: 'first_response', dueAt: `${dueAt}:00.000Z` }])
  })

  test('are not those of another site, and none where none is named', async () => {
    expect(await (await open('walmart', 'US')).say()).toEqual([])
    expect(await (await open(null)).say()).toEqual([])
  })

  test('of TikTok Shop US make weekend messages due on Monday noon, Pacific time', async () => {
    app.clock.now = new Date('2026-01-10T20:00:00Z')
    expect(await (await open('tiktok_shop', 'US')).say()).toMatchObject([
      { dueAt: '2026-01-12T20:00:00.000Z' },
    ])
  })

  test('of Etsy time the first message of a thread only, and spam ends it', async () => {
    const shop = await open('etsy')
    const [first] = await shop.say()
    expect(first).toMatchObject({ code: 'etsy-first-response', dueAt: '2026-01-06T09:00:00.000Z' })
    await answer(first!.id)
    expect(await shop.say()).toEqual([])
    const [other] = (await shop.say('buyer-2')).filter(({ id }) => id !== first!.id)
    await app.act(ctx => stopClocks(ctx, [other!.id], 'all', 'spam'))
    expect(await shop.running()).toEqual([])
  })

  test('stand behind those the store has of its own', async () => {
    const shop = await open('amazon')
    const own = newPolicy({
      ...{ code: 'own-amazon', kind: 'next_response', channel: 'amazon', calendar: 'always' },
      ...{ storeId: shop.store.id, window: seconds(600) },
    })
    await app.act(ctx => createPolicy(ctx, own))
    expect(await shop.say()).toMatchObject([{ code: 'own-amazon', dueAt: '2026-01-05T09:10:00.000Z' }])
  })

  test('are answered by people only: an automatic reply stops none', async () => {
    const shop = await open('shopee')
    const [clock] = await shop.say()
    const key = await app.as('admin')
    const { body: role } = await key.post('/roles', {
      name: `R${app.unique()}`,
      permissions: ['conversations:reply', 'conversations:read'],
    })
    const { body } = await key.post('/api-keys', {
      name: 'Robot',
      roleId: (role as { id: string }).id,
      storeIds: null,
    })
    const robot = app.with({ authorization: `Bearer ${(body as { key: string }).key}` })
    const { status } = await robot.post(`/conversations/${clock!.id}/replies`, {
      ...{ clientId: crypto.randomUUID(), text: 'We are closed.', attachmentIds: [], lastSeenSeq: 100 },
    })
    expect(status).toBe(201)
    expect(await shop.running()).toEqual([clock])
  })
})
