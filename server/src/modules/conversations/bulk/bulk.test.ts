import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import type { ActionCall } from '../../../platform/actions.ts'
import { changeStaff } from '../../staff/staff.ts'
import { getConversation } from '../conversations.ts'
import type { BulkJob } from './schemas.ts'

const app = await startTestApp()
const store = await makeStore(app)
const agent = await app.as('agent')
const supervisor = await app.as('supervisor')

type Client = typeof agent
const chat = async (place = store) => {
  const visitor = await makeVisitor(app, place)
  const { body } = await visitor.say('Hello')
  await app.settled()
  return { visitor, id: body.conversation.id }
}
const chats = async (count: number, place = store) => {
  const all: string[] = []
  for (let n = 0; n < count; n++) all.push((await chat(place)).id)
  return all
}
const rowOf = (id: string) => getConversation(app.look(), id)
const urgent = { code: 'set_priority', params: { priority: 'urgent' } }
const resolve = { code: 'set_status', params: { category: 'resolved' } }

const start = (who: Client, actions: ActionCall[], chosen: object) =>
  who.post('/bulk-jobs', { actions, ...chosen })

async function ended(who: Client, id: string): Promise<BulkJob> {
  for (let tries = 0; tries < 200; tries++) {
    app.place.wake()
    const { body } = await who.get(`/bulk-jobs/${id}`)
    if ((body as BulkJob).state !== 'running') return body as BulkJob
    await new Promise(done => setTimeout(done, 25))
  }
  throw new Error('The job did not end.')
}
async function run(who: Client, actions: ActionCall[], conversationIds: string[]) {
  const { status, body } = await start(who, actions, { conversationIds })
  expect(status).toBe(202)
  return ended(who, (body as BulkJob).id)
}
const undo = async (who: Client, id: string) => {
  const { body } = await who.put(`/bulk-jobs/${id}/undo`)
  return ended(who, (body as BulkJob).id)
}
const itemsOf = async (id: string, query = '') => {
  const { body } = await supervisor.get(`/bulk-jobs/${id}/items?limit=100${query}`)
  return (body as { items: { conversation: { id: string }; state: string; code: string | null }[] }).items
}

