import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { type ActionCall, checkCalls, perform } from '../../platform/actions.ts'
import type { Ctx } from '../../platform/context.ts'
import { getConversation } from './conversations.ts'

const app = await startTestApp()
const store = await makeStore(app)
const agent = await app.as('agent')
const session = (await agent.get('/session')).body as { id: string }

const chat = async () => {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Hello')
  await app.settled()
  return { visitor, id: body.conversation.id as string }
}
const act = (id: string, code: string, params: Record<string, unknown>) =>
  app.act(ctx => perform(ctx, 'conversation', id, { code, params }))
const stateOf = async (id: string) => {
  const { category, assigneeId, teamId, priority, tags, reason, snoozedUntil, labelId, waitingFor } =
    await getConversation(app.look(), id)
  return { category, assigneeId, teamId, priority, tags, reason, snoozedUntil, labelId, waitingFor }
}
const later = () => new Date(app.clock.now.getTime() + 3_600_000).toISOString()

describe('an action', () => {
  test.each<[string, (ctx: { staffId: string }) => Record<string, unknown>]>([
    ['assign', ({ staffId }) => ({ staffId })],
    ['set_status', () => ({ category: 'waiting_third_party', waitingFor: 'carrier' })],
    ['snooze', () => ({ until: later() })],
    ['snooze', () => ({ forMinutes: 90 })],
    ['set_priority', () => ({ priority: 'urgent' })],
    ['add_tags', () => ({ tags: ['gift', 'gift', 'rush'] })],
  ])('%s says what brings the conversation back to how it was', async (code, params) => {
    const { id } = await chat()
    await act(id, 'add_tags', { tags: ['gift'] })
    await act(id, 'set_status', { category: 'open' })
    const before = await stateOf(id)
    const done = await act(id, code, params({ staffId: session.id }))
    expect(done.changed).toBe(true)
    expect(await stateOf(id)).not.toEqual(before)
    for (const { code, params } of done.undo ?? []) await act(id, code, params)
    expect(await stateOf(id)).toEqual(before)
  })

  test.each([
    ['assign', { staffId: null }],
    ['set_priority', { priority: 'normal' }],
    ['add_tags', { tags: [] }],
    ['remove_tags', { tags: ['nowhere'] }],
  ])('%s that changes nothing says so and tells nobody', async (code, params) => {
    const { id } = await chat()
    const { version } = await getConversation(app.look(), id)
    expect(await act(id, code, params)).toEqual({ changed: false, undo: [] })
    expect((await getConversation(app.look(), id)).version).toBe(version)
  })

  test('brings back the hour until which a conversation was snoozed', async () => {
    const { id } = await chat()
    await act(id, 'snooze', { until: later() })
    const before = await stateOf(id)
    const { undo } = await act(id, 'set_status', { category: 'open' })
    for (const { code, params } of undo ?? []) await act(id, code, params)
    expect(await stateOf(id)).toEqual(before)
  })

  test('leaves a conversation with who has it where it is told to take only what is free', async () => {
    const { id } = await chat()
    await act(id, 'assign', { staffId: session.id })
    expect(await act(id, 'assign', { staffId: null, onlyIfFree: true })).toEqual({ changed: false, undo: [] })
    expect((await stateOf(id)).assigneeId).toBe(session.id)
  })

  test('that says something to the customer cannot be brought back', async () => {
    const { id, visitor } = await chat()
    expect(await act(id, 'reply', { text: 'We look into it' })).toEqual({ changed: true, undo: null })
    expect(await act(id, 'add_note', { text: 'not for him' })).toEqual({ changed: true, undo: null })
    const { body } = await visitor.get('/widget/conversation')
    expect(JSON.stringify(body)).not.toContain('not for him')
  })
})

describe('a list of actions is refused', () => {
  const check = (calls: ActionCall[], permissions?: string[]) =>
    app.act(async ctx => {
      const as: Ctx = permissions
        ? { ...ctx, actor: { ...ctx.actor, permissions: new Set(permissions) } }
        : ctx
      checkCalls(as, 'conversation', calls, 'actions')
    })
  const priority = { code: 'set_priority', params: { priority: 'low' } }

  test('with the place of what is unknown', async () => {
    await expect(check([priority, { code: 'drop table', params: {} }])).rejects.toMatchObject({
      status: 422,
      code: 'unknown_action',
      details: { path: 'actions.1.code' },
    })
  })

  test('with the place of what it lacks or knows nothing of', async () => {
    await expect(check([{ code: 'assign', params: { staffId: 'me' } }])).rejects.toMatchObject({
      code: 'invalid_action',
      details: { path: 'actions.0.params.staffId' },
    })
    await expect(check([{ ...priority, params: { ...priority.params, version: 7 } }])).rejects.toMatchObject({
      code: 'invalid_action',
    })
  })

  test.each([
    ['no end', {}],
    ['two ends', { forMinutes: 60, untilMorning: 'monday' }],
    ['no length', { forMinutes: 0 }],
    ['a length beyond a year', { forMinutes: 400 * 24 * 60 }],
  ])('where it snoozes to %s', async (_, params) => {
    await expect(check([{ code: 'snooze', params }])).rejects.toMatchObject({ code: 'invalid_action' })
  })

  test('where its maker may not do it himself', async () => {
    await expect(check([priority], ['conversations:read'])).rejects.toMatchObject({ status: 403 })
    await expect(check([priority], ['conversations:reply'])).resolves.toBeUndefined()
  })
})

test('everybody sees what he may do himself, with what each asks for', async () => {
  const { body } = await agent.get('/actions/conversation')
  const { items } = body as { items: { code: string; params: { properties: Record<string, object> } }[] }
  expect(items.map(({ code }) => code)).toContain('set_priority')
  expect(items.find(({ code }) => code === 'assign')?.params.properties.staffId).toMatchObject({
    anyOf: [{ of: 'staff' }, { type: 'null' }],
  })
  const reader = await app.as('owner')
  const seen = (await reader.get('/actions/conversation')).body as { items: { code: string }[] }
  expect(seen.items.map(({ code }) => code)).not.toContain('assign')
})
