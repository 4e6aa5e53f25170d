import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { randomFrom } from '../../../../test/history.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { getConversation } from '../conversations.ts'
import type { ConversationLink } from './schemas.ts'

const app = await startTestApp()
const store = await makeStore(app)
const otherStore = await makeStore(app)
const admin = await app.as('admin')
const agent = await app.as('agent')

/** A conversation of a customer of its own. */
async function open(place: { key: string } = store) {
  const visitor = await makeVisitor(app, place)
  return (await visitor.say('Good day')).body.conversation.id
}
const two = async () => [await open(), await open()] as const
const rowOf = (id: string) => getConversation(app.look(), id)
const link = (id: string, otherId: string, kind = 'related', who = agent) =>
  who.post(`/conversations/${id}/links`, { otherId, kind })
const unlink = (id: string, linkId: string, who = agent) => who.delete(`/conversations/${id}/links/${linkId}`)
const linksOf = async (id: string, who = agent) =>
  ((await who.get(`/conversations/${id}/links`)).body as { items: ConversationLink[] }).items
const linesOf = async (id: string) =>
  (
    (await agent.get(`/conversations/${id}/messages`)).body as {
      items: { system: { event: string; params: object } | null }[]
    }
  ).items.flatMap(({ system }) => system ?? [])
const codeOf = ({ body }: { body: unknown }) => (body as { error?: { code: string } }).error?.code

describe('linking', () => {
  test('shows each conversation beside the other, and tells both threads', async () => {
    const [one, other] = await two()
    const linked = await link(one, other)
    expect(linked).toMatchObject({ status: 201, body: { kind: 'related', other: { id: other } } })
    const { number, customerId } = await rowOf(other)
    expect(await linksOf(one)).toMatchObject([
      {
        ...{ kind: 'related', by: { id: agent.id } },
        other: { id: other, number, customer: { id: customerId }, store: { id: store.id }, category: 'new' },
      },
    ])
    expect(await linksOf(other)).toMatchObject([{ kind: 'related', other: { id: one } }])
    const by = expect.stringContaining('agent')
    expect(await linesOf(one)).toMatchObject([
      { event: 'conversation.linked', params: { otherId: other, number, kind: 'related', by } },
    ])
    expect(await linesOf(other)).toMatchObject([
      { event: 'conversation.linked', params: { otherId: one, kind: 'related' } },
    ])
  })

  test('with a direction is seen from either side', async () => {
    const [one, other] = await two()
    await link(one, other, 'follows')
    expect(await linksOf(one)).toMatchObject([{ kind: 'follows' }])
    expect(await linksOf(other)).toMatchObject([{ kind: 'followed_by' }])
    expect(await linesOf(other)).toMatchObject([{ params: { otherId: one, kind: 'followed_by' } }])
  })

  test('can be said from the side that is followed', async () => {
    const [one, other] = await two()
    expect(await link(one, other, 'followed_by')).toMatchObject({ body: { kind: 'followed_by' } })
    expect(await linksOf(other)).toMatchObject([{ kind: 'follows' }])
  })

  test('leaves status, wait and clocks of both alone', async () => {
    const [one, other] = await two()
    const before = await rowOf(one)
    app.clock.advance(60)
    await link(one, other)
    const { category, waitingSince, dueAt, resolvedAt } = before
    expect(await rowOf(one)).toMatchObject({ category, waitingSince, dueAt, resolvedAt })
  })

  test('of one pair is possible once for each kind, whichever way round', async () => {
    const [one, other] = await two()
    await link(one, other, 'duplicate')
    expect(codeOf(await link(other, one, 'duplicate'))).toBe('already_linked')
    await link(one, other, 'follows')
    expect(codeOf(await link(one, other, 'followed_by'))).toBe('already_linked')
    expect((await linksOf(one)).map(({ kind }) => kind)).toEqual(['duplicate', 'follows'])
    expect(await linesOf(one)).toHaveLength(2)
  })

  test('to itself and to what is not there is refused', async () => {
    const [one] = await two()
    expect(await link(one, one)).toMatchObject({ status: 422 })
    expect(codeOf(await link(one, one))).toBe('same_conversation')
    expect(codeOf(await link(one, crypto.randomUUID()))).toBe('conversation_not_found')
    expect(await linksOf(one)).toEqual([])
  })

  test('ends at fifty, on either side', async () => {
    const [one, other] = await two()
    await app.place.pool.query(
      `insert into conversation_links (id, from_id, to_id, kind, at)
       select gen_random_uuid(), $1, id, 'related', now() from unnest($2::uuid[]) as id`,
      [one, await openMany(50)],
    )
    expect(await link(one, other)).toMatchObject({
      status: 409,
      body: { error: { code: 'too_many_links', details: { conversationId: one, most: 50 } } },
    })
    expect(codeOf(await link(other, one))).toBe('too_many_links')
    await unlink(one, (await linksOf(one))[0]!.id)
    expect(await link(other, one)).toMatchObject({ status: 201 })
  })

  test('stays when one of them is merged, and goes with a conversation that is deleted', async () => {
    const visitor = await makeVisitor(app, store)
    const older = (await visitor.say('One')).body.conversation.id
    await agent.put(`/conversations/${older}/status`, { category: 'closed' })
    const newer = (await visitor.say('Two')).body.conversation.id
    const other = await open()
    await link(older, other)
    await agent.put(`/conversations/${older}/status`, { category: 'open' })
    expect(await agent.put(`/conversations/${older}/merge`, { intoId: newer })).toMatchObject({ status: 200 })
    expect(await linksOf(other)).toMatchObject([{ other: { id: older, category: 'closed' } }])
    const { rows } = await app.place.pool.query(
      `select confdeltype from pg_constraint where conrelid = 'conversation_links'::regclass and contype = 'f'`,
    )
    expect(rows).toEqual([{ confdeltype: 'c' }, { confdeltype: 'c' }])
  })
})