describe('doing something to many', () => {
  test('does it to each and says what became of it', async () => {
    const [first, second, third] = await chats(3)
    await agent.put(`/conversations/${second}/priority`, { priority: 'urgent' })
    const job = await run(agent, [urgent], [first!, second!, third!])
    expect(job).toMatchObject({ state: 'done', total: 3, counts: { done: 2, unchanged: 1, waiting: 0 } })
    expect((await rowOf(third!)).priority).toBe('urgent')
    expect(await itemsOf(job.id, '&state=unchanged')).toMatchObject([{ conversation: { id: second } }])
  })

  test('takes all that a view shows at the moment it begins, and none that come later', async () => {
    const place = await makeStore(app)
    const all = await chats(3, place)
    const { body } = await start(agent, [{ code: 'add_tags', params: { tags: ['sale'] } }], {
      filter: { view: 'unassigned', storeId: place.id },
    })
    const late = await chat(place)
    const job = await ended(agent, (body as BulkJob).id)
    expect(job.counts.done).toBe(3)
    for (const id of all) expect((await rowOf(id)).tags).toEqual(['sale'])
    expect((await rowOf(late.id)).tags).toEqual([])
  })

  test('goes on where one is refused', async () => {
    const [gone, there] = await chats(2)
    await agent.put(`/conversations/${gone}/status`, { category: 'resolved' })
    const until = new Date(app.clock.now.getTime() + 3_600_000).toISOString()
    const job = await run(agent, [urgent, { code: 'snooze', params: { until } }], [gone!, there!])
    expect(job.counts).toMatchObject({ done: 1, refused: 1 })
    expect(await itemsOf(job.id, '&state=refused')).toMatchObject([{ code: 'conversation_ended' }])
    // All or nothing: what came before the refusal is undone with it.
    expect((await rowOf(gone!)).priority).toBe('normal')
  })

  test('is refused as a whole where one of the actions is not his to do', async () => {
    const reader = await app.as('owner')
    const conversationIds = await chats(1)
    expect(await start(reader, [urgent], { conversationIds })).toMatchObject({
      status: 403,
      body: { error: { code: 'permission_denied' } },
    })
  })

  test('reaches no conversation of a store that is not his to see', async () => {
    const mine = await app.as('agent', { storeIds: [store.id] })
    const foreign = await chat(await makeStore(app))
    const refused = await start(mine, [urgent], { conversationIds: [foreign.id] })
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'nothing_chosen' } } })
    const job = await run(mine, [urgent], [foreign.id, ...(await chats(1))])
    expect(job.total).toBe(1)
    expect((await rowOf(foreign.id)).priority).toBe('normal')
  })

  test('answers many only for who may do just that', async () => {
    const conversationIds = await chats(2)
    const reply = [{ code: 'reply', params: { text: 'We are late, and sorry.' } }]
    expect(await start(agent, reply, { conversationIds })).toMatchObject({ status: 403 })
    const job = await run(supervisor, reply, conversationIds)
    expect(job.counts.done).toBe(2)
    expect((await rowOf(conversationIds[0]!)).lastSeq).toBe(2)
    expect((await undo(supervisor, job.id)).counts).toMatchObject({ skipped: 2, done: 0 })
  })

  test('is stopped with what is left when its rights are taken from who started it', async () => {
    const leaver = await app.as('agent')
    const conversationIds = await chats(2)
    const { body } = await start(leaver, [urgent], { conversationIds })
    const trainer = await app.place.pool.query("select id from roles where code = 'trainer'")
    await app.place.pool.query("update bulk_items set state = 'waiting' where job_id = $1", [
      (body as BulkJob).id,
    ])
    await app.act(ctx => changeStaff(ctx, leaver.id, { roleId: trainer.rows[0].id }))
    const job = await ended(supervisor, (body as BulkJob).id)
    expect(job.counts.refused + job.counts.done + job.counts.unchanged).toBe(2)
    await app.place.pool.query("update bulk_jobs set state = 'running', ended_at = null where id = $1", [
      job.id,
    ])
    await app.place.pool.query("update bulk_items set state = 'waiting' where job_id = $1", [job.id])
    expect((await ended(supervisor, job.id)).counts.refused).toBe(2)
    expect(await itemsOf(job.id)).toMatchObject([
      { code: 'permission_denied' },
      { code: 'permission_denied' },
    ])
  })

  test('is taken up where it stands, each item once, where it broke off in the middle of one', async () => {
    const conversationIds = await chats(4)
    await app.place.pool.query(`
      create sequence breaks;
      create function break_off() returns trigger language plpgsql as $$ begin
        if new.state = 'done' and new.place = 2 and nextval('breaks') = 1 then
          raise exception 'killed' using errcode = '40001';
        end if;
        return new;
      end $$;
      create trigger break_off before update on bulk_items for each row execute function break_off()`)
    const job = await run(supervisor, [{ code: 'add_note', params: { text: 'Once' } }], conversationIds)
    await app.place.pool.query('drop trigger break_off on bulk_items')
    expect(job.counts.done).toBe(4)
    const { rows } = await app.place.pool.query(
      "select count(*)::int as n from messages where kind = 'note' and conversation_id = any($1) group by conversation_id",
      [conversationIds],
    )
    expect(rows.map(({ n }) => n)).toEqual([1, 1, 1, 1])
  })

  test('can be stopped: what is done stays done', async () => {
    const conversationIds = await chats(3)
    const { body } = await start(agent, [urgent], { conversationIds })
    const { id } = body as BulkJob
    await agent.put(`/bulk-jobs/${id}/cancellation`)
    const { counts } = await ended(agent, id)
    expect(counts.done + counts.cancelled).toBe(3)
    expect(await agent.put(`/bulk-jobs/${id}/cancellation`)).toMatchObject({ status: 409 })
  })

  test('is nobody else’s to see, save for who manages the inbox', async () => {
    const job = await run(agent, [urgent], await chats(1))
    const other = await app.as('agent')
    expect(await other.get(`/bulk-jobs/${job.id}`)).toMatchObject({ status: 404 })
    expect(await other.put(`/bulk-jobs/${job.id}/undo`)).toMatchObject({ status: 404 })
    expect(await supervisor.get(`/bulk-jobs/${job.id}`)).toMatchObject({ status: 200 })
  })
})

