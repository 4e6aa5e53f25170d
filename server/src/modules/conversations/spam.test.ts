import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { getConversation } from './conversations.ts'

const app = await startTestApp()
const store = await makeStore(app)
const agent = await app.as('agent')

const chat = async () => {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Buy followers')
  await app.settled()
  return body.conversation.id
}
const act = async (id: string, code: string, more = {}) =>
  (await agent.post(`/conversations/${id}/actions`, { actions: [{ code, params: {} }], ...more })).body as {
    undo: object[]
    left: object
  }
const rowOf = (id: string) => getConversation(app.look(), id)
const running = async (id: string) =>
  (await app.place.pool.query('select kind from clocks where subject_id = $1 and stopped_at is null', [id]))
    .rows
const idsIn = async (view: string) =>
  (
    (await agent.get(`/conversations?view=${view}&storeId=${store.id}`)).body as { items: { id: string }[] }
  ).items.map(({ id }) => id)

describe('marking spam', () => {
  test('closes it, stops every clock and sets it apart from what was resolved', async () => {
    const id = await chat()
    await act(id, 'mark_spam')
    expect(await rowOf(id)).toMatchObject({ category: 'closed', waitingSince: null, spamAt: app.clock.now })
    expect(await running(id)).toEqual([])
    expect(await idsIn('spam')).toContain(id)
    expect(await idsIn('resolved')).not.toContain(id)
  })

  test('is undone with the customer waiting as before, by the same clocks', async () => {
    const id = await chat()
    const before = await rowOf(id)
    const { undo, left } = await act(id, 'mark_spam')
    app.clock.advance(90)
    await agent.post(`/conversations/${id}/actions`, { actions: undo, left })
    const { category, waitingSince, dueAt } = before
    expect(await rowOf(id)).toMatchObject({ category, waitingSince, dueAt, spamAt: null })
  })

  test('that was a mistake lets the customer wait since he wrote, whenever that is found out', async () => {
    const id = await chat()
    const { waitingSince, dueAt } = await rowOf(id)
    await act(id, 'mark_spam')
    app.clock.advance(7_200)
    await act(id, 'unmark_spam')
    expect(await rowOf(id)).toMatchObject({ category: 'open', waitingSince, dueAt, spamAt: null })
    expect(await idsIn('spam')).not.toContain(id)
  })

  test('twice is once', async () => {
    const id = await chat()
    await act(id, 'mark_spam')
    expect(await act(id, 'mark_spam')).toMatchObject({ changed: false })
  })
})
