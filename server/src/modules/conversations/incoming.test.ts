import { describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'
import { handIn } from '../../../test/world.ts'
import { createChannel, rotateSecret } from '../channels/channels.ts'
import { laneOf } from '../channels/ledger.ts'
import { mergeCustomers } from '../customers/merging.ts'
import { resolveCustomers } from '../customers/resolve.ts'
import { startTakingIn } from './inbound-worker.ts'

test('a lane that waits keeps no other waiting', async () => {
  const app = await startTestApp({ roles: ['web'] })
  const channel = await openChannel(app)
  const senderIn = (lane: number) =>
    Array.from({ length: 50 }, (_, n) => `s${n}`).find(name => laneOf(`${channel.id} ${name}`) === lane)!
  const states = async () =>
    (await app.place.pool.query('select state from inbound order by id')).rows.map(row => row.state)
  const worker = startTakingIn(app.place)

  await handIn(app, channel, { id: 'm-1', from: { id: senderIn(0) }, text: 'Hello' })
  worker.wake()
  await expect.poll(states).toEqual(['done'])
  const holder = await app.place.pool.connect()
  await holder.query('begin; select from identities for update')
  await handIn(app, channel, { id: 'm-2', from: { id: senderIn(0) }, text: 'I wait' })
  worker.wake()
  await expect.poll(() => waitersFor(app)).toBe(1)
  await handIn(app, channel, { id: 'm-3', from: { id: senderIn(1) }, text: 'I need not' })
  worker.wake()
  await expect.poll(states).toEqual(['done', 'received', 'done'])
  await holder.query('rollback')
  holder.release()
  await worker.stop()
})

test('a conversation that somebody changes at that moment is found all the same', async () => {
  const app = await startTestApp({ roles: ['web'] })
  const channel = await openChannel(app)
  const states = async () =>
    (await app.place.pool.query('select state from inbound order by id')).rows.map(row => row.state)
  const worker = startTakingIn(app.place)
  const say = async (id: string, sender: string) => {
    await handIn(app, channel, { id, from: { id: sender }, text: 'Hello' })
    worker.wake()
  }

  for (const n of [1, 2, 3]) await say(`m-${n}`, `s${n}`)
  await expect.poll(states).toEqual(['done', 'done', 'done'])
  await app.place.pool.query('analyze')
  const holder = await app.place.pool.connect()
  await holder.query('begin; update conversations set version = version + 1')
  for (const n of [1, 2, 3]) await say(`n-${n}`, `s${n}`)
  await expect.poll(() => waitersFor(app)).toBeGreaterThan(0)
  await holder.query('commit')
  holder.release()
  await expect.poll(states).toEqual(Array.from({ length: 6 }, () => 'done'))
  const { rows } = await app.place.pool.query('select count(*)::int as count from conversations')
  expect(rows).toEqual([{ count: 3 }])
  await worker.stop()
})

describe('a customer who is merged while his words are taken in', () => {
  test('has his new conversation with the one he was merged into', async () => {
    // Nothing is taken in and nobody reacts by himself, so nobody mends afterwards what went wrong.
    const app = await startTestApp({ roles: ['web'] })
    const channel = await openChannel(app)
    const [from, into] = [await know(app, channel.id), await know(app, channel.id)]

    const { promise: isMerged, resolve: merged } = Promise.withResolvers<void>()
    const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>()
    const merging = app.act(async ctx => {
      await mergeCustomers(ctx, from.customerId, into.customerId)
      merged()
      await mayCommit
    })
    await isMerged
    await handIn(app, channel, { id: 'm-1', from: { id: from.name }, text: 'Hello' })
    const worker = startTakingIn(app.place)
    worker.wake()
    await expect.poll(() => waitersFor(app)).toBe(1)
    commit()
    await merging
    await worker.stop()

    const { rows } = await app.place.pool.query(
      'select c.customer_id, m.author_id, e.customer_id as told from conversations c join messages m on m.conversation_id = c.id join events e on e.conversation_id = c.id',
    )
    expect(rows[0]).toEqual({
      customer_id: into.customerId,
      author_id: into.customerId,
      told: into.customerId,
    })
  })

  test('is found there however many are merged, and nothing of what they say is lost', async () => {
    const app = await startTestApp()
    const channel = await openChannel(app)
    const pairs = await Promise.all(
      Array.from(
        { length: 12 },
        async () => [await know(app, channel.id), await know(app, channel.id)] as const,
      ),
    )
    await Promise.all(
      pairs.flatMap(([from, into], n) => [
        handIn(app, channel, { id: `m-${n}`, from: { id: from.name }, text: 'Hello' }),
        app.act(ctx => mergeCustomers(ctx, from.customerId, into.customerId)),
      ]),
    )
    await app.settled()
    const { rows } = await app.place.pool.query('select customer_id from conversations')
    expect(rows.map(row => row.customer_id).sort()).toEqual(pairs.map(([, into]) => into.customerId).sort())
  })
})

async function openChannel(app: TestApp) {
  const store = await makeStore(app)
  return app.act(async ctx => {
    const { id } = await createChannel(ctx, { storeId: store.id, kind: 'api', name: 'Shop', settings: {} })
    return { id, ...(await rotateSecret(ctx, app.place.secrets, id)) }
  })
}

/** Somebody the channel knows, who has not written yet. */
async function know(app: TestApp, channelId: string) {
  const name = `c-${app.unique()}`
  const person = { kind: 'external', scope: channelId, value: name, verified: true, source: 'api' } as const
  const [known] = await app.act(ctx => resolveCustomers(ctx, [person]))
  return { name, customerId: known!.customerId }
}

async function waitersFor(app: TestApp) {
  const { rows } = await app.place.pool.query(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  return rows[0].count as number
}
