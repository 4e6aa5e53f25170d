import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailsIn, openMailChannel, rawMail } from '../../../../test/mail.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { handIn } from '../../../../test/world.ts'
import { blockIdentity, findBlocked } from '../../customers/blocking.ts'
import { mergeCustomers, undoMerge } from '../../customers/merging.ts'
import type { BlockedSender } from './schemas.ts'

const app = await startTestApp()
const store = await makeStore(app)
const [admin, agent] = [await app.as('admin'), await app.as('agent')]
const shop = (
  await admin.post('/channels', {
    ...{ kind: 'api', storeId: store.id, name: 'Shop', settings: { webhookUrl: 'http://127.0.0.1:9/' } },
  })
).body as { id: string; secret: string }
shop.secret = ((await admin.put(`/channels/${shop.id}/secret`)).body as { secret: string }).secret

const select = async <T = Record<string, unknown>>(text: string, ...values: unknown[]) =>
  (await app.place.pool.query(text, values)).rows as T[]
const write = (from: string, text: string, id: string = randomUUID()) =>
  handIn(app, shop, { id, from: { id: from, name: from, email: `${id}@mail.example` }, text })
const conversationOf = async (from: string) => {
  const [row] = await select<{ id: string; identity_id: string; customer_id: string }>(
    'select c.id, c.identity_id, c.customer_id from conversations c join identities i on i.id = c.identity_id where i.value = $1 order by c.id desc limit 1',
    from,
  )
  return { id: row!.id, identityId: row!.identity_id, customerId: row!.customer_id }
}
/** Somebody who has written once, by the shop's own app. */
async function sender() {
  const name = `sender-${app.unique()}`
  await write(name, 'Hello')
  await app.settled()
  return { name, ...(await conversationOf(name)) }
}
const block = (identityId: string, who = agent) => who.put(`/identities/${identityId}/block`)
const unblock = (identityId: string, takeIn = false) =>
  agent.delete(`/identities/${identityId}/block?takeIn=${takeIn}`)
const kept = (identityId: string) =>
  select('select state, reason, raw from inbound where identity_id = $1 order by id', identityId)
const texts = async (identityId: string) =>
  (
    await select<{ text: string }>(
      "select m.text from messages m join conversations c on c.id = m.conversation_id where c.identity_id = $1 and m.kind = 'customer' order by m.created_at, c.id, m.seq",
      identityId,
    )
  ).map(({ text }) => text)
const newest = async () =>
  (await select<{ id: number }>('select coalesce(max(id), 0)::int as id from events'))[0]!.id
const auditOf = async (customerId: string) =>
  (
    await select<{ action: string }>(
      "select action from audit_entries where object = $1 and action like 'identity.%' order by id",
      `customer:${customerId}`,
    )
  ).map(({ action }) => action)

