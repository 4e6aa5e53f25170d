import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { createCompany } from '../settings/company.ts'
import { deactivateStaff } from '../staff/staff.ts'
import { act, startFlows, tag, wait } from './test-flows.ts'

const app = await startTestApp()
await app.act(ctx => createCompany(ctx, { name: 'Test', zone: 'UTC', locale: 'en' }))
const admin = await app.as('admin')
const f = await startFlows(app, admin)
const publish = (id: string, by: typeof admin = admin) => by.put(`/flows/${id}/publication`, {})

describe('a draft', () => {
  const nested = (deep: number): unknown =>
    deep === 0 ? tag('x') : { do: 'branch', if: { all: [] }, yes: [nested(deep - 1)], no: [] }
  const steps = (...steps: unknown[]) => ({ trigger: { code: 'opened' }, steps })

  test.each<[string, object, string, string]>([
    ['no trigger', { steps: [] }, 'malformed_flow', 'trigger'],
    [
      'a trigger nobody knows',
      { trigger: { code: 'eclipse' }, steps: [] },
      'unknown_trigger',
      'trigger.code',
    ],
    [
      'a trigger that lacks what it asks for',
      { trigger: { code: 'clock_breached', params: { kinds: ['tea'] } }, steps: [] },
      'malformed_flow',
      'trigger.params.kinds.0',
    ],
    [
      'a condition about nothing',
      { ...steps(), condition: { field: 'shoe_size', is: 'is_set' } },
      'unknown_field',
      'condition.field',
    ],
    [
      'a condition about whoever reads',
      { ...steps(), condition: { field: 'assignee', is: 'in', value: ['@me'] } },
      'nobody_reads',
      'condition',
    ],
    ['an action nobody knows', steps(tag('a'), act('fly', {})), 'unknown_action', 'steps.1.action.code'],
    [
      'an action that lacks something, deep in a branch',
      steps({ do: 'branch', if: { all: [] }, yes: [], no: [act('set_priority', { priority: 'mad' })] }),
      'invalid_action',
      'steps.0.no.0.action.params.priority',
    ],
    [
      'a branch that asks for nothing known',
      steps({ do: 'branch', if: { field: 'x', is: 'is_set' }, yes: [] }),
      'unknown_field',
      'steps.0.if.field',
    ],
    ['a wait beyond 90 days', steps(wait(91, 'days')), 'wait_too_long', 'steps.0.n'],
    [
      'a wait for what never comes',
      steps(wait(1, 'days', { orUntil: 'x' })),
      'unknown_trigger',
      'steps.0.orUntil',
    ],
    ['branches six deep', steps(nested(6)), 'branches_too_deep', 'steps'],
    ['51 steps', steps(...Array(51).fill(tag('x'))), 'malformed_flow', 'steps'],
    ['a step of no kind', steps({ do: 'dance' }), 'malformed_flow', 'steps.0.do'],
  ])('with %s may be drawn up, but not published', async (_, draft, code, path) => {
    const { status, body } = await f.draw(draft as Record<string, unknown>)
    expect(status).toBe(201)
    expect(await publish(body.id)).toMatchObject({
      status: 422,
      body: { error: { code, details: { path } } },
    })
  })

  test('with branches five deep is published', async () => {
    const { body } = await f.draw(steps(nested(5)))
    expect((await publish(body.id)).status).toBe(200)
  })

  test('that somebody changed meanwhile is not written over', async () => {
    const { body } = await f.draw(steps())
    const change = { name: 'Mine', expectedVersion: body.version }
    expect((await admin.patch(`/flows/${body.id}`, change)).status).toBe(200)
    expect(await admin.patch(`/flows/${body.id}`, change)).toMatchObject({
      status: 409,
      body: { error: { code: 'changed_meanwhile' } },
    })
  })
})

describe('publishing', () => {
  const opened = { trigger: { code: 'opened' }, steps: [act('assign', { staffId: null })] }

  test('keeps what was, and numbers it', async () => {
    const { body } = await f.draw(opened)
    expect((await admin.put(`/flows/${body.id}/state`, { state: 'on' })).body).toMatchObject({
      error: { code: 'not_published' },
    })
    await publish(body.id)
    await admin.patch(`/flows/${body.id}`, { draft: { ...opened, steps: [tag('x')] } })
    expect((await admin.get(`/flows/${body.id}`)).body).toMatchObject({ isChanged: true, state: 'off' })
    await publish(body.id)
    const { items } = (await admin.get(`/flows/${body.id}/versions`)).body as { items: object[] }
    expect(items).toMatchObject([
      { number: 2, terms: { steps: [{ action: { code: 'add_tags' } }] } },
      { number: 1, terms: { steps: [{ action: { code: 'assign' } }] }, publishedBy: { id: admin.id } },
    ])
  })

  test('needs the permission for each action, and tells when its publisher has lost one', async () => {
    const keeper = (permissions: string[]) => admin.post('/roles', { name: `R ${app.unique()}`, permissions })
    const role = (await keeper(['flows:read', 'flows:manage', 'conversations:read', 'conversations:assign']))
      .body as { id: string }
    const publisher = await app.as('supervisor')
    await admin.patch(`/staff/${publisher.id}`, { roleId: role.id })
    const { body: noting } = await f.draw({ ...opened, steps: [act('add_note', { text: 'x' })] })
    expect(await publish(noting.id, publisher)).toMatchObject({ status: 403 })
    const { body } = await f.draw(opened)
    expect(await publish(body.id, publisher)).toMatchObject({ status: 200, body: { warnings: [] } })
    await admin.patch(`/roles/${role.id}`, { permissions: ['conversations:read'] })
    expect((await f.flowOf(body.id)).warnings).toEqual(['publisher_lacks'])
    await app.act(ctx => deactivateStaff(ctx, publisher.id))
    expect((await f.flowOf(body.id)).warnings).toEqual(['publisher_gone'])
  })

  test('by who sees one store reaches that store alone, and leaves alone what reaches others', async () => {
    const supervisor = await app.as('supervisor', { storeIds: [f.store.id] })
    const other = await startFlows(app, admin)
    const { body } = await f.draw({ trigger: { code: 'opened' }, steps: [tag('theirs')] })
    await publish(body.id, supervisor)
    await supervisor.put(`/flows/${body.id}/state`, { state: 'on' })
    expect(await f.tags((await f.chat()).id)).toEqual(['theirs'])
    expect(await f.tags((await other.chat()).id)).toEqual([])
    await f.off(body.id)
    const { body: wide } = await f.draw(opened)
    await publish(wide.id)
    expect(await publish(wide.id, supervisor)).toMatchObject({
      body: { error: { code: 'beyond_your_stores' } },
    })
  })
})

test('a new house finds five flows, all off, in the language of whoever reads', async () => {
  type Listed = { name: string; state: string; published: unknown; id: string }
  const seeded = async () =>
    ((await admin.get('/flows')).body as { items: Listed[] }).items.filter(
      ({ name }) => !/^(Flow|Mine)/.test(name),
    )
  const english = (await seeded()).filter(({ published }) => published === null)
  expect(english.map(({ state }) => state)).toEqual(Array(5).fill('off'))
  expect(english[0]!.name).toBe('Put VIPs who write first')
  for (const { id } of english) expect((await publish(id)).status).toBe(200)
  await admin.patch('/session', { locale: 'zh' })
  expect((await seeded()).map(({ name }) => name)).toContain('VIP 客户来信，优先处理')
})
