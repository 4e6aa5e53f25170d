import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { indexMessages } from './indexing.ts'
import { ask, foundBy, indexed, rareWord } from './test-search.ts'

const app = await startTestApp()
const store = await makeStore(app)
const agent = await app.as('agent')

async function write(text: string, at = store) {
  const visitor = await makeVisitor(app, at)
  const { body } = await visitor.say(text)
  await indexed(app)
  return { visitor, id: body.conversation.id }
}
const reply = (id: string, text: string, seen = 50) =>
  agent.post(`/conversations/${id}/replies`, { clientId: randomUUID(), text, lastSeenSeq: seen })
const note = (id: string, text: string) =>
  agent.post(`/conversations/${id}/notes`, { clientId: randomUUID(), text })

describe('a search', () => {
  test('finds messages by all their words, wherever they stand', async () => {
    const word = rareWord()
    await write(`The ${word} jacket is too small`)
    expect(await foundBy(agent, `small ${word}`)).toEqual([`The ${word} jacket is too small`])
    expect(await foundBy(agent, `large ${word}`)).toEqual([])
  })

  test('finds Chinese by any two characters, and by more only as they stand', async () => {
    const word = rareWord()
    await write(`${word} 我想退款，因为款式要求不对`)
    expect(await foundBy(agent, `${word} 退款`)).toHaveLength(1)
    expect(await foundBy(agent, `${word} 要求`)).toHaveLength(1)
    expect(await foundBy(agent, `${word} 退款要求`)).toHaveLength(0)
    expect(await foundBy(agent, `${word} 求`)).toHaveLength(1)
  })

  test.each([
    ['ZURICH', 'Züricher Straße'],
    ['страна', 'Страна'],
    ['返品', '返品したいです'],
    ['คืน', 'ขอคืนเงิน'],
    ['ｉｐｈｏｎｅ', 'iPhone手机壳'],
  ])('for %s finds %s', async (sought, text) => {
    const word = rareWord()
    await write(`${word} ${text}`)
    expect(await foundBy(agent, `${word} ${sought}`)).toHaveLength(1)
  })

  test('takes the last word for the beginning of one, and only the last', async () => {
    const word = rareWord()
    await write(`${word} refund please`)
    expect(await foundBy(agent, `${word} ref`)).toHaveLength(1)
    expect(await foundBy(agent, `ref ${word}`)).toHaveLength(0)
    expect(await foundBy(agent, `${word} ref `)).toHaveLength(0)
  })

  test('finds a phrase as it stands, and leaves out what holds an excluded word', async () => {
    const word = rareWord()
    await write(`${word} where is my parcel`)
    await write(`${word} my parcel is where`)
    expect(await foundBy(agent, `${word} "is my parcel"`)).toEqual([`${word} where is my parcel`])
    expect(await foundBy(agent, `${word} “is where”`)).toEqual([`${word} my parcel is where`])
    expect(await foundBy(agent, `${word} -"is my"`)).toEqual([`${word} my parcel is where`])
    expect(await foundBy(agent, `${word} -parcel`)).toEqual([])
  })

  test('tells what of a snippet was sought, by offsets', async () => {
    const word = rareWord()
    await write(`${'long before it '.repeat(20)}Ça coûte ${word}: 退款 <b>now</b> ${'and after '.repeat(30)}`)
    const { body } = await ask(agent, `coute ${word} 退款`)
    const { snippet, ranges, part } = body.items[0]!.hits[0]!
    expect(part).toBe('text')
    expect(ranges.map(({ start, end }) => snippet.slice(start, end))).toEqual(['coûte', word, '退款'])
    expect(snippet).toMatch(/^….*<b>now<\/b>.*…$/)
    expect(snippet.length).toBeLessThan(200)
  })

  test('comes by conversation, the one with the newest hit first, page after page', async () => {
    const word = rareWord()
    const chats: Awaited<ReturnType<typeof write>>[] = []
    for (let n = 0; n < 5; n++) {
      app.clock.advance(1)
      chats.push(await write(`${word} number ${n}`))
    }
    app.clock.advance(1)
    await chats[1]!.visitor.say(`${word} once more`)
    await indexed(app)
    const seen: string[] = []
    let next: string | null = ''
    const counts = []
    while (next !== null) {
      const { body } = await ask(agent, word, { limit: '2', ...(next && { cursor: next }) })
      seen.push(...body.items.map(({ conversation }) => conversation.id))
      counts.push(body.count)
      next = body.next
    }
    expect(seen).toEqual([1, 4, 3, 2, 0].map(n => chats[n]!.id))
    expect(counts).toEqual([{ conversations: 5, isMore: false }, null, null])
    const { body } = await ask(agent, word)
    expect(body.items[0]).toMatchObject({ hitCount: 2, hits: [{ seq: 2 }, { seq: 1 }] })
  })

  test('goes to the conversation whose number it is', async () => {
    const { id } = await write('Hello')
    const { number } = (await agent.get(`/conversations/${id}`)).body as { number: number }
    for (const q of [`#${number}`, String(number)])
      expect((await ask(agent, q)).body.numbered).toMatchObject({ id, number })
    expect((await ask(agent, `${number} x`)).body.numbered).toBeNull()
  })

  test('finds customers by name in the same answer, contact details masked for who may not see them', async () => {
    const name = rareWord()
    const admin = await app.as('admin')
    await admin.post('/customers', { name, email: `${name}@example.com` })
    expect((await ask(admin, name)).body.customers).toMatchObject([{ name, email: `${name}@example.com` }])
    const reader = await app.as('trainer')
    const { customers } = (await ask(reader, name)).body
    expect(customers).toMatchObject([{ name }])
    expect(customers[0]!.email).not.toContain(name)
  })

  test('finds a file by its name', async () => {
    const word = rareWord()
    const { id } = await write('See the picture')
    await app.place.pool.query(
      `update messages set attachments = '[{"fileId": "${randomUUID()}", "name": "Invoice ${word}.pdf", "type": "application/pdf", "size": 1}]' where conversation_id = $1`,
      [id],
    )
    const { rows } = await app.place.pool.query('select id from messages where conversation_id = $1', [id])
    await app.act(ctx => indexMessages(ctx.db, [rows[0].id]))
    const { body } = await ask(agent, `invoice ${word}`)
    expect(body.items).toMatchObject([{ hits: [{ part: 'file', snippet: `Invoice ${word}.pdf` }] }])
  })
})

