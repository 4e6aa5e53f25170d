import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { perform } from '../../platform/actions.ts'
import { fillVariables } from '../../platform/variables.ts'
import { firstName } from './variables.ts'

const app = await startTestApp()
const store = await makeStore(app, { name: 'Nordlicht', brand: 'Nordlicht & Co', zone: 'Europe/Berlin' })
const admin = await app.as('admin')
const agent = await app.as('agent', { name: 'Li Wei' })

async function chat(customer: Record<string, unknown> = { name: 'Anna Müller', language: 'de' }) {
  const visitor = await makeVisitor(app, store)
  const { body } = await visitor.say('Wo ist mein Paket?')
  await app.settled()
  const id = body.conversation.id
  const { customer: who } = (await agent.get(`/conversations/${id}`)).body as { customer: { id: string } }
  const { version } = (await agent.get(`/customers/${who.id}`)).body as { version: number }
  const changed = await admin.patch(`/customers/${who.id}`, { version, ...customer })
  if (changed.status !== 200) throw new Error(JSON.stringify(changed.body))
  return { id, visitor }
}
const fill = (id: string, text: string) => app.act(ctx => fillVariables(ctx, 'conversation', id, text))

describe('a text with variables', () => {
  test('is filled with what is known of the customer, the store and the conversation', async () => {
    const { id } = await chat()
    const { number } = (await agent.get(`/conversations/${id}`)).body as { number: number }
    expect(
      await fill(
        id,
        'Hallo {{customer.first_name}} ({{ customer.name }}), {{store.brand}} #{{conversation.number}}',
      ),
    ).toBe(`Hallo Anna (Anna Müller), Nordlicht & Co #${number}`)
  })

  test('spells days in the language of the customer and by his clock', async () => {
    const { id } = await chat({ name: 'Anna', language: 'en', zone: 'America/New_York' })
    const other = await chat({ name: '安娜', language: 'zh', zone: 'Asia/Shanghai' })
    await app.place.pool.query(`update conversations set language = null`)
    app.clock.now = new Date('2026-01-05T23:30:00Z')
    expect(await fill(id, '{{date.today}}, {{date.in_3_days}}')).toBe('January 5, 2026, January 8, 2026')
    expect(await fill(other.id, '{{date.today}}')).toBe('2026年1月6日')
    app.clock.now = new Date('2026-01-05T09:00:00Z')
  })

  test('counts days on the calendar where the clocks change meanwhile', async () => {
    const { id } = await chat({ name: 'Anna', language: 'en', zone: 'Europe/Berlin' })
    app.clock.now = new Date('2026-03-28T23:30:00Z')
    await app.place.pool.query(`update conversations set language = 'en'`)
    expect(await fill(id, '{{date.today}} {{date.tomorrow}}')).toBe('March 29, 2026 March 30, 2026')
    app.clock.now = new Date('2026-01-05T09:00:00Z')
  })

  test('takes the custom fields of the customer', async () => {
    await admin.post('/custom-fields', { key: 'shoeSize', label: 'Shoe size', type: 'number' })
    const { id } = await chat({ name: 'Anna', language: 'de', customFields: { shoeSize: 1234.5 } })
    await app.place.pool.query(`update conversations set language = 'de' where id = '${id}'`)
    expect(await fill(id, '{{customer.fields.shoeSize}}')).toBe('1.234,5')
  })

  test('says what stands there instead where there is nothing', async () => {
    const { id } = await chat({ name: '' })
    expect(await fill(id, 'Hi {{customer.first_name|there}}!')).toBe('Hi there!')
  })

  test('with nothing to put in is refused by name, and so is an unknown one', async () => {
    const { id } = await chat({ name: '' })
    await expect(fill(id, 'Hi {{customer.first_name}}!')).rejects.toMatchObject({
      status: 422,
      code: 'empty_variable',
      details: { names: ['customer.first_name'] },
    })
    await expect(fill(id, 'Hi {{customer.first_name| }}!')).rejects.toMatchObject({ code: 'empty_variable' })
    for (const gadget of ['customer.constructor', 'constructor', '__proto__', 'customer', '7*7', ''])
      await expect(fill(id, `{{${gadget}}}`), gadget).rejects.toMatchObject({
        code: 'unknown_variable',
        details: { names: [gadget] },
      })
    await expect(fill(id, 'Hi {{customer.name')).rejects.toMatchObject({ code: 'malformed_variable' })
  })

  test('puts in words that are not read again, whatever they look like', async () => {
    const { id } = await chat({ name: '{{agent.name}} $& $1' })
    expect(await fill(id, '{{customer.name}}')).toBe('{{agent.name}} $& $1')
    await app.act(ctx =>
      perform(ctx, 'conversation', id, { code: 'reply', params: { text: '{{customer.name}}' } }),
    )
    const { items } = (await agent.get(`/conversations/${id}/messages`)).body as { items: { text: string }[] }
    expect(items.at(-1)!.text).toBe('{{agent.name}} $& $1')
  })

  test('long and full of braces is read in no time', async () => {
    const { id } = await chat()
    const text = `${'{{customer.name}} { {'.repeat(900)}${'}'.repeat(1_000)}`
    const before = performance.now()
    expect(await fill(id, text)).not.toContain('customer.name')
    await expect(fill(id, '{{'.repeat(10_000))).rejects.toMatchObject({ code: 'malformed_variable' })
    expect(performance.now() - before).toBeLessThan(500)
  })
})

