import { randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import type { TestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { getConversation } from '../conversations/conversations.ts'
import { messages } from '../conversations/tables.ts'
import { flowRuns, flowSteps } from './tables.ts'
import { runDue } from './worker.ts'

type Client = Awaited<ReturnType<TestApp['as']>>
type Draft = Record<string, unknown>

export const act = (code: string, params: Record<string, unknown>, more: object = {}) => ({
  ...{ do: 'act', action: { code, params } },
  ...more,
})
export const tag = (...tags: string[]) => act('add_tags', { tags })
export const untag = (...tags: string[]) => act('remove_tags', { tags })
export const wait = (n: number, unit: string, more: object = {}) => ({ do: 'wait', n, unit, ...more })
export const isOpen = { field: 'category', is: 'not_in', value: ['resolved', 'closed'] }

/** A house in which flows are drawn up and conversations begin. */
export async function startFlows(app: TestApp, admin: Client) {
  const store = await makeStore(app)

  /** Waits until every reaction has run and no flow has anything to do at the present time. */
  async function quiet() {
    for (let round = 0; round < 200; round++) {
      await app.settled()
      const moved = await runDue(app.place)
      const { rows } = await app.place.pool.query(
        `select (select count(*)::int from flow_runs where wake_at <= $1) as due,
          (select coalesce(max(id), 0) from events) > (select position from reaction_cursors where name = 'all') as behind`,
        [app.clock.now],
      )
      if (!moved && rows[0].due === 0 && !rows[0].behind) return
      await new Promise(done => setTimeout(done, 5))
    }
    throw new Error('The flows never came to rest.')
  }

  const draw = async (draft: Draft, name = `Flow ${app.unique()}`) =>
    (await admin.post('/flows', { name, draft })) as { status: number; body: { id: string; version: number } }

  return {
    store,
    quiet,
    draw,
    /** Drawn up, published and on. */
    async flow(trigger: string | { code: string; params: object }, steps: unknown[], more: Draft = {}) {
      const code = typeof trigger === 'string' ? { code: trigger } : trigger
      const { body } = await draw({ trigger: code, steps, ...more })
      for (const [url, input] of [
        [`/flows/${body.id}/publication`, {}],
        [`/flows/${body.id}/state`, { state: 'on' }],
      ] as const) {
        const answer = await admin.put(url, input)
        if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
      }
      return body.id
    },
    off: (id: string) => admin.put(`/flows/${id}/state`, { state: 'off' }),
    async chat(text = 'Hello') {
      const visitor = await makeVisitor(app, store)
      const { body } = await visitor.say(text)
      await quiet()
      return { visitor, id: body.conversation.id as string }
    },
    reply: (id: string, text = 'Good day') =>
      admin.post(`/conversations/${id}/replies`, { clientId: randomUUID(), text, lastSeenSeq: 10_000 }),
    state: (id: string) => getConversation(app.look(), id),
    tags: async (id: string) => [...(await getConversation(app.look(), id)).tags].sort(),
    said: async (id: string) =>
      (
        await app
          .look()
          .db.select()
          .from(messages)
          .where(eq(messages.conversationId, id))
          .orderBy(asc(messages.seq))
      ).filter(({ kind }) => kind === 'reply'),
    runs: (flowId: string) =>
      app.look().db.select().from(flowRuns).where(eq(flowRuns.flowId, flowId)).orderBy(asc(flowRuns.id)),
    steps: async (runId: string) =>
      (
        await app
          .look()
          .db.select()
          .from(flowSteps)
          .where(eq(flowSteps.runId, runId))
          .orderBy(asc(flowSteps.n))
      ).map(({ place, outcome, code }) => [place, outcome, ...(code ? [code] : [])].join(' ')),
    events: async (name: string) =>
      (await app.place.pool.query('select * from events where name = $1 order by id', [name])).rows,
    flowOf: async (id: string) =>
      (await admin.get(`/flows/${id}`)).body as {
        state: string
        suspendedWhy: string | null
        warnings: string[]
      },
  }
}
