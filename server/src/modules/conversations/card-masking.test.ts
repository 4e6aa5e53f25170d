import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { mailsIn, openMailChannel, rawMail } from '../../../test/mail.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { handIn } from '../../../test/world.ts'
import { acceptInbound } from '../channels/accepting.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const store = await makeStore(app)

const cardOf = (n: number) =>
  ['4111111111111111', '5500000000000004', '378282246310005', '6011111111111117'][n]!

/** Where it still stands, in any column of any table. */
async function placesOf(number: string) {
  const { rows } = await app.place.pool.query<{ table: string; column: string; type: string }>(
    `select table_name as table, column_name as column, data_type as type from information_schema.columns
     where table_schema = 'public' and data_type in ('text', 'jsonb', 'bytea', 'tsvector', 'ARRAY')`,
  )
  const found: string[] = []
  for (const { table, column, type } of rows) {
    const text = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`
    const { rowCount } = await app.place.pool.query(
      `select from "${table}" where position($1 in ${text}) > 0 limit 1`,
      [number],
    )
    if (rowCount) found.push(`${table}.${column}`)
  }
  return found
}

const textsOf = async (channelId: string) =>
  (
    await app.place.pool.query<{ text: string }>(
      'select m.text from messages m join conversations c on c.id = m.conversation_id where c.channel_id = $1 order by m.id',
      [channelId],
    )
  ).rows.map(({ text }) => text)

describe('the number of a payment card is nowhere, once it came', () => {
  test('in a chat', async () => {
    const card = cardOf(0)
    const visitor = await makeVisitor(app, store)
    await visitor.say(`Take it from ${card} please`)
    await app.settled()
    expect(await textsOf(store.channelId)).toEqual(['Take it from ••••••••••••1111 please'])
    expect(await placesOf(card)).toEqual([])
  })

  test('by webhook, also as it was handed in', async () => {
    const card = cardOf(1)
    const { id } = (
      await admin.post('/channels', {
        ...{ kind: 'api', storeId: store.id, name: 'Shop', settings: { webhookUrl: 'http://127.0.0.1:9/' } },
      })
    ).body as { id: string }
    const { secret } = (await admin.put(`/channels/${id}/secret`)).body as { secret: string }
    await handIn(app, { id, secret }, { id: 'one', from: { id: 'c', name: 'C' }, text: `My card: ${card}.` })
    await app.settled()
    expect(await textsOf(id)).toEqual(['My card: ••••••••••••0004.'])
    expect(await placesOf(card)).toEqual([])
  })

  test.each([
    ['as plain text', (card: string) => ({ text: `Charge ${card}` })],
    ['in its subject', (card: string) => ({ text: 'Hello', subject: `Charge ${card}` })],
    ['in its HTML', (card: string) => ({ body: { type: 'text/html', content: `<p>Charge ${card}</p>` } })],
    [
      'in base64',
      (card: string) => ({
        headers: { 'Content-Transfer-Encoding': 'base64' },
        body: { type: 'text/plain', content: Buffer.from(`Charge ${card}`).toString('base64') },
      }),
    ],
  ])('by mail, %s', async (_, make) => {
    const card = cardOf(2)
    const channel = await openMailChannel(app)
    await mailsIn(app, channel, rawMail(make(card) as never))
    expect(await textsOf(channel.id)).toHaveLength(1)
    expect(await placesOf(card)).toEqual([])
    expect(await placesOf(Buffer.from(`Charge ${card}`).toString('base64'))).toEqual([])
  })

  test('in a large mail, whose file goes too, unless another needs it', async () => {
    const card = cardOf(3)
    const channel = await openMailChannel(app)
    const raw = rawMail({ text: `Charge ${card}` })
    const stored = await app.place.files.put(Readable.from([raw]), { maxBytes: 10_000 })
    const item = { externalId: stored.sha256, line: 'x@buyer.example', raw: Buffer.alloc(0), headers: {} }
    await acceptInbound(app.place, channel, { ...item, rawFile: stored, traffic: 'mail' })
    app.place.wake('inbound')
    await app.settled()
    expect(await placesOf(stored.sha256)).not.toContain('inbound.raw_file')
    await vi.waitFor(() => expect(app.place.files.open(stored.sha256)).rejects.toThrow(), { timeout: 8_000 })
  })

  test('in a note of a colleague', async () => {
    const card = cardOf(0)
    const visitor = await makeVisitor(app, store)
    const { body } = await visitor.say('Hello')
    await app.settled()
    const note = await admin.post(`/conversations/${body.conversation.id}/notes`, {
      ...{ clientId: randomUUID(), text: `He told me ${card}` },
    })
    expect(note.body).toMatchObject({ text: 'He told me ••••••••••••1111' })
    expect(await placesOf(card)).toEqual([])
  })
})