describe('what a blocked sender writes', () => {
  test('is kept in the ledger and is nothing to anybody: no message, no event, no wait, nothing unread', async () => {
    const { id, identityId, name } = await sender()
    const [before] = await select('select * from conversations where id = $1', id)
    const [person] = await select(
      'select * from customers where id = (select customer_id from conversations where id = $1)',
      id,
    )
    await block(identityId)
    await app.settled()
    const at = await newest()
    await write(name, 'Buy followers')
    await write(name, 'My card is 4111 1111 1111 1111')
    await app.settled()
    expect(await kept(identityId)).toMatchObject([
      { state: 'ignored', reason: 'sender_blocked' },
      { state: 'ignored', reason: 'sender_blocked' },
    ])
    const [first, second] = (await kept(identityId)).map(({ raw }) => String(raw))
    expect([first!.includes('Buy followers'), second!.includes('4111')]).toEqual([true, false])
    expect(await select('select name from events where id > $1', at)).toEqual([])
    expect(await select('select * from conversations where id = $1', id)).toEqual([before])
    expect(await select('select * from customers where id = $1', person!.id)).toEqual([person])
    expect(await texts(identityId)).toEqual(['Hello'])
  })

  test('keeps nobody else waiting, not even in the same breath', async () => {
    const [bad, good] = [await sender(), await sender()]
    await block(bad.identityId)
    await Promise.all([
      write(bad.name, 'one'),
      write(good.name, 'two'),
      write(bad.name, 'three'),
      write(good.name, 'four'),
    ])
    await app.settled()
    expect(await texts(bad.identityId)).toEqual(['Hello'])
    expect((await texts(good.identityId)).sort()).toEqual(['Hello', 'four', 'two'])
  })

  test('can be taken in when he is unblocked, in its order, or left where it is', async () => {
    const { identityId, name } = await sender()
    await block(identityId)
    for (const text of ['one', 'two', 'three']) await write(name, text)
    await app.settled()
    expect(await agent.get(`/identities/${identityId}/block`)).toMatchObject({ body: { kept: 3 } })
    expect(await unblock(identityId)).toMatchObject({ status: 200, body: { takenIn: 0 } })
    await write(name, 'four')
    await app.settled()
    expect(await texts(identityId)).toEqual(['Hello', 'four'])
    // Also later than at the unblocking.
    expect(await unblock(identityId, true)).toMatchObject({ body: { takenIn: 3 } })
    await app.settled()
    expect(await texts(identityId)).toEqual(['Hello', 'four', 'one', 'two', 'three'])
    expect(await unblock(identityId, true)).toMatchObject({ body: { takenIn: 0 } })
    expect(await kept(identityId)).toEqual([])
  })
})

test('what a blocked sender wrote with a card number that is masked only by losing it is not taken in', async () => {
  const { identityId, name } = await sender()
  await block(identityId)
  const body = JSON.stringify({ id: randomUUID(), from: { id: name }, text: 'CARD' })
  await handIn(app, shop, body.replace('CARD', '\\u0034111 1111 1111 1111'))
  await app.settled()
  expect(await kept(identityId)).toMatchObject([{ state: 'ignored', raw: Buffer.alloc(0) }])
  expect(await agent.get(`/identities/${identityId}/block`)).toMatchObject({ body: { kept: 0 } })
  expect(await unblock(identityId, true)).toMatchObject({ body: { takenIn: 0 } })
})

