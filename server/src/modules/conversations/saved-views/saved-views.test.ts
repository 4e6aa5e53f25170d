import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { system } from '../../../platform/context.ts'
import { conditionSql } from '../../../platform/filters/compile.ts'
import { checkCondition } from '../../../platform/filters/conditions.ts'
import { readerOf } from '../../settings/readers.ts'

const app = await startTestApp()
const store = await makeStore(app)
const supervisor = await app.as('supervisor')
const agent = await app.as('agent')

const late = { field: 'waiting_since', is: 'older_than', value: { n: 5, unit: 'minutes' } }
const tagged = (tag: string) => ({ field: 'tags', is: 'has_any', value: [tag] })
const save = (who: typeof agent, fields: Record<string, unknown>) =>
  who.post('/views', { name: 'A view', condition: { all: [] }, ...fields }) as Promise<{
    status: number
    body: { id: string; error: { code: string } }
  }>
const namesOf = async (who: typeof agent) =>
  ((await who.get('/views')).body as { items: { name: string }[] }).items.map(({ name }) => name)
const countsOf = async (who: typeof agent) =>
  new Map(
    ((await who.get('/views/counts')).body as { items: { id: string; count: number }[] }).items.map(
      ({ id, count }) => [id, count],
    ),
  )
const chat = async (text = 'Hello, where is my parcel?', at = store) => {
  const visitor = await makeVisitor(app, at)
  const { body } = await visitor.say(text)
  await app.settled()
  return { visitor, id: body.conversation.id }
}

describe('a saved view', () => {
  test('lists what its condition holds for, and nothing of other stores', async () => {
    const other = await makeStore(app)
    const tag = randomUUID()
    const [one, , elsewhere] = [await chat(), await chat(), await chat('Hello', other)]
    for (const { id } of [one, elsewhere])
      expect(await supervisor.put(`/conversations/${id}/tags`, { tags: [tag] })).toMatchObject({
        status: 200,
      })
    const narrow = await app.as('agent', { storeIds: [store.id] })
    const { body } = await save(narrow, { condition: tagged(tag) })
    expect(await narrow.get(`/conversations?savedViewId=${body.id}`)).toMatchObject({
      status: 200,
      body: { items: [{ id: one.id }], next: null },
    })
    expect((await countsOf(narrow)).get(body.id)).toBe(1)
  })

  test('tells which of some conversations are in it', async () => {
    const tag = randomUUID()
    const [one, two, three] = [await chat(), await chat(), await chat()]
    for (const { id } of [one, two]) await agent.put(`/conversations/${id}/tags`, { tags: [tag] })
    const { body } = await save(agent, { condition: tagged(tag) })
    const among = (...ids: string[]) =>
      agent.get(`/conversations?savedViewId=${body.id}&ids=${ids.join(',')}`)
    expect(await among(two.id, three.id)).toMatchObject({ body: { items: [{ id: two.id }], next: null } })
    expect(await among('x'.repeat(36))).toMatchObject({ status: 422 })
    expect(await among('-'.repeat(36))).toMatchObject({ status: 422 })
  })

  test('for oneself is nobody else’s to see, change or delete', async () => {
    const { body } = await save(agent, { name: 'Mine alone' })
    expect(await namesOf(supervisor)).not.toContain('Mine alone')
    expect(await supervisor.get(`/conversations?savedViewId=${body.id}`)).toMatchObject({ status: 404 })
    expect(await supervisor.patch(`/views/${body.id}`, { name: 'x' })).toMatchObject({ status: 404 })
    expect(await supervisor.delete(`/views/${body.id}`)).toMatchObject({ status: 404 })
    expect(await agent.delete(`/views/${body.id}`)).toMatchObject({ status: 204 })
  })

  test('for everybody or a team is made by who manages the inbox, and seen by those it is for', async () => {
    expect(await save(agent, { scope: 'company' })).toMatchObject({ status: 403 })
    expect(await save(supervisor, { scope: 'team' })).toMatchObject({
      status: 422,
      body: { error: { code: 'scope_mismatch' } },
    })
    const team = (await (await app.as('admin')).post('/teams', { name: `Team ${app.unique()}` })).body as {
      id: string
    }
    const member = await app.as('agent', { teamIds: [team.id] })
    await save(supervisor, { name: 'For all', scope: 'company' })
    const { body } = await save(supervisor, { name: 'For the team', scope: 'team', teamId: team.id })
    expect(await namesOf(agent)).toEqual(expect.arrayContaining(['For all']))
    expect(await namesOf(agent)).not.toContain('For the team')
    expect(await namesOf(member)).toEqual(expect.arrayContaining(['For all', 'For the team']))
    expect(await member.patch(`/views/${body.id}`, { name: 'x' })).toMatchObject({
      status: 403,
      body: { error: { code: 'view_is_shared' } },
    })
  })

  test('with a condition that cannot be is refused, and says where', async () => {
    expect(
      await save(agent, { condition: { any: [{ field: 'gone', is: 'is', value: 'x' }] } }),
    ).toMatchObject({
      status: 422,
      body: { error: { code: 'unknown_field', details: { path: 'condition.any.0.field' } } },
    })
  })

  test('that lost a field says so and still opens', async () => {
    const tag = randomUUID()
    const { id } = await chat()
    await agent.put(`/conversations/${id}/tags`, { tags: [tag] })
    const { body } = await save(agent, { name: 'Lost', condition: { all: [tagged(tag)] } })
    const gone = { field: 'weather', is: 'is', value: 'rain' }
    await app.place.pool.query('update saved_views set condition = $1 where id = $2', [
      { all: [tagged(tag), gone] },
      body.id,
    ])
    const { items } = (await agent.get('/views')).body as { items: { id: string }[] }
    expect(items.find(view => view.id === body.id)).toMatchObject({
      condition: { all: [tagged(tag)] },
      problems: [{ path: 'condition.all.1.field', code: 'unknown_field' }],
    })
    expect(await agent.get(`/conversations?savedViewId=${body.id}`)).toMatchObject({
      body: { items: [{ id }] },
    })
  })

  test('changed by two at once is changed by one', async () => {
    const { body } = await save(agent, {})
    const change = (name: string) => agent.patch(`/views/${body.id}`, { name, expectedVersion: 1 })
    const answers = await Promise.all([change('one'), change('two')])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  test('for a team goes with the team', async () => {
    const admin = await app.as('admin')
    const team = (await admin.post('/teams', { name: `Team ${app.unique()}` })).body as { id: string }
    await save(admin, { name: 'Of a team that ends', scope: 'team', teamId: team.id })
    expect(await admin.delete(`/teams/${team.id}`)).toMatchObject({ status: 204 })
    expect(await namesOf(admin)).not.toContain('Of a team that ends')
  })
})

describe('a condition in the making', () => {
  test('is counted, with the first it holds for', async () => {
    const tag = randomUUID()
    const { id } = await chat()
    await agent.put(`/conversations/${id}/tags`, { tags: [tag] })
    expect(await agent.post('/views/previews', { condition: tagged(tag) })).toMatchObject({
      status: 200,
      body: { count: 1, isMore: false, items: [{ id }] },
    })
  })

  test('can be built of the fields that are told', async () => {
    const { body } = (await agent.get('/fields/conversation')) as {
      body: { fields: { code: string; type: string; operators: string[] }[] }
    }
    expect(body.fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          code: 'tags',
          type: 'words',
          operators: expect.arrayContaining(['has_none']),
        }),
      ]),
    )
    expect(await agent.get('/fields/weather')).toMatchObject({ status: 404 })
  })
})

