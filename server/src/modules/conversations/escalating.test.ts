import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { createPolicy } from '../clocks/policies.ts'
import type { Escalation } from '../clocks/tables.ts'
import { newPolicy, seconds } from '../clocks/test-policies.ts'
import { createTeam } from '../staff/teams.ts'
import { escalate } from './escalating.ts'

const app = await startTestApp()
const agent = await app.as('agent')
const supervisor = await app.as('supervisor')

async function open(...escalations: Escalation[]) {
  const store = await makeStore(app)
  const policy = { code: `test-${app.unique()}`, storeId: store.id, calendar: 'always' as const }
  await app.act(ctx =>
    createPolicy(ctx, newPolicy({ ...policy, window: seconds(100), warnAt: [], escalations })),
  )
  const { body } = await (await makeVisitor(app, store)).say('Hello')
  return body.conversation.id
}
const pass = async (seconds: number) => {
  app.clock.advance(seconds)
  await app.sweep()
  await app.settled()
}
const read = async (id: string) =>
  (await agent.get(`/conversations/${id}`)).body as unknown as {
    priority: string
    assignee: { id: string } | null
    team: { id: string } | null
  }
const told = async (id: string, name: string) =>
  (
    await app.place.pool.query(
      'select payload from events where conversation_id = $1 and name = $2 order by id',
      [id, name],
    )
  ).rows.map(({ payload }) => payload)

describe('an escalation', () => {
  test('raises the priority at its fraction, and never lowers it', async () => {
    const id = await open({ at: { fraction: 0.8 }, do: 'raise_priority', to: 'high' })
    await pass(79)
    expect((await read(id)).priority).toBe('normal')
    await pass(1)
    expect((await read(id)).priority).toBe('high')
    const urgent = await open({ at: { fraction: 0.8 }, do: 'raise_priority', to: 'high' })
    await agent.put(`/conversations/${urgent}/priority`, { priority: 'urgent' })
    await pass(90)
    expect((await read(urgent)).priority).toBe('urgent')
  })

  test('calls whom it concerns: who holds it, his team, the supervisors of the store', async () => {
    const team = await app.act(ctx =>
      createTeam(ctx, { name: `Team ${app.unique()}`, memberIds: [agent.id] }),
    )
    const id = await open(
      { at: { fraction: 0.5 }, do: 'notify', whom: 'assignee' },
      { at: { fraction: 1 }, do: 'notify', whom: 'team' },
      { at: { minutesAfterBreach: 2 }, do: 'notify', whom: 'supervisors' },
    )
    await agent.put(`/conversations/${id}/assignee`, { staffId: agent.id, teamId: team.id })
    await pass(50)
    await pass(50)
    await pass(119)
    expect(await told(id, 'escalation.raised')).toMatchObject([
      { whom: 'assignee', staffIds: [agent.id] },
      { whom: 'team', staffIds: [agent.id] },
    ])
    await pass(1)
    expect((await told(id, 'escalation.raised')).at(-1)).toMatchObject({
      whom: 'supervisors',
      staffIds: expect.arrayContaining([supervisor.id]),
    })
  })

  test('gives it to another team, or back into the queue, and says why', async () => {
    const team = await app.act(ctx => createTeam(ctx, { name: `Team ${app.unique()}`, memberIds: [] }))
    const id = await open({ at: { fraction: 1 }, do: 'reassign', teamId: team.id })
    await agent.put(`/conversations/${id}/assignee`, { staffId: agent.id })
    await pass(100)
    expect(await read(id)).toMatchObject({ assignee: null, team: { id: team.id } })
    const { items } = (await agent.get(`/conversations/${id}/assignments`)).body as { items: object[] }
    expect(items[0]).toMatchObject({ reason: 'escalated', by: { kind: 'system' } })
  })

  test('leaves a note that mentions somebody', async () => {
    const id = await open({
      ...{ at: { fraction: 1 }, do: 'note', mentionId: supervisor.id, text: 'Please look' },
    })
    await pass(100)
    expect(await told(id, 'mention.made')).toMatchObject([{ staffId: supervisor.id }])
  })

  test('told again is not done again', async () => {
    const id = await open({ at: { fraction: 1 }, do: 'note', mentionId: supervisor.id, text: 'Please look' })
    await pass(100)
    const [escalated] = await told(id, 'clock.escalated')
    await app.act(ctx => escalate(ctx, escalated))
    expect(await told(id, 'mention.made')).toHaveLength(1)
  })

  test('that the answer came before is not done', async () => {
    const id = await open({ at: { fraction: 1 }, do: 'raise_priority', to: 'urgent' })
    await pass(99)
    await agent.post(`/conversations/${id}/replies`, {
      ...{ clientId: randomUUID(), text: 'Yes', attachmentIds: [], lastSeenSeq: 100 },
    })
    await pass(10)
    expect((await read(id)).priority).toBe('normal')
  })

  test('told just before the answer is not done after it', async () => {
    const id = await open({ at: { fraction: 1 }, do: 'raise_priority', to: 'urgent' })
    await agent.post(`/conversations/${id}/replies`, {
      ...{ clientId: randomUUID(), text: 'Yes', attachmentIds: [], lastSeenSeq: 100 },
    })
    const { rows } = await app.place.pool.query('select id from clocks where subject_id = $1', [id])
    const told = { conversationId: id, clockId: rows[0].id, kind: 'first_response', step: 0 }
    await app.act(ctx => escalate(ctx, told))
    expect((await read(id)).priority).toBe('normal')
  })

  test('that was slept through is done, each once', async () => {
    const id = await open(
      { at: { fraction: 0.5 }, do: 'raise_priority', to: 'high' },
      { at: { minutesAfterBreach: 5 }, do: 'note', mentionId: supervisor.id, text: 'Late' },
    )
    await pass(3_600)
    await pass(3_600)
    expect((await read(id)).priority).toBe('high')
    expect(await told(id, 'mention.made')).toHaveLength(1)
    expect(await told(id, 'clock.breached')).toHaveLength(1)
  })
})