describe('a blocked visitor', () => {
  const upload = async (headers: Record<string, string>) => {
    const boundary = 'b'
    const part = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nHello\r\n--${boundary}--\r\n`
    const answer = await app.http.inject({
      ...{ method: 'POST', url: '/api/widget/files', payload: part },
      headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    })
    return answer.json<{ id: string }>().id
  }

  test('is told that his words were sent, each once, and they are found in the ledger alone', async () => {
    const visitor = await makeVisitor(app, store)
    const { id } = (await visitor.say('Hi')).body.conversation
    const [row] = await select<{ identity_id: string }>(
      'select identity_id from conversations where id = $1',
      id,
    )
    await block(row!.identity_id)
    await app.settled()
    const at = await newest()
    const clientId = randomUUID()
    const fileId = await upload(visitor.headers)
    const answer = await visitor.say('Buy followers', { clientId, attachmentIds: [fileId] })
    expect(answer).toMatchObject({
      status: 201,
      body: {
        message: { seq: 2, from: 'customer', text: 'Buy followers', clientId, attachments: [{ id: fileId }] },
        conversation: { id, lastSeq: 1 },
      },
    })
    expect((await visitor.say('Buy followers', { clientId, attachmentIds: [fileId] })).body).toEqual(
      answer.body,
    )
    expect((await visitor.say('Now')).body.message.seq).toBe(3)
    await visitor.put('/widget/contact', { email: 'spam@mail.example', name: 'Spammer' })
    await app.settled()
    expect(await select('select name from events where id > $1', at)).toEqual([])
    expect(await kept(row!.identity_id)).toHaveLength(2)

    await unblock(row!.identity_id, true)
    await app.settled()
    expect(await texts(row!.identity_id)).toEqual(['Hi', 'Buy followers', 'Now'])
    expect((await visitor.get('/widget/messages?afterSeq=1')).body).toMatchObject({
      items: [{ clientId, attachments: [{ id: fileId }] }, { text: 'Now' }],
    })
    expect((await visitor.get(`/widget/files/${fileId}`)).status).toBe(200)
    const again = await visitor.say('Buy followers', { clientId, attachmentIds: [fileId] })
    expect(again).toMatchObject({ status: 201, body: { message: { seq: 2 } } })
  })

  test('who sends again what was left in the ledger has said it now', async () => {
    const visitor = await makeVisitor(app, store)
    const { id } = (await visitor.say('Hi')).body.conversation
    const [row] = await select<{ identity_id: string }>(
      'select identity_id from conversations where id = $1',
      id,
    )
    await block(row!.identity_id)
    const clientId = randomUUID()
    await visitor.say('Later', { clientId })
    await unblock(row!.identity_id)
    expect(await visitor.say('Later', { clientId })).toMatchObject({
      status: 201,
      body: { message: { seq: 2 } },
    })
    expect(await kept(row!.identity_id)).toEqual([])
    expect(await texts(row!.identity_id)).toEqual(['Hi', 'Later'])
  })
})

describe('by mail', () => {
  const vouched = async (value: string, isVerified: boolean) =>
    (
      await select<{ id: string }>(
        'select id from identities where value = $1 and is_verified = $2',
        value,
        isVerified,
      )
    )[0]
  const stateOf = async (channelId: string) =>
    (
      await select<{ state: string; reason: string | null }>(
        'select state, reason from inbound where channel_id = $1 order by id',
        channelId,
      )
    ).map(({ state, reason }) => reason ?? state)

  test('an address is blocked however it is written; one with a plus is another', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(app, channel, rawMail({ from: 'Max <max@buyer.example>', messageId: 'm1@buyer.example' }))
    const identity = await vouched('max@buyer.example', false)
    await block(identity!.id)
    await mailsIn(
      app,
      channel,
      rawMail({ from: 'MAX <Max@BUYER.example>', messageId: 'm2@buyer.example', text: 'Again' }),
      rawMail({ from: 'Max <max+shop@buyer.example>', messageId: 'm3@buyer.example', text: 'Plus' }),
    )
    expect(await stateOf(channel.id)).toEqual(['done', 'sender_blocked', 'done'])
    await unblock(identity!.id, true)
    await app.settled()
    expect(await stateOf(channel.id)).toEqual(['done', 'done', 'done'])
  })

  test('who only claims a blocked address is blocked too, but who forges one shuts out nobody', async () => {
    const channel = await openMailChannel(app)
    await mailsIn(app, channel, rawMail({ from: 'Eve <eve@buyer.example>', messageId: 'e1@buyer.example' }))
    const claimed = (await vouched('eve@buyer.example', false))!
    const { body: real } = await admin.post('/customers', { name: 'Eve herself' })
    const { id: customerId } = real as { id: string }
    const added = { kind: 'email', value: 'eve@buyer.example', isVerified: true }
    expect(await admin.post(`/customers/${customerId}/identities`, added)).toMatchObject({ status: 201 })
    const proven = (await vouched('eve@buyer.example', true))!

    await block(claimed.id)
    const blocked = async () =>
      (await app.act(async ctx => [...(await findBlocked(ctx, [claimed.id, proven.id]))])).sort()
    expect(await blocked()).toEqual([claimed.id])
    await unblock(claimed.id)
    await block(proven.id)
    expect(await blocked()).toEqual([claimed.id, proven.id].sort())
    await mailsIn(
      app,
      channel,
      rawMail({
        ...{ from: 'Eve <eve@buyer.example>', messageId: 'e2@buyer.example', text: 'Forged' },
        headers: { 'Authentication-Results': 'mx.shop.example; dmarc=fail header.from=buyer.example' },
      }),
    )
    expect((await stateOf(channel.id)).at(-1)).toBe('sender_blocked')
    expect(await agent.get(`/identities/${proven.id}/block`)).toMatchObject({ body: { kept: 1 } })
    expect(await unblock(proven.id, true)).toMatchObject({ body: { takenIn: 1 } })
  })
})

describe('blocking', () => {
  test('twice and unblocking twice do nothing the second time', async () => {
    const { identityId, customerId } = await sender()
    const first = await block(identityId)
    app.clock.advance(60)
    expect((await block(identityId, admin)).body).toEqual(first.body)
    await unblock(identityId)
    const at = await newest()
    expect(await unblock(identityId)).toMatchObject({ status: 200, body: { takenIn: 0 } })
    expect(await select('select name from events where id > $1', at)).toEqual([])
    expect(await auditOf(customerId)).toEqual(['identity.blocked', 'identity.unblocked'])
  })

  test('by several at once is done once', async () => {
    const { identityId, customerId } = await sender()
    await Promise.all(Array.from({ length: 6 }, () => block(identityId)))
    await Promise.all(Array.from({ length: 6 }, () => unblock(identityId)))
    expect(await auditOf(customerId)).toEqual(['identity.blocked', 'identity.unblocked'])
  })

  test('goes with a mark of spam, and with the same undo', async () => {
    const { id, identityId } = await sender()
    const actions = ['mark_spam', 'block_sender'].map(code => ({ code, params: {} }))
    const { body } = await agent.post(`/conversations/${id}/actions`, { actions })
    const { undo, left } = body as { undo: object[]; left: object }
    expect(await agent.get(`/conversations/${id}`)).toMatchObject({ body: { isSpam: true, identityId } })
    expect(await agent.get(`/identities/${identityId}/block`)).toMatchObject({ status: 200 })
    expect(await agent.post(`/conversations/${id}/actions`, { actions: undo, left })).toMatchObject({
      status: 200,
    })
    expect(await agent.get(`/conversations/${id}`)).toMatchObject({ body: { isSpam: false } })
    expect(await agent.get(`/identities/${identityId}/block`)).toMatchObject({ status: 404 })
  })

  test('is seen on the customer and in the list, with who did it and when', async () => {
    const { identityId, customerId, name } = await sender()
    await block(identityId)
    const at = app.clock.now.toISOString()
    const { body: customer } = await agent.get(`/customers/${customerId}`)
    expect(customer).toMatchObject({
      identities: expect.arrayContaining([
        expect.objectContaining({ id: identityId, blockedAt: at, blockedBy: agent.id }),
      ]),
    })
    const found: BlockedSender[] = []
    for (let cursor = ''; ; ) {
      const { body } = await admin.get(`/blocked-senders?limit=2${cursor && `&cursor=${cursor}`}`)
      const page = body as { items: BlockedSender[]; next: string | null }
      found.push(...page.items)
      if (!page.next) break
      cursor = page.next
    }
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
    expect(found.find(({ id }) => id === identityId)).toMatchObject({
      ...{ kind: 'external', customer: { id: customerId, name }, blockedAt: at, kept: 0 },
      blockedBy: { id: agent.id },
    })
  })

  test('is kept by merging and by taking the merge back', async () => {
    const [one, other] = [await sender(), await sender()]
    await block(one.identityId)
    await app.act(ctx => mergeCustomers(ctx, one.customerId, other.customerId))
    await write(one.name, 'Merged')
    await app.settled()
    await app.act(ctx => undoMerge(ctx, one.customerId))
    await write(one.name, 'Apart')
    await app.settled()
    expect(await texts(one.identityId)).toEqual(['Hello'])
    expect(await kept(one.identityId)).toHaveLength(2)
    await write(other.name, 'I am another')
    await app.settled()
    expect(await texts(other.identityId)).toEqual(['Hello', 'I am another'])
  })

  test('forbids to answer, at once or later, and to take the identity away', async () => {
    const { id, identityId, customerId } = await sender()
    const said = () => ({ clientId: randomUUID(), text: 'Stop it', lastSeenSeq: 9 })
    const refused = { status: 409, body: { error: { code: 'sender_blocked' } } }
    await agent.post(`/conversations/${id}/held-replies`, { ...said(), why: 'undo' })
    await block(identityId)
    expect(await agent.post(`/conversations/${id}/replies`, said())).toMatchObject(refused)
    expect(await agent.post(`/conversations/${id}/held-replies`, { ...said(), why: 'undo' })).toMatchObject(
      refused,
    )
    expect(
      await agent.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text: 'A spammer' }),
    ).toMatchObject({ status: 201 })
    app.clock.advance(11)
    await expect
      .poll(() => select('select state, reason from held_replies where conversation_id = $1', id))
      .toEqual([{ state: 'stopped', reason: 'sender_blocked' }])
    expect(await select("select 1 from messages where conversation_id = $1 and kind = 'reply'", id)).toEqual(
      [],
    )
    expect(await agent.delete(`/customers/${customerId}/identities/${identityId}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'identity_blocked' } },
    })
  })
})