describe('what is said to a customer', () => {
  const said = (text: string) => ({ clientId: randomUUID(), text, lastSeenSeq: 99 })

  test('by an action is filled in first, a note too, and card numbers in what was put in are masked', async () => {
    const { id, visitor } = await chat({ name: '4111 1111 1111 1111' })
    const act = (code: string, text: string) =>
      app.act(ctx => perform(ctx, 'conversation', id, { code, params: { text } }))
    await act('reply', 'Hello from {{store.name}}')
    expect(JSON.stringify((await visitor.get('/widget/messages')).body)).toContain('Hello from Nordlicht')
    await act('add_note', 'Paid with {{customer.name}}')
    const { items } = (await agent.get(`/conversations/${id}/messages`)).body as { items: { text: string }[] }
    expect(items.at(-1)!.text).toContain('1111')
    expect(items.at(-1)!.text).not.toContain('4111')
    await expect(act('reply', 'Hello {{customer.nickname}}')).rejects.toMatchObject({
      code: 'unknown_variable',
    })
  })

  test('is refused where its writer left a variable standing, now, held or scheduled', async () => {
    const { id } = await chat()
    const left = { status: 422, body: { error: { code: 'unfilled_variable' } } }
    expect(await agent.post(`/conversations/${id}/replies`, said('Hi {{customer.name|you}}'))).toMatchObject(
      left,
    )
    const held = { ...said('Hi {{ customer.name }}'), why: 'undo' }
    expect(await agent.post(`/conversations/${id}/held-replies`, held)).toMatchObject(left)
    expect((await agent.post(`/conversations/${id}/replies`, said('Write {{name}} there'))).status).toBe(201)
  })

  test('can be chosen from what there is, with what would be put in', async () => {
    const { id } = await chat({ name: 'Anna Müller' })
    const { items } = (await agent.get(`/conversations/${id}/variables`)).body as {
      items: { code: string; value: string | null }[]
    }
    const wordsFor = (code: string) => items.find(item => item.code === code)?.value
    expect(wordsFor('customer.first_name')).toBe('Anna')
    expect(wordsFor('agent.name')).toBe('Li Wei')
    expect(wordsFor('conversation.subject')).toBe(null)
    const names = (await agent.get('/variables/conversation')).body as { items: { code: string }[] }
    expect(names.items.map(({ code }) => code)).toEqual(items.map(({ code }) => code))
  })
})

test.each([
  ['Anna Müller', 'Anna'],
  ['Müller, Anna Maria', 'Anna'],
  ['Müller,', 'Müller'],
  ['王小明', '王小明'],
  ['  ', ''],
  ['anna@example.com', null],
])('the first name of %j is %j', (name, first) => {
  expect(firstName(name)).toBe(first)
})
