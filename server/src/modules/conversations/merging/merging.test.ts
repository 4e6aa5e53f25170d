import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailsIn, ourAddress, rawMail } from '../../../../test/mail.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { handIn } from '../../../../test/world.ts'
import { createChannel } from '../../channels/channels.ts'
import { getConversation } from '../conversations.ts'

const app = await startTestApp()
const store = await makeStore(app)
const admin = await app.as('admin')
const agent = await app.as('agent')

const shop = (
  await admin.post('/channels', {
    ...{ kind: 'api', storeId: store.id, name: 'Shop', settings: { webhookUrl: 'http://127.0.0.1:9/' } },
  })
).body as { id: string; secret: string }
shop.secret = ((await admin.put(`/channels/${shop.id}/secret`)).body as { secret: string }).secret
const otherShop = (
  await admin.post('/channels', {
    ...{ kind: 'api', storeId: store.id, name: 'Other', settings: { webhookUrl: 'http://127.0.0.1:9/' } },
  })
).body as { id: string; secret: string }
otherShop.secret = ((await admin.put(`/channels/${otherShop.id}/secret`)).body as { secret: string }).secret

for (const kind of ['first_response', 'next_response']) {
  const made = await admin.post('/clock-policies', {
    ...{
      code: kind.replace('_', '-'),
      names: { zh: '时限', en: kind },
      kind,
      channel: 'api',
      storeId: store.id,
    },
    ...{ window: { value: 10, unit: 'minute' }, source: 'contract', verifiedAt: '2026-01-01' },
  })
  expect(made).toMatchObject({ status: 201 })
}

/** Somebody who writes by a channel; each call is another conversation once the one before has ended for good. */
async function write(from: string, text: string, channel = shop) {
  const id = `${from}-${app.unique()}`
  await handIn(app, channel, { id, from: { id: from, name: from }, text })
  await app.settled()
  const { rows } = await app.place.pool.query(
    'select conversation_id as id from inbound where external_id = $1',
    [id],
  )
  return rows[0].id as string
}
const close = (id: string, category = 'closed') => agent.put(`/conversations/${id}/status`, { category })
const rowOf = (id: string) => getConversation(app.look(), id)
const textsOf = async (id: string) =>
  (
    (await agent.get(`/conversations/${id}/messages`)).body as { items: { text: string; system: object }[] }
  ).items.flatMap(({ text }) => text || [])
const clocksOf = async (id: string) =>
  (
    await app.place.pool.query(
      'select kind, started_at as at, due_at as due from clocks where subject_id = $1 and stopped_at is null order by kind',
      [id],
    )
  ).rows as { kind: string; at: Date; due: Date }[]
const answersOf = async (id: string) => (await clocksOf(id)).filter(({ kind }) => /response/.test(kind))
const say = async (id: string, text: string, afterwards?: string) =>
  agent.post(`/conversations/${id}/replies`, {
    ...{ clientId: crypto.randomUUID(), text, lastSeenSeq: (await rowOf(id)).lastSeq, afterwards },
  })
const merge = (id: string, intoId: string) => agent.put(`/conversations/${id}/merge`, { intoId })
const unmerge = (id: string) => agent.delete(`/conversations/${id}/merge`)

/** Two open ones of one customer by one channel, the older first. */
async function two(channel = shop) {
  const who = `who-${app.unique()}`
  const older = await write(who, 'Where is my parcel?', channel)
  const closing = { code: 'set_status', params: { category: 'closed' } }
  const closed = await agent.post(`/conversations/${older}/actions`, { actions: [closing] })
  app.clock.advance(30)
  const newer = await write(who, 'And my refund?', channel)
  expect(newer).not.toBe(older)
  const { undo, left } = closed.body as { undo: object[]; left: object }
  await agent.post(`/conversations/${older}/actions`, { actions: undo, left })
  return { who, older, newer }
}

