import { expect, test } from 'vitest'
import { startTestApp } from './app.ts'
import { actAtRandom, checkHistory } from './history.ts'
import { makeStore } from './make.ts'
import { handIn } from './world.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const rounds = Number(process.env.HISTORY_ROUNDS ?? 12)
const seed = Number(process.env.HISTORY_SEED ?? Date.now() % 1_000_000)

test(`eight people and a robot lose and double nothing, however they meet (seed ${seed})`, async () => {
  const store = await makeStore(app)
  const shop = (
    await admin.post('/channels', {
      ...{ kind: 'api', storeId: store.id, name: 'Shop', settings: { webhookUrl: 'http://127.0.0.1:9/' } },
    })
  ).body as { id: string; secret: string }
  shop.secret = ((await admin.put(`/channels/${shop.id}/secret`)).body as { secret: string }).secret
  // Five conversations of one customer, so that they can be merged as well.
  const ids: string[] = []
  for (let n = 0; n < 5; n++) {
    await handIn(app, shop, { id: `first-${n}`, from: { id: 'casey', name: 'Casey' }, text: 'Hello' })
    await app.settled()
    const { rows } = await app.place.pool.query('select id from conversations order by id desc limit 1')
    ids.push(rows[0].id)
    await admin.put(`/conversations/${rows[0].id}/status`, { category: 'closed' })
  }
  for (const id of ids) await admin.put(`/conversations/${id}/status`, { category: 'open' })

  const people = await Promise.all(Array.from({ length: 8 }, () => app.as('agent')))
  const { body: roles } = await admin.get('/roles')
  const role = (roles as { items: { id: string; code: string }[] }).items.find(
    ({ code }) => code === 'agent',
  )!
  const { body } = await admin.post('/api-keys', { name: 'Robot', roleId: role.id })
  const key = body as { id: string; key: string }
  const actors = [
    ...people.map(({ id, headers }) => ({ id, headers, isRobot: false })),
    { id: key.id, headers: { authorization: `Bearer ${key.key}` }, isRobot: true },
  ]

  const acts = await actAtRandom(app, { actors, ids, rounds, seed })
  for (let tries = 0; tries < 400; tries++) {
    const { rows } = await app.place.pool.query("select 1 from bulk_jobs where state = 'running'")
    if (rows.length === 0) break
    app.place.wake()
    await new Promise(done => setTimeout(done, 25))
  }
  await app.settled()

  expect(acts.filter(({ status }) => status !== null && status < 300).length).toBeGreaterThan(rounds)
  expect(await checkHistory(app, ids, acts)).toEqual([])

  const { body: counts } = await people[0]!.get('/conversations/counts')
  const { rows } = await app.place.pool.query(
    "select count(*)::int as n from conversations where category not in ('resolved', 'closed', 'scheduled')",
  )
  expect((counts as { all: number }).all).toBe(rows[0].n)
}, 300_000)