describe('taking a link away', () => {
  test('takes it from both sides, and both threads say so', async () => {
    const [one, other] = await two()
    await link(one, other, 'follows')
    const [linked] = await linksOf(other)
    expect(await unlink(other, linked!.id)).toMatchObject({ status: 204 })
    expect([await linksOf(one), await linksOf(other)]).toEqual([[], []])
    expect((await linesOf(one)).at(-1)).toMatchObject({
      ...{ event: 'conversation.unlinked', params: { otherId: other, kind: 'follows' } },
    })
    expect(codeOf(await unlink(one, linked!.id))).toBe('link_not_found')
  })

  test('is refused where the link is another conversation’s', async () => {
    const [one, other] = await two()
    const third = await open()
    await link(one, other)
    const [linked] = await linksOf(one)
    expect(codeOf(await unlink(third, linked!.id))).toBe('link_not_found')
    expect(await linksOf(one)).toHaveLength(1)
  })

  test('is an act that can be done and undone like others, in the direction it had', async () => {
    const [one, other] = await two()
    const act = (actions: object[], left?: object) =>
      agent.post(`/conversations/${other}/actions`, { actions, ...(left && { left }) })
    const done = await act([{ code: 'link', params: { otherId: one, kind: 'followed_by' } }])
    const { undo, left } = done.body as { undo: object[]; left: object }
    const undone = await act(undo, left)
    expect(await linksOf(one)).toEqual([])
    const again = undone.body as { undo: object[]; left: object }
    expect(await act(again.undo, again.left)).toMatchObject({ status: 200 })
    expect(await linksOf(one)).toMatchObject([{ kind: 'follows', other: { id: other } }])
  })
})

describe('who may not see the other', () => {
  test('is told that there is a link, and nothing of whose it is or what was said', async () => {
    const [one, elsewhere] = [await open(), await open(otherStore)]
    await link(one, elsewhere)
    const here = await app.as('agent', { storeIds: [store.id] })
    expect(await linksOf(one, here)).toMatchObject([{ kind: 'related', other: null }])
    expect(await linksOf(one)).toMatchObject([{ other: { store: { id: otherStore.id } } }])
  })

  test('by his teams is told no more either', async () => {
    const [one, other] = await two()
    await link(one, other)
    const role = await admin.post('/roles', {
      ...{
        name: `Own ${app.unique()}`,
        permissions: ['conversations:read', 'conversations:reply'],
        reach: 'own',
      },
    })
    expect(role.status).toBe(201)
    const own = await app.as('agent', {})
    await admin.patch(`/staff/${own.id}`, { roleId: (role.body as { id: string }).id })
    await admin.put(`/conversations/${one}/assignee`, { staffId: own.id })
    expect(await linksOf(one, own)).toMatchObject([{ other: null }])
    expect(codeOf(await unlink(one, (await linksOf(one))[0]!.id, own))).toBe('conversation_not_found')
  })

  test('cannot link to it, and learns not even that it is there', async () => {
    const [one, elsewhere] = [await open(), await open(otherStore)]
    const here = await app.as('agent', { storeIds: [store.id] })
    const refused = await link(one, elsewhere, 'related', here)
    expect(refused.body).toEqual((await link(one, crypto.randomUUID(), 'related', here)).body)
    expect(await linksOf(one)).toEqual([])
  })

  test('cannot take the link away', async () => {
    const [one, elsewhere] = [await open(), await open(otherStore)]
    await link(one, elsewhere)
    const here = await app.as('agent', { storeIds: [store.id] })
    const [seen] = await linksOf(one, here)
    expect(codeOf(await unlink(one, seen!.id, here))).toBe('conversation_not_found')
    expect(await linksOf(one)).toHaveLength(1)
  })
})

test('many linking and unlinking at once leave no link twice, and lines in one order without gaps', async () => {
  const ids = [await open(), await open(), await open()]
  const people = [agent, await app.as('agent'), await app.as('agent'), admin]
  const statuses = await Promise.all(
    people.map(async (who, n) => {
      const random = randomFrom(2_000 + n)
      const told: number[] = []
      for (let round = 0; round < 25; round++) {
        const one = random.one(ids)
        const other = random.one(ids.filter(id => id !== one))
        const [any] = random.next() < 0.45 ? await linksOf(one, who) : []
        const answer = any
          ? await unlink(one, any.id, who)
          : await link(one, other, random.one(['related', 'duplicate', 'follows', 'followed_by']), who)
        told.push(answer.status)
      }
      return told
    }),
  )
  expect(statuses.flat().filter(status => ![201, 204, 404, 409].includes(status))).toEqual([])
  const { rows } = await app.place.pool.query(
    `select count(*)::int as n from conversation_links where from_id = any($1)
     group by least(from_id, to_id), greatest(from_id, to_id), kind having count(*) > 1`,
    [ids],
  )
  expect(rows).toEqual([])
  // Each that stands was told of once more than it was taken away.
  for (const id of ids) {
    const lines = await linesOf(id)
    const told = lines.map(({ event }) => (event === 'conversation.linked' ? 1 : -1) as number)
    expect(told.reduce((sum, one) => sum + one, 0)).toBe((await linksOf(id)).length)
    const { lastSeq } = await rowOf(id)
    expect(lastSeq).toBe(1 + lines.length)
  }
})

async function openMany(count: number) {
  const ids: string[] = []
  for (let n = 0; n < count; n++) ids.push(await open())
  return ids
}
