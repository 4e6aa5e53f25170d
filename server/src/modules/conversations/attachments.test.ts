import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { handIn, upload } from '../../../test/world.ts'
import { createApiKey } from '../staff/api-keys.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const shop = await openShop()

describe('a message that a shop hands in', () => {
  test('carries the files its key uploaded, in the order named, and a colleague may have them', async () => {
    const [one, two] = [await file(shop.key, 'one.txt'), await file(shop.key, 'two.txt')]
    const talk = await say(shop, { text: 'Look at this', attachments: [two, one] })
    expect(talk.said).toMatchObject([
      { text: 'Look at this', attachments: [{ name: 'two.txt' }, { name: 'one.txt', size: 7 }] },
    ])
    expect(await shop.agent.get(`/files/${one}`)).toMatchObject({ status: 200, body: 'one.txt' })
    const stranger = await app.as('agent', { storeIds: [] })
    expect(await stranger.get(`/files/${one}`)).toMatchObject({ status: 404 })
  })

  test('may be a file and no word', async () => {
    const talk = await say(shop, { attachments: [(await file(shop.key)).toUpperCase()] })
    expect(talk.said).toMatchObject([{ text: '', attachments: [{ name: 'note.txt' }] }])
  })

  test('is heard without a file that is a visitor’s, a colleague’s, or nobody’s', async () => {
    const visitor = await makeVisitor(app, shop.store)
    const mine = await file(shop.key)
    for (const foreign of [
      (await upload(app, '/widget/files', visitor.headers)).json<{ id: string }>().id,
      (await upload(app, '/files', admin.headers)).json<{ id: string }>().id,
      '018f0000-0000-7000-8000-000000000000',
    ]) {
      const talk = await say(shop, { text: 'See there', attachments: [foreign, mine] })
      expect(talk.said).toMatchObject([{ text: 'See there' }])
      expect(talk.said[0]!.attachments.map(({ id }) => id)).not.toContain(foreign)
      expect(await shop.agent.get(`/files/${foreign}`)).toMatchObject({ status: 404 })
    }
  })

  test('carries nothing of a key that does not see its store', async () => {
    const elsewhere = await openShop()
    const talk = await say(shop, { text: 'Mine?', attachments: [await file(elsewhere.key)] })
    expect(talk.said).toMatchObject([{ text: 'Mine?', attachments: [] }])
  })

  test('does not take a file out of another customer’s conversation, or share it with one', async () => {
    const id = await file(shop.key, 'passport.txt')
    const owner = `owner-${app.unique()}`
    await say(shop, { text: 'My passport', attachments: [id] }, owner)
    expect((await say(shop, { text: 'His passport', attachments: [id] })).said[0]!.attachments).toEqual([])
    expect((await say(shop, { text: 'Again', attachments: [id] }, owner)).said[1]).toMatchObject({
      attachments: [{ name: 'passport.txt' }],
    })

    const racing = await file(shop.key)
    const talks = await Promise.all(
      Array.from({ length: 8 }, () => say(shop, { text: 'Mine', attachments: [racing] })),
    )
    expect(talks.flatMap(({ said }) => said[0]!.attachments)).toHaveLength(1)
  })

  test('is set aside with the reason when nothing is left of it', async () => {
    const nothing = await handInAt(shop, { attachments: ['018f0000-0000-7000-8000-000000000001'] })
    expect(await ledgerOf(nothing)).toMatchObject({ state: 'ignored', reason: 'attachment_not_found' })
    const after = await handInAt(shop, { text: 'Still there?' })
    expect(await ledgerOf(after)).toMatchObject({ state: 'done' })
  })
})

test('a colleague may have what came with a visitor’s first words', async () => {
  const visitor = await makeVisitor(app, shop.store)
  const { id } = (await upload(app, '/widget/files', visitor.headers)).json<{ id: string }>()
  expect(await shop.agent.get(`/files/${id}`)).toMatchObject({ status: 404 })
  await visitor.say('Look', { attachmentIds: [id] })
  expect(await shop.agent.get(`/files/${id}`)).toMatchObject({ status: 200, body: 'hello' })
})

type Shop = Awaited<ReturnType<typeof openShop>>
type Words = { text?: string; attachments?: string[] }
type Said = { text: string; attachments: { id: string; name: string }[] }

/** A store with an API channel, a key that sees only that store, and an agent of it. */
async function openShop() {
  const store = await makeStore(app)
  const { id } = (
    await admin.post('/channels', { kind: 'api', storeId: store.id, name: 'Shop', settings: {} })
  ).body as { id: string }
  const { secret } = (await admin.put(`/channels/${id}/secret`)).body as { secret: string }
  const { key } = await app.act(ctx =>
    createApiKey(ctx, { name: 'Shop', roleCode: 'agent', storeIds: [store.id] }),
  )
  return { store, channel: { id, secret }, key, agent: await app.as('agent', { storeIds: [store.id] }) }
}

async function file(key: string, name = 'note.txt') {
  const sent = await upload(app, '/files', { authorization: `Bearer ${key}` }, { name, content: name })
  expect(sent.statusCode).toBe(201)
  return sent.json<{ id: string }>().id
}

async function handInAt({ channel }: Shop, { text, attachments = [] }: Words, from = `c-${app.unique()}`) {
  const id = `m-${app.unique()}`
  const answer = await handIn(app, channel, {
    id,
    from: { id: from },
    ...(text && { text }),
    attachments: attachments.map(fileId => ({ fileId })),
  })
  expect(answer.statusCode).toBe(202)
  await app.settled()
  return id
}

async function ledgerOf(externalId: string) {
  const { rows } = await app.place.pool.query('select * from inbound where external_id = $1', [externalId])
  return rows[0] as { state: string; reason: string | null; conversation_id: string }
}

async function say(where: Shop, words: Words, from?: string) {
  const { conversation_id } = await ledgerOf(await handInAt(where, words, from))
  const { items } = (await where.agent.get(`/conversations/${conversation_id}/messages`)).body as {
    items: Said[]
  }
  return { said: items }
}
