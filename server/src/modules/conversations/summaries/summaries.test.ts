import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { createCompany } from '../../settings/company.ts'
import type { Conversation } from '../schemas.ts'
import { setStatus } from '../status.ts'

const app = await startTestApp()
const store = await makeStore(app)
const admin = await app.as('admin')
const agent = await app.as('agent', { name: 'Li Wei' })

beforeAll(() => app.act(ctx => createCompany(ctx, { name: 'C', zone: 'UTC', locale: 'en' })))

async function chat() {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Hello')
  await app.settled()
  return { visitor, id: body.conversation.id }
}
const policy = (summaryPolicy: string) => admin.patch('/company', { summaryPolicy })
const write = (id: string, fields: Record<string, string>) =>
  agent.put(`/conversations/${id}/summary`, fields) as Promise<{ status: number; body: Conversation }>
const resolve = (id: string) => agent.put(`/conversations/${id}/status`, { category: 'resolved' })
const reopen = (id: string) => agent.put(`/conversations/${id}/status`, { category: 'open' })
const summariesOf = async (id: string) =>
  (
    (await agent.get(`/conversations/${id}/summaries`)).body as {
      items: { done: string; closedAt: string | null }[]
    }
  ).items

describe('the summary of a conversation', () => {
  test('is kept with it, told in the thread, and found by a view', async () => {
    const { id, visitor } = await chat()
    const { body } = await write(id, {
      wanted: 'Another size',
      done: 'Exchanged for free',
      promised: 'A call by Friday',
    })
    expect(body.summary).toBe('Another size\nExchanged for free\nA call by Friday')
    const { items } = (await agent.get(`/conversations/${id}/messages`)).body as {
      items: { system: object }[]
    }
    expect(items.at(-1)!.system).toMatchObject({
      ...{ event: 'summary.written', params: { done: 'Exchanged for free', name: 'Li Wei' } },
    })
    expect(JSON.stringify((await visitor.get('/widget/messages')).body)).not.toContain('Exchanged')
    const condition = { field: 'summary', is: 'contains', value: 'exchanged for' }
    expect((await agent.post('/views/previews', { condition })).body).toMatchObject({
      count: 1,
      items: [{ id }],
    })
  })

  test('is one for each time it is resolved', async () => {
    const { id } = await chat()
    await write(id, { done: 'First' })
    await write(id, { done: 'First, better said' })
    await resolve(id)
    await write(id, { done: 'First, amended' })
    await reopen(id)
    app.clock.advance(1)
    await write(id, { done: 'Second' })
    expect(await summariesOf(id)).toMatchObject([
      { done: 'Second', closedAt: null },
      { done: 'First, amended', closedAt: expect.any(String) },
    ])
  })

  test('written twice alike is told once, without card numbers, and never empty', async () => {
    const { id } = await chat()
    const first = await write(id, { done: 'Paid with 4111 1111 1111 1111' })
    expect(first.body.summary).not.toContain('4111')
    const again = await write(id, { done: 'Paid with 4111 1111 1111 1111' })
    expect(again.body.version).toBe(first.body.version)
    expect((await write(id, { done: '  ' })).status).toBe(422)
  })
})

describe('where the company asks for one', () => {
  beforeAll(() => policy('required'))

  test('nobody resolves without, by himself or with a reply, and a reopened one wants its own', async () => {
    const { id } = await chat()
    const refused = { status: 422, body: { error: { code: 'summary_required' } } }
    expect(await resolve(id)).toMatchObject(refused)
    const reply = { clientId: randomUUID(), text: 'Done', lastSeenSeq: 99, afterwards: 'resolve' }
    expect(await agent.post(`/conversations/${id}/replies`, reply)).toMatchObject(refused)
    expect(await agent.post(`/conversations/${id}/held-replies`, { ...reply, why: 'undo' })).toMatchObject(
      refused,
    )
    await write(id, { done: 'Solved' })
    expect((await agent.post(`/conversations/${id}/replies`, reply)).status).toBe(201)
    await reopen(id)
    expect(await resolve(id)).toMatchObject(refused)
  })

  test('the house closes without', async () => {
    const { id } = await chat()
    await app.act(ctx => setStatus(ctx, id, { category: 'resolved' }))
    expect((await agent.get(`/conversations/${id}`)).body).toMatchObject({ status: { category: 'resolved' } })
  })

  test('it is resolved in one step where it is written, and asked of nobody where it is optional', async () => {
    const { id } = await chat()
    const body = { category: 'resolved', summary: { done: 'Solved' } }
    expect((await agent.put(`/conversations/${id}/status`, body)).body).toMatchObject({ summary: 'Solved' })
    expect(await summariesOf(id)).toMatchObject([{ closedAt: expect.any(String) }])
    await policy('optional')
    expect((await resolve((await chat()).id)).status).toBe(200)
  })
})