describe('live counts', () => {
  test('follow what waits longer as time goes by', async () => {
    const tag = randomUUID()
    const { id } = await chat()
    await agent.put(`/conversations/${id}/tags`, { tags: [tag] })
    const { body } = await save(agent, { condition: { all: [tagged(tag), late] } })
    expect((await countsOf(agent)).get(body.id)).toBe(0)
    app.clock.advance(301)
    await expect.poll(async () => (await countsOf(agent)).get(body.id), { timeout: 5_000 }).toBe(1)
  })

  test(
    'are those of a count of the database, whatever happens to the conversations',
    { timeout: 60_000 },
    async () => {
      const conditions = [
        tagged('a'),
        { not: tagged('a') },
        { field: 'assignee', is: 'in', value: ['@me'] },
        { field: 'assignee', is: 'is_empty' },
        {
          all: [
            { field: 'category', is: 'in', value: ['new', 'open'] },
            { field: 'priority', is: 'not_in', value: ['low'] },
          ],
        },
        { none: 'messages', where: { field: 'kind', is: 'in', value: ['reply', 'note'] } },
        { some: 'messages', atLeast: 2 },
      ]
      const ids = new Map<string, unknown>()
      const person = await app.as('agent')
      for (const condition of conditions) ids.set((await save(person, { condition })).body.id, condition)
      const chats = await Promise.all([1, 2, 3].map(() => chat()))
      const acts = [
        (id: string) => person.put(`/conversations/${id}/tags`, { tags: ['a'] }),
        (id: string) => person.put(`/conversations/${id}/tags`, { tags: [] }),
        (id: string) => person.put(`/conversations/${id}/assignee`, { staffId: person.id }),
        (id: string) => person.put(`/conversations/${id}/assignee`, { staffId: null }),
        (id: string) => person.put(`/conversations/${id}/priority`, { priority: 'low' }),
        (id: string) => person.put(`/conversations/${id}/status`, { category: 'resolved' }),
        (id: string) => person.put(`/conversations/${id}/status`, { category: 'open' }),
        (id: string) => person.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text: 'noted' }),
      ]
      const counted = async (condition: unknown) => {
        const ctx = { ...app.look(), actor: { ...system, kind: 'staff' as const, id: person.id } }
        const kind = ctx.records.get('conversation')!
        const checked = checkCondition(kind, ctx.actor, condition)
        const { rows } = await ctx.db.execute<{ n: number }>(
          sql`select count(*)::int as n from conversations where ${conditionSql(kind, checked, await readerOf(ctx))}`,
        )
        return rows[0]!.n
      }
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(acts.length - 1), fc.nat(2)), { minLength: 1, maxLength: 6 }),
          async happenings => {
            await Promise.all(happenings.map(([act, n]) => acts[act]!(chats[n]!.id)))
            const live = await countsOf(person)
            for (const [id, condition] of ids) expect(live.get(id)).toBe(await counted(condition))
          },
        ),
        { numRuns: 25 },
      )
    },
  )
})
