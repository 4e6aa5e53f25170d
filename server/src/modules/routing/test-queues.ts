import type { TestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { createQueue } from './queues.ts'
import { NewQueue } from './schemas.ts'

/** A store whose chats wait in a queue of their own. */
export async function makeQueuedStore(
  app: TestApp,
  fields: Partial<NewQueue> = {},
  storeFields: Parameters<typeof makeStore>[1] = {},
) {
  const store = await makeStore(app, storeFields)
  const queue = await makeQueue(app, { storeIds: [store.id], channelKinds: ['web_chat'], ...fields })
  return { ...store, queue }
}

export async function makeQueue(app: TestApp, fields: Partial<NewQueue> = {}) {
  const queue = await app.act(ctx =>
    createQueue(ctx, NewQueue.parse({ name: `Queue ${app.unique()}`, ...fields })),
  )
  await app.settled()
  return queue
}

/** An agent of this store at work. */
export async function goOnline(app: TestApp, store: { id: string }, fields: Record<string, unknown> = {}) {
  const agent = await app.as('agent', { storeIds: [store.id], languages: ['en'], ...fields })
  await agent.put('/session/availability', { state: 'online' })
  await app.settled()
  return agent
}

export async function startChat(
  app: TestApp,
  store: { key: string },
  text = 'Hello, I have a question about my order',
  known?: Awaited<ReturnType<typeof makeVisitor>>,
) {
  const visitor = known ?? (await makeVisitor(app, store))
  const { body } = await visitor.say(text)
  await app.settled()
  return { visitor, id: body.conversation.id }
}

export const rowOf = async (app: TestApp, id: string) =>
  (await app.place.pool.query('select * from conversations where id = $1', [id])).rows[0]

export const holderOf = async (app: TestApp, id: string): Promise<string | null> =>
  (await rowOf(app, id)).assignee_id