describe('a block that meets messages under way', () => {
  test('is waited for by a message that comes before it is written, which is kept', async () => {
    const { identityId, name } = await sender()
    const { promise: isBlocked, resolve: blocked } = Promise.withResolvers<void>()
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>()
    const blocking = app.act(async ctx => {
      await blockIdentity(ctx, identityId)
      blocked()
      await mayCommit
    })
    await isBlocked
    await write(name, 'Meanwhile')
    const waiting =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    await expect.poll(() => select(waiting), { timeout: 5_000 }).toHaveLength(1)
    commit()
    await blocking
    await app.settled()
    expect(await kept(identityId)).toHaveLength(1)
    expect(await texts(identityId)).toEqual(['Hello'])
  })

  test('leaves each of them either taken in whole or kept, and none once it was answered', async () => {
    for (let round = 0; round < 6; round++) {
      const { identityId, name } = await sender()
      const [ids, late] = [Array.from({ length: 12 }, () => randomUUID()), randomUUID()]
      await Promise.all([
        ...ids.map(id => write(name, `m ${id}`, id)),
        block(identityId).then(() => write(name, `m ${late}`, late)),
      ])
      await app.settled()
      const rows = await select<{
        external_id: string
        state: string
        message_id: string | null
        said: number
      }>(
        'select external_id, state, message_id, (select count(*)::int from messages m where m.inbound_id = inbound.id) as said from inbound where external_id = any($1)',
        [...ids, late],
      )
      expect(rows).toHaveLength(13)
      for (const { state, message_id, said } of rows)
        expect([
          ['done', true, 1],
          ['ignored', false, 0],
        ]).toContainEqual([state, message_id !== null, said])
      expect(rows.find(row => row.external_id === late)!.state).toBe('ignored')
      const ignored = rows.filter(({ state }) => state === 'ignored').length
      expect(await kept(identityId)).toHaveLength(ignored)
      // Whatever comes while he is unblocked, nothing stays behind.
      const [{ body }] = await Promise.all([
        unblock(identityId, true),
        ...Array.from({ length: 4 }, () => write(name, 'again')),
      ])
      await app.settled()
      const { takenIn } = body as unknown as { takenIn: number }
      const left = await kept(identityId)
      expect(takenIn).toBeGreaterThanOrEqual(ignored)
      expect(left).toEqual([])
      expect(await texts(identityId)).toHaveLength(1 + 13 + 4)
    }
  })

  test('and with visitors who write as they are blocked', async () => {
    for (let round = 0; round < 4; round++) {
      const visitor = await makeVisitor(app, store)
      const { id } = (await visitor.say('Hi')).body.conversation
      const [row] = await select<{ identity_id: string }>(
        'select identity_id from conversations where id = $1',
        id,
      )
      const answers = await Promise.all([
        ...Array.from({ length: 5 }, (_, n) => visitor.say(`m ${n}`)),
        agent.post(`/conversations/${id}/actions`, {
          actions: ['mark_spam', 'block_sender'].map(code => ({ code, params: {} })),
        }),
      ])
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 200])
      await app.settled()
      const all = (await texts(row!.identity_id)).length + (await kept(row!.identity_id)).length
      expect(all).toBe(6)
    }
  })
})