describe('merging', () => {
  test('moves no message, closes the one and shows it in the other', async () => {
    const { older, newer } = await two()
    expect(await merge(newer, older)).toMatchObject({
      status: 200,
      body: { mergedIntoId: older, status: { category: 'closed' }, clock: null },
    })
    expect(await textsOf(newer)).toEqual(['And my refund?'])
    expect(await textsOf(older)).toEqual(['Where is my parcel?'])
    const { body } = await agent.get(`/conversations/${older}/messages`)
    const { number } = await rowOf(newer)
    expect((body as { items: object[] }).items.at(-1)).toMatchObject({
      kind: 'system',
      system: { event: 'conversation.took_in', params: { fromId: newer, number, lastSeq: 1 } },
    })
  })

  test('lets the customer wait on since he first did, by the nearer clock', async () => {
    const { older, newer } = await two()
    const { waitingSince, dueAt } = await rowOf(older)
    const [clock] = await answersOf(older)
    expect(await answersOf(newer)).not.toEqual([clock])
    await merge(older, newer)
    expect(await rowOf(newer)).toMatchObject({ waitingSince, dueAt })
    expect([await clocksOf(older), await answersOf(newer)]).toEqual([[], [clock]])
  })

  test('keeps the clock of the other where that is the nearer', async () => {
    const { older, newer } = await two()
    const before = await answersOf(older)
    await merge(newer, older)
    expect(await answersOf(older)).toEqual(before)
    expect(await clocksOf(newer)).toEqual([])
  })

  test('ends the waiting for a customer who waits', async () => {
    const { older, newer } = await two()
    await say(older, 'Which parcel?', 'wait_customer')
    const { waitingSince } = await rowOf(newer)
    await merge(newer, older)
    expect(await rowOf(older)).toMatchObject({ category: 'open', waitingSince })
  })

  test('places what he writes next in the other one, and answers go out from there', async () => {
    const { who, older, newer } = await two()
    await merge(newer, older)
    expect(await write(who, 'Anybody?')).toBe(older)
    expect(await textsOf(older)).toEqual(['Where is my parcel?', 'Anybody?'])
    const said = await say(older, 'Both on their way')
    expect(said).toMatchObject({ status: 201, body: { delivery: { state: 'queued' } } })
    expect(await say(newer, 'Not here')).toMatchObject({
      status: 409,
      body: { error: { code: 'conversation_closed' } },
    })
  })

  test('opens a new one for what comes where no answer from the other would come to', async () => {
    const { older } = await two()
    const { customerId } = await rowOf(older)
    const elsewhere = await write(`else-${app.unique()}`, 'Hi from elsewhere', otherShop)
    const fromId = (await rowOf(elsewhere)).customerId
    await admin.put(`/customers/${fromId}/merge`, { intoId: customerId })
    await app.settled()
    expect(await merge(elsewhere, older)).toMatchObject({ status: 200 })
    const { rows } = await app.place.pool.query(
      'select value from identities where id = (select identity_id from conversations where id = $1)',
      [elsewhere],
    )
    const next = await write(rows[0].value, 'Still here', otherShop)
    expect([older, elsewhere]).not.toContain(next)
    expect(await rowOf(next)).toMatchObject({ previousId: older, category: 'new' })
  })

  test('takes what answers a merged mail into the other thread', async () => {
    const place = await makeStore(app)
    const channel = await app.act(ctx =>
      createChannel(ctx, {
        storeId: place.id,
        kind: 'mail',
        name: 'Help',
        settings: { address: ourAddress },
      }),
    )
    const id = () => `${app.unique()}@mail.example`
    const [firstId, secondId] = [id(), id()]
    await mailsIn(app, channel, rawMail({ messageId: firstId, subject: 'One' }))
    await mailsIn(app, channel, rawMail({ messageId: secondId, subject: 'Two' }))
    const { body } = await agent.get(`/conversations?storeId=${place.id}&sort=activity`)
    const [second, first] = (body as { items: { id: string }[] }).items
    expect(await merge(second!.id, first!.id)).toMatchObject({ status: 200 })
    await mailsIn(
      app,
      channel,
      rawMail({ messageId: id(), headers: { 'In-Reply-To': `<${secondId}>` }, subject: 'Re: Two' }),
    )
    expect(await rowOf(first!.id)).toMatchObject({ customerCount: 2 })
    expect(await rowOf(second!.id)).toMatchObject({ customerCount: 1 })
  })

  test('and a message that comes at the same moment are in some order, with nothing lost', async () => {
    for (let round = 0; round < 6; round++) {
      const { who, older, newer } = await two()
      const id = `race-${app.unique()}`
      const [merged] = await Promise.all([
        merge(newer, older),
        handIn(app, shop, { id, from: { id: who, name: who }, text: 'Now' }),
      ])
      await app.settled()
      expect(merged.status).toBe(200)
      const said = [...(await textsOf(older)), ...(await textsOf(newer))]
      expect(said.filter(text => text === 'Now')).toHaveLength(1)
      // Before the merge it waits there; after it, in the other. Closed over his head it is in neither case.
      expect((await rowOf(older)).waitingSince).not.toBeNull()
      expect((await rowOf(newer)).waitingSince).toBeNull()
    }
  })

  test('waits until a message of its customer that is being placed has its place', async () => {
    const { older, newer } = await two()
    const placing = await app.place.pool.connect()
    await placing.query('begin')
    await placing.query(
      'select 1 from identities where id = (select identity_id from conversations where id = $1) for no key update',
      [newer],
    )
    const merging = merge(newer, older)
    const first = await Promise.race([merging, new Promise(done => setTimeout(done, 300, 'waits'))])
    await placing.query('commit')
    placing.release()
    expect(first).toBe('waits')
    expect(await merging).toMatchObject({ status: 200 })
  })

  test('both ways at once leaves one merged and none waiting for ever', async () => {
    const { older, newer } = await two()
    const answers = await Promise.all([merge(newer, older), merge(older, newer)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  test('is refused where it makes no sense, with the reason', async () => {
    const { older, newer, who } = await two()
    const stranger = await write(`stranger-${app.unique()}`, 'Hi')
    const refused = async (id: string, intoId: string) =>
      ((await merge(id, intoId)).body as { error: { code: string } }).error.code
    expect(await refused(newer, newer)).toBe('same_conversation')
    expect(await refused(newer, stranger)).toBe('other_customer')
    await merge(newer, older)
    expect(await refused(newer, older)).toBe('conversation_merged')
    expect(await refused(stranger, newer)).toBe('target_merged')
    await close(older)
    const third = await write(who, 'Third')
    expect(await refused(third, older)).toBe('target_ended')
    expect(await refused(older, third)).toBe('contains_merged')
    expect(await agent.put(`/conversations/${newer}/status`, { category: 'open' })).toMatchObject({
      status: 409,
      body: { error: { code: 'conversation_merged' } },
    })
    const away = await app.as('agent', { storeIds: [(await makeStore(app)).id] })
    expect(await away.put(`/conversations/${third}/merge`, { intoId: older })).toMatchObject({ status: 404 })
  })

  test('keeps the chat that a visitor has before him', async () => {
    const visitor = await makeVisitor(app, store)
    const first = (await visitor.say('One')).body.conversation.id
    await close(first)
    const second = (await visitor.say('Two')).body.conversation.id
    await agent.put(`/conversations/${first}/status`, { category: 'open' })
    expect(await merge(second, first)).toMatchObject({ status: 409, body: { error: { code: 'newer_chat' } } })
    expect(await merge(first, second)).toMatchObject({ status: 200 })
    expect((await visitor.say('Three')).body.conversation.id).toBe(second)
  })

  test('is refused while a reply waits to be sent', async () => {
    const { older, newer } = await two()
    await agent.post(`/conversations/${newer}/held-replies`, {
      ...{ clientId: crypto.randomUUID(), text: 'Soon', lastSeenSeq: 50, why: 'scheduled' },
      sendAt: new Date(app.clock.now.getTime() + 3_600_000).toISOString(),
    })
    expect(await merge(newer, older)).toMatchObject({ body: { error: { code: 'reply_waits' } } })
  })
})

describe('undoing a merge', () => {
  test('brings both back as they stood, clocks too', async () => {
    const { older, newer } = await two()
    const before = { newer: await rowOf(newer), older: await rowOf(older) }
    const running = await clocksOf(newer)
    app.clock.advance(60)
    await merge(newer, older)
    app.clock.advance(60)
    expect(await unmerge(newer)).toMatchObject({ status: 200, body: { mergedIntoId: null } })
    const { category, waitingSince, dueAt } = before.newer
    expect(await rowOf(newer)).toMatchObject({ category, waitingSince, dueAt, resolvedAt: null })
    expect(await rowOf(older)).toMatchObject({ waitingSince: before.older.waitingSince })
    expect(await clocksOf(newer)).toEqual(running)
    expect(await unmerge(newer)).toMatchObject({ body: { error: { code: 'conversation_not_merged' } } })
  })

  test('leaves what came meanwhile where it came, and who wrote it waiting there', async () => {
    const { who, older, newer } = await two()
    await say(older, 'Tomorrow')
    await merge(newer, older)
    app.clock.advance(60)
    await write(who, 'Meanwhile')
    const cameAt = app.clock.now
    await unmerge(newer)
    expect(await textsOf(older)).toEqual(['Where is my parcel?', 'Tomorrow', 'Meanwhile'])
    expect((await rowOf(older)).waitingSince).toEqual(cameAt)
    expect(await answersOf(older)).toMatchObject([{ kind: 'next_response', at: cameAt }])
    expect(await textsOf(newer)).toEqual(['And my refund?'])
  })

  test('does not let a customer wait again who was answered meanwhile', async () => {
    const { older, newer } = await two()
    await merge(newer, older)
    await say(older, 'Here is both')
    await unmerge(newer)
    expect(await rowOf(newer)).toMatchObject({ waitingSince: null })
    expect(await answersOf(newer)).toEqual([])
  })

  test('is an act that can be done and undone like others', async () => {
    const { older, newer } = await two()
    const { body } = await agent.post(`/conversations/${newer}/actions`, {
      actions: [{ code: 'merge', params: { intoId: older } }],
    })
    const { undo, left } = body as { undo: object[]; left: object }
    expect(await agent.post(`/conversations/${newer}/actions`, { actions: undo, left })).toMatchObject({
      status: 200,
      body: { conversation: { mergedIntoId: null } },
    })
  })
})
