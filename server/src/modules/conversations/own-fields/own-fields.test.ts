import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { perform } from '../../../platform/actions.ts'
import { createCompany } from '../../settings/company.ts'
import type { Conversation } from '../schemas.ts'

const app = await startTestApp()
const store = await makeStore(app)
const admin = await app.as('admin')
const agent = await app.as('agent')

beforeAll(() => app.act(ctx => createCompany(ctx, { name: 'C', zone: 'UTC', locale: 'en' })))

async function chat() {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Hello')
  await app.settled()
  return body.conversation.id
}
async function define(type: string, fields: Record<string, unknown> = {}) {
  const key = `f${app.unique()}`
  const { status, body } = await admin.post('/conversation-fields', {
    ...{ key, type, nameZh: '字段', nameEn: 'Field', ...(type === 'choice' && { choices: ['a', 'b'] }) },
    ...fields,
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return { key, id: (body as { id: string }).id }
}
const fill = (id: string, values: Record<string, unknown>, more = {}) =>
  agent.put(`/conversations/${id}/fields`, { values, ...more }) as Promise<{
    status: number
    body: Conversation
  }>

describe('a field of conversations', () => {
  test.each<[string, unknown, unknown]>([
    ['text', 'A gift', 7],
    ['number', 7.5, '7'],
    ['choice', 'a', 'c'],
    ['date', '2026-02-28', '2026-02-30'],
    ['boolean', false, 'no'],
  ])('of %s takes %j and not %j, and is emptied by null', async (type, good, bad) => {
    const { key } = await define(type)
    const id = await chat()
    expect((await fill(id, { [key]: good })).body.customFields).toEqual({ [key]: good })
    expect((await fill(id, { [key]: bad })).body).toMatchObject({ error: { code: 'invalid_custom_field' } })
    expect((await fill(id, { [key]: null })).body.customFields).toEqual({})
  })

  test('that nobody made, or nobody uses any more, is refused', async () => {
    const { key, id: fieldId } = await define('text')
    const id = await chat()
    expect((await fill(id, { nowhere: 'x' })).body).toMatchObject({ error: { code: 'unknown_custom_field' } })
    await admin.patch(`/conversation-fields/${fieldId}`, { isActive: false })
    expect((await fill(id, { [key]: 'x' })).body).toMatchObject({ error: { code: 'unknown_custom_field' } })
  })

  test('is filled on what was seen, tells once, and keeps no card number', async () => {
    const { key } = await define('text')
    const id = await chat()
    const first = await fill(id, { [key]: '4111 1111 1111 1111' })
    expect(JSON.stringify(first.body.customFields)).not.toContain('4111')
    expect((await fill(id, first.body.customFields)).body.version).toBe(first.body.version)
    const stale = await fill(id, { [key]: 'x' }, { expectedVersion: first.body.version - 1 })
    expect(stale.body).toMatchObject({ error: { code: 'changed_meanwhile' } })
  })

  test('can be asked about in conditions, by its type, and is named among the fields', async () => {
    const [number, choice, flag] = [await define('number'), await define('choice'), await define('boolean')]
    const id = await chat()
    await fill(id, { [number.key]: 12, [choice.key]: 'b', [flag.key]: true })
    const count = async (field: string, is: string, value?: unknown) =>
      ((await agent.post('/views/previews', { condition: { field, is, value } })).body as { count: number })
        .count
    expect(await count(`own_number.${number.key}`, 'above', 11)).toBe(1)
    expect(await count(`own_number.${number.key}`, 'above', 12)).toBe(0)
    expect(await count(`own_choice.${choice.key}`, 'in', ['b'])).toBe(1)
    expect(await count(`own_boolean.${flag.key}`, 'is_true')).toBe(1)
    // Asked as what it is not, it is nothing.
    expect(await count(`own_number.${choice.key}`, 'above', 0)).toBe(0)
    const { fields } = (await agent.get('/fields/conversation')).body as {
      fields: { code: string; choices: string[] }[]
    }
    expect(fields.find(({ code }) => code === `own_choice.${choice.key}`)!.choices).toEqual(['a', 'b'])
    const odd = { field: `own_text.a' or 1=1`, is: 'is_set' }
    expect((await agent.post('/views/previews', { condition: odd })).body).toMatchObject({
      error: { code: 'unknown_field' },
    })
  })

  test('is set by an action, which says what brings it back', async () => {
    const { key } = await define('choice')
    const id = await chat()
    const set = (value: unknown) =>
      app.act(ctx => perform(ctx, 'conversation', id, { code: 'set_field', params: { key, value } }))
    await set('a')
    const { undo } = await set('b')
    expect(await set('b')).toEqual({ changed: false, undo: [] })
    for (const { params } of undo!) await set(params.value)
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({ customFields: { [key]: 'a' } })
  })
})

describe('a required field', () => {
  const resolve = (id: string) => agent.put(`/conversations/${id}/status`, { category: 'resolved' })

  test('is asked for where it is shown, by channel, store and reason, and only there', async () => {
    const { key, id: fieldId } = await define('text', { isRequired: true, reasonGroups: ['wismo'] })
    const id = await chat()
    expect((await resolve(id)).status).toBe(200)
    await agent.put(`/conversations/${id}/status`, { category: 'open' })
    await agent.put(`/conversations/${id}/reason`, { reason: 'wismo.in_transit' })
    const refused = { status: 422, body: { error: { code: 'fields_required', details: { keys: [key] } } } }
    expect(await resolve(id)).toMatchObject(refused)
    const reply = { clientId: randomUUID(), text: 'Done', lastSeenSeq: 99, afterwards: 'resolve' }
    expect(await agent.post(`/conversations/${id}/replies`, reply)).toMatchObject(refused)
    await fill(id, { [key]: 'On the way' })
    expect((await resolve(id)).status).toBe(200)
    await admin.patch(`/conversation-fields/${fieldId}`, { channelKinds: ['mail'], reasonGroups: [] })
    expect((await resolve(await chat())).status).toBe(200)
  })

  test('is not in the way of one that says no', async () => {
    const { key, id: fieldId } = await define('boolean', { isRequired: true })
    const id = await chat()
    expect((await resolve(id)).status).toBe(422)
    await fill(id, { [key]: false })
    expect((await resolve(id)).status).toBe(200)
    await admin.patch(`/conversation-fields/${fieldId}`, { isRequired: false })
  })
})