describe('undoing it', () => {
  test('brings each back to how it was', async () => {
    const [first, second] = await chats(2)
    await agent.put(`/conversations/${second}/priority`, { priority: 'low' })
    const job = await run(agent, [urgent], [first!, second!])
    const undone = await undo(agent, job.id)
    expect(undone).toMatchObject({ state: 'done', undoesId: job.id, counts: { done: 2 } })
    expect([(await rowOf(first!)).priority, (await rowOf(second!)).priority]).toEqual(['normal', 'low'])
  })

  test('leaves alone what somebody changed since, and names it', async () => {
    const [theirs, ours] = await chats(2)
    const job = await run(agent, [urgent], [theirs!, ours!])
    await supervisor.put(`/conversations/${theirs}/priority`, { priority: 'high' })
    // Something else that was changed stands in nobody's way.
    await supervisor.put(`/conversations/${ours}/tags`, { tags: ['gift'] })
    const undone = await undo(agent, job.id)
    expect(undone.counts).toMatchObject({ done: 1, skipped: 1 })
    expect((await rowOf(theirs!)).priority).toBe('high')
    expect((await rowOf(ours!)).priority).toBe('normal')
    expect(await itemsOf(undone.id, '&state=skipped')).toMatchObject([
      { conversation: { id: theirs }, code: 'changed_meanwhile' },
    ])
  })

  test('lets customers go on waiting who waited when their conversations were resolved', async () => {
    const [id] = await chats(1)
    const { waitingSince, dueAt } = await rowOf(id!)
    expect(waitingSince).not.toBeNull()
    const job = await run(agent, [resolve], [id!])
    expect(await rowOf(id!)).toMatchObject({ category: 'resolved', waitingSince: null })
    app.clock.advance(60)
    await undo(agent, job.id)
    expect(await rowOf(id!)).toMatchObject({ category: 'new', waitingSince, dueAt })
  })

  test('is possible once, and for a day', async () => {
    const job = await run(agent, [urgent], await chats(1))
    await undo(agent, job.id)
    expect(await agent.put(`/bulk-jobs/${job.id}/undo`)).toMatchObject({
      status: 409,
      body: { error: { code: 'undone_already' } },
    })
    const later = await run(agent, [urgent], await chats(1))
    await app.place.pool.query('update bulk_jobs set undoable_until = $1 where id = $2', [
      app.clock.now,
      later.id,
    ])
    expect(await agent.put(`/bulk-jobs/${later.id}/undo`)).toMatchObject({
      status: 409,
      body: { error: { code: 'undo_is_over' } },
    })
  })
})

describe('an act on one conversation', () => {
  const act = (id: string, body: object) => agent.post(`/conversations/${id}/actions`, body)
  type Acted = { undo: ActionCall[]; left: object; conversation: { version: number } }

  test('says what undoes it', async () => {
    const [id] = await chats(1)
    const before = await rowOf(id!)
    const { body } = await act(id!, { actions: [urgent, resolve], expectedVersion: before.version })
    const { undo, left } = body as Acted
    expect(await rowOf(id!)).toMatchObject({ priority: 'urgent', category: 'resolved' })
    expect(await act(id!, { actions: undo, left })).toMatchObject({ status: 200 })
    const { priority, category, waitingSince } = before
    expect(await rowOf(id!)).toMatchObject({ priority, category, waitingSince })
  })

  test('is not undone over what somebody did since', async () => {
    const [id] = await chats(1)
    const { undo, left } = (await act(id!, { actions: [urgent] })).body as Acted
    await supervisor.put(`/conversations/${id}/priority`, { priority: 'low' })
    expect(await act(id!, { actions: undo, left })).toMatchObject({
      status: 409,
      body: { error: { code: 'changed_meanwhile' } },
    })
    expect((await rowOf(id!)).priority).toBe('low')
  })

  test('is refused where the conversation is another than the one he saw', async () => {
    const [id] = await chats(1)
    const { version } = await rowOf(id!)
    expect(await act(id!, { actions: [urgent], expectedVersion: version - 1 })).toMatchObject({ status: 409 })
  })

  test('is done as a whole or not at all', async () => {
    const [id] = await chats(1)
    const unknown = { code: 'set_reason', params: { reason: 'no.such' } }
    expect((await act(id!, { actions: [urgent, unknown] })).status).toBeGreaterThan(399)
    expect((await rowOf(id!)).priority).toBe('normal')
  })

  test('needs the permission of each of its actions', async () => {
    const reader = await app.as('owner')
    const [id] = await chats(1)
    expect(await reader.post(`/conversations/${id}/actions`, { actions: [urgent] })).toMatchObject({
      status: 403,
    })
  })
})
