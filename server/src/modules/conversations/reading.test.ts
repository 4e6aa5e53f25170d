import { expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'

const app = await startTestApp()
const store = await makeStore(app)
const [agent, colleague] = [await app.as('agent'), await app.as('agent')]

test('what was read is unread again for oneself, by the customer’s last message, and no further', async () => {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('One')
  await visitor.say('Two')
  await app.settled()
  const { id } = body.conversation
  const unreadOf = async (by = agent) =>
    ((await by.get(`/conversations/${id}`)).body as { unread: number }).unread
  for (const by of [agent, colleague]) await by.put(`/conversations/${id}/read`, { seq: 99 })
  await agent.post(`/conversations/${id}/notes`, { clientId: crypto.randomUUID(), text: 'Seen' })
  await agent.put(`/conversations/${id}/read`, { seq: 99 })
  expect(await unreadOf()).toBe(0)
  await agent.delete(`/conversations/${id}/read`)
  await agent.delete(`/conversations/${id}/read`)
  expect([await unreadOf(), await unreadOf(colleague)]).toEqual([1, 0])
  await agent.put(`/conversations/${id}/read`, { seq: 99 })
  expect(await unreadOf()).toBe(0)
})
