import { expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { createCompany } from '../settings/company.ts'
import { act, startFlows, tag, wait } from './test-flows.ts'

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const f = await startFlows(app, admin)
const isHigh = { field: 'priority', is: 'in', value: ['high'] }

const everything = async () =>
  (
    await app.place.pool.query(
      'select (select count(*) from events) e, (select count(*) from messages) m, (select count(*) from deliveries) d, (select count(*) from audit_entries) a, (select sum(version) from conversations) v',
    )
  ).rows[0]

test('a dry run tells what would have been done on past events, and leaves nothing behind', async () => {
  const [plain, high] = [await f.chat(), await f.chat()]
  await admin.put(`/conversations/${high.id}/priority`, { priority: 'high' })
  await f.quiet()
  const before = await everything()
  const draft = {
    trigger: { code: 'opened' },
    condition: isHigh,
    steps: [
      tag('x'),
      tag('x'),
      act('reply', { text: 'Hello' }),
      wait(3, 'days'),
      act('assign', { staffId: '018f0000-0000-7000-8000-000000000000' }),
    ],
  }
  const { status, body } = await admin.post('/flows/dry-runs', { draft })
  expect(status).toBe(200)
  expect(body).toMatchObject({ events: 2, records: 2, matched: 1, asOf: 'now', isCut: false })
  const { samples } = body as { samples: { recordId: string; steps: { outcome: string; code: string }[] }[] }
  expect(samples.map(({ recordId }) => recordId)).toEqual([high.id])
  expect(samples[0]!.steps.map(({ outcome }) => outcome)).toEqual([
    'done',
    'nothing',
    'done',
    'waits',
    'refused',
  ])
  expect(await everything()).toEqual(before)
  const one = await admin.post('/flows/dry-runs', { draft, recordId: plain.id })
  expect(one.body).toMatchObject({ samples: [{ recordId: plain.id, matches: false, steps: [] }] })
})

test('a dry run shows no conversation of a store that one does not see', async () => {
  const chat = await f.chat()
  const other = await startFlows(app, admin)
  const supervisor = await app.as('supervisor', { storeIds: [other.store.id] })
  const draft = { trigger: { code: 'opened' }, steps: [tag('x')] }
  expect((await supervisor.post('/flows/dry-runs', { draft })).body).toMatchObject({
    matched: 0,
    samples: [],
  })
  expect((await supervisor.post('/flows/dry-runs', { draft, recordId: chat.id })).status).toBe(404)
})
