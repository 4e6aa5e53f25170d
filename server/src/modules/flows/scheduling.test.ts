import { expect, test, vi } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { createCompany } from '../settings/company.ts'
import { act, isOpen, startFlows, tag } from './test-flows.ts'

vi.setConfig({ testTimeout: 90_000 })

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'Asia/Shanghai', locale: 'en' }))
const admin = await app.as('admin')
const f = await startFlows(app, admin)
const sweep = async () => {
  await app.sweep()
  await f.quiet()
}

test('a schedule goes through the records its condition holds for, each once an occurrence', async () => {
  const [one, two, ended] = [await f.chat(), await f.chat(), await f.chat()]
  await admin.put(`/conversations/${ended.id}/status`, { category: 'resolved' })
  const id = await f.flow(
    { code: 'schedule', params: { at: '18:00', days: [1, 2] } },
    [act('add_note', { text: 'Round' })],
    { condition: isOpen },
  )
  await sweep()
  expect(await f.runs(id)).toEqual([])
  app.clock.now = new Date('2026-01-05T10:00:00Z')
  await sweep()
  await sweep()
  expect((await f.runs(id)).map(({ recordId }) => recordId).sort()).toEqual([one.id, two.id].sort())
  app.clock.now = new Date('2026-01-06T09:00:00Z')
  await sweep()
  expect(await f.runs(id)).toHaveLength(2)
  app.clock.now = new Date('2026-01-06T10:00:01Z')
  await sweep()
  expect(await f.runs(id)).toHaveLength(4)
  const { body } = await (await app.as('admin')).get(`/flows/${id}`)
  expect(body).toMatchObject({ nextAt: '2026-01-12T10:00:00.000Z' })
})

test('hours after a moment it comes once for whom the condition still holds', async () => {
  const boss = await app.as('admin')
  const g = await startFlows(app, boss)
  const id = await g.flow({ code: 'elapsed', params: { field: 'waiting_since', hours: 2 } }, [tag('late')])
  const [waits, answered] = [await g.chat(), await g.chat()]
  await g.reply(answered.id)
  app.clock.advance(7_100)
  await sweep()
  expect(await g.tags(waits.id)).toEqual([])
  app.clock.advance(160)
  await sweep()
  app.clock.advance(61)
  await sweep()
  expect(await g.tags(waits.id)).toEqual(['late'])
  expect(await g.tags(answered.id)).toEqual([])
  expect(await g.runs(id)).toHaveLength(1)
})