describe('who searches', () => {
  test('never finds, nor counts, what is written in a store he does not see', async () => {
    const other = await makeStore(app)
    const word = rareWord()
    await write(`${word} here`)
    const { id } = await write(`${word} there`, other)
    const { number } = (await agent.get(`/conversations/${id}`)).body as { number: number }
    const narrow = await app.as('agent', { storeIds: [store.id] })
    expect(await foundBy(agent, word)).toHaveLength(2)
    expect(await foundBy(narrow, word)).toEqual([`${word} here`])
    expect((await ask(narrow, word)).body.count).toEqual({ conversations: 1, isMore: false })
    expect(await foundBy(narrow, word, { storeId: other.id })).toEqual([])
    expect(await foundBy(narrow, word, { conversationId: id })).toEqual([])
    expect((await ask(narrow, `#${number}`)).body.numbered).toBeNull()
    const nowhere = await app.as('agent', { storeIds: [] })
    expect(await foundBy(nowhere, word)).toEqual([])
  })

  test('may ask for one kind of message, one author, one channel, a time, and what is his', async () => {
    const word = rareWord()
    const { id, visitor } = await write(`${word} asked`)
    app.clock.advance(60)
    const between = app.clock.now.toISOString()
    app.clock.advance(60)
    await reply(id, `${word} answered`)
    await note(id, `${word} noted`)
    await indexed(app)
    expect(await foundBy(agent, word)).toHaveLength(3)
    expect(await foundBy(agent, word, { from: 'customer' })).toEqual([`${word} asked`])
    expect(await foundBy(agent, word, { from: 'note' })).toEqual([`${word} noted`])
    expect(await foundBy(agent, word, { authorId: agent.id, from: 'reply' })).toEqual([`${word} answered`])
    expect(await foundBy(agent, word, { authorId: randomUUID() })).toEqual([])
    expect(await foundBy(agent, word, { channel: 'mail' })).toEqual([])
    expect(await foundBy(agent, word, { channel: 'web_chat' })).toHaveLength(3)
    expect(await foundBy(agent, word, { before: between })).toEqual([`${word} asked`])
    expect(await foundBy(agent, word, { after: between })).toHaveLength(2)
    expect(await foundBy(agent, word, { mine: 'true' })).toHaveLength(3)
    const other = await app.as('agent')
    expect(await foundBy(other, word, { mine: 'true' })).toEqual([])
    expect(await visitor.get(`/search?q=${word}`)).toMatchObject({ status: 403 })
  })

  test('may ask for conversations by a condition, as views do', async () => {
    const word = rareWord()
    const { id } = await write(`${word} one`)
    await write(`${word} two`)
    await agent.put(`/conversations/${id}/tags`, { tags: ['urgent'] })
    const condition = { field: 'tags', is: 'has_any', value: ['urgent'] }
    expect(await foundBy(agent, word, { condition: JSON.stringify(condition) })).toEqual([`${word} one`])
    expect(await foundBy(agent, word, { condition: JSON.stringify({ not: condition }) })).toEqual([
      `${word} two`,
    ])
  })

  test('finds all hits in one conversation, and only there', async () => {
    const word = rareWord()
    const { id, visitor } = await write(`${word} 0`)
    await write(`${word} elsewhere`)
    for (let n = 1; n < 6; n++) await visitor.say(`${word} ${n}`)
    await indexed(app)
    expect(await foundBy(agent, word, { conversationId: id })).toHaveLength(6)
  })
})

describe('a search is refused', () => {
  test.each([
    ['without a word', { q: '' }, 'nothing_to_search_for'],
    ['of signs alone', { q: '!? "…" 🙂' }, 'nothing_to_search_for'],
    ['of nothing but what must not be there', { q: '-refund' }, 'nothing_to_search_for'],
    ['by a condition that is no JSON', { q: 'a', condition: '{' }, 'malformed_condition'],
    ['by an unknown field', { q: 'a', condition: '{"field":"gone","is":"is"}' }, 'unknown_field'],
    ['from a cursor of another list', { q: 'a', cursor: 'W10' }, 'invalid_cursor'],
  ])('%s', async (_, query, code) => {
    const { q, ...more } = query as { q: string } & Record<string, string>
    expect(await ask(agent, q, more)).toMatchObject({ status: 422, body: { error: { code } } })
  })

  test.each([
    "'",
    '\\',
    "a' | 'b",
    'a:* & !b | (c',
    'a\0b',
    '\ud800 a',
    ':*a',
    '"a',
    '-"a b',
    '%_%',
    '((((a',
    'a'.repeat(200),
    '退'.repeat(200),
    'a '.repeat(100),
    '\u202ea',
    '<-> a',
    '@12345678',
    "a\\'b",
  ])('never for how its words are written: %j', async q => {
    const { status } = await ask(agent, q)
    expect([200, 422]).toContain(status)
    expect(status).toBe(/[\p{L}\p{N}]/u.test(q) && !q.startsWith('-') ? 200 : 422)
  })
})
