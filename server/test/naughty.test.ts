import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from './app.ts'
import listed from './data/naughty-strings.json' with { type: 'json' }
import { makeStore, makeVisitor } from './make.ts'
import { handIn } from './world.ts'

/** What the list lacks: people's own scripts, invisible marks, and what PostgreSQL cannot keep. */
const more = [
  '👩‍👩‍👧‍👦 🏳️‍🌈 🇨🇳',
  '𠮷野家 𪚥',
  '\u202eabc\u202c \u2066אבג\u2069',
  'يونيكود \u200fسلام',
  'สวัสดี ครับ',
  'မင်္ဂလာပါ ျမန္မာ',
  'e\u0301 é ﬁ Å Å',
  'a\u2028b\u2029c\u0085d',
  '\ufeffx\ufeff',
  'line\r\nbreak\n\n\ttab',
  '\u0001\u0007\u001b[31m\u007f',
  "$& $1 $` $' {{storeName}} %s",
  'İIıi ß ẞ ſ',
  'nul\u0000within',
  'half \ud83d pair',
  'other \udc00half',
]
const strings = [...new Set([...listed, ...more])]

/** The two documented exceptions: NUL goes, half a surrogate pair becomes U+FFFD. Everything else stays as it is. */
const kept = (text: string) => text.replaceAll('\u0000', '').toWellFormed()

const app = await startTestApp()
const admin = await app.as('admin')
const store = await makeStore(app)
/** Many to a text: what counts is that none of them harms itself or its neighbours on the way. */
const texts = together(8_000)
const names = together(270)

function together(longest: number) {
  const groups: string[] = ['']
  for (const text of strings) {
    if ((groups.at(-1) + text).length > longest) groups.push('')
    groups.push(`${groups.pop()}${text}\u241e`)
  }
  return groups.filter(text => text.length <= longest + 20)
}

type Line = { id: string; kind: string; text: string; author: { name: string } | null }
async function linesOf(conversationId: string) {
  const lines: Line[] = []
  for (let after = 0; ; ) {
    const { items } = (
      await admin.get(`/conversations/${conversationId}/messages?afterSeq=${after}&limit=200`)
    ).body as unknown as { items: (Line & { seq: number })[] }
    if (items.length === 0) return lines
    lines.push(...items)
    after = items.at(-1)!.seq
  }
}
const bytes = (texts: readonly string[]) => texts.map(text => `${Buffer.from(text).toString('hex')} ${text}`)

describe('naughty strings come back byte for byte', () => {
  test('are all there', () => expect(strings.length).toBeGreaterThan(480))

  test('as what a visitor writes, to him and to colleagues', async () => {
    const visitor = await makeVisitor(app, store)
    let conversationId = ''
    for (const text of texts) {
      app.clock.advance(1)
      const answer = await visitor.say(text)
      expect(answer.status, `${JSON.stringify(text)}: ${JSON.stringify(answer.body)}`).toBe(201)
      conversationId = answer.body.conversation.id
    }
    const wanted = bytes(texts.map(kept))
    expect(
      bytes((await linesOf(conversationId)).filter(line => line.kind === 'customer').map(line => line.text)),
    ).toEqual(wanted)
    const read: string[] = []
    for (let after = 0; ; ) {
      const { items } = (await visitor.get(`/widget/messages?afterSeq=${after}&limit=200`))
        .body as unknown as {
        items: { seq: number; text: string }[]
      }
      if (items.length === 0) break
      read.push(...items.map(line => line.text))
      after = items.at(-1)!.seq
    }
    expect(bytes(read)).toEqual(wanted)
  }, 60_000)

  test.each(['replies', 'notes'])('as %s', async kind => {
    const visitor = await makeVisitor(app, store)
    const { id } = (await visitor.say('Good day')).body.conversation
    for (const text of texts) {
      const answer = await admin.post(`/conversations/${id}/${kind}`, {
        ...{ clientId: randomUUID(), text },
        ...(kind === 'replies' && { lastSeenSeq: 1 }),
      })
      expect(answer.status, `${JSON.stringify(text)}: ${JSON.stringify(answer.body)}`).toBe(201)
    }
    const lines = (await linesOf(id)).filter(line => line.kind === (kind === 'notes' ? 'note' : 'reply'))
    expect(bytes(lines.map(line => line.text))).toEqual(bytes(texts.map(kept)))
  }, 60_000)

  test('through the API channel, as text and as the name of who wrote', async () => {
    const { id } = (await admin.post('/channels', { kind: 'api', storeId: store.id, name: 'Shop' })).body as {
      id: string
    }
    const { secret } = (await admin.put(`/channels/${id}/secret`)).body as { secret: string }
    const lines = [
      ...texts.map(text => ({ text, name: 'A' })),
      ...together(190)
        .filter((_, n) => n % 4 === 0)
        .map(name => ({ text: 'Hi', name: name.slice(0, 200) })),
    ]
    for (const [n, { text, name }] of lines.entries()) {
      const answer = await handIn(app, { id, secret }, { id: `m${n}`, from: { id: `c${n}`, name }, text })
      expect(answer.statusCode, `${JSON.stringify(text)}: ${answer.body}`).toBe(202)
    }
    await app.settled()
    const { rows } = await app.place.pool.query<{ text: string; name: string }>(
      `select m.text, u.name from inbound i join messages m on m.id = i.message_id
        join conversations c on c.id = i.conversation_id join customers u on u.id = c.customer_id
        where i.channel_id = $1 order by substr(i.external_id, 2)::int`,
      [id],
    )
    expect(bytes(rows.map(row => row.text))).toEqual(bytes(lines.map(line => kept(line.text))))
    expect(bytes(rows.map(row => row.name))).toEqual(bytes(lines.map(line => kept(line.name))))
  }, 60_000)

  test('as a customer’s name', async () => {
    const { id, version } = (await admin.post('/customers', { name: 'x' })).body as {
      id: string
      version: number
    }
    let now = version
    for (const text of ['', ' ', ...names]) {
      const changed = await admin.patch(`/customers/${id}`, { version: now, name: text })
      expect(changed.status, `${JSON.stringify(text)}: ${JSON.stringify(changed.body)}`).toBe(200)
      const { name, ...body } = (await admin.get(`/customers/${id}`)).body as {
        name: string
        version: number
      }
      expect(bytes([name])).toEqual(bytes([kept(text)]))
      now = body.version
    }
  }, 60_000)

  test('as tags of a customer and of a conversation, but for blanks at their ends', async () => {
    const { id } = (await admin.post('/customers', { name: 'Tagged' })).body as { id: string }
    const conversationId = (await (await makeVisitor(app, store)).say('Hi')).body.conversation.id
    const tags = [...new Set(strings.map(text => kept(text).trim()))].filter(
      tag => tag !== '' && tag.length <= 50,
    )
    for (let n = 0; n < tags.length; n += 30) {
      const some = tags.slice(n, n + 30)
      for (const url of [`/customers/${id}/tags`, `/conversations/${conversationId}/tags`]) {
        const answer = await admin.put(url, { tags: some })
        expect(answer.status, JSON.stringify(answer.body)).toBe(200)
        expect(bytes((answer.body as { tags: string[] }).tags).toSorted(), url).toEqual(
          bytes(some).toSorted(),
        )
      }
    }
  })

  test('as quick replies', async () => {
    // What stands within two braces is a variable there.
    const written = texts.map(text => text.replaceAll('{{', '{ {'))
    for (const [n, text] of written.entries()) {
      const answer = await admin.post('/quick-replies', { shortcut: `naughty-${n}`, title: 'T', text })
      expect(answer.status, `${JSON.stringify(text)}: ${JSON.stringify(answer.body)}`).toBe(201)
    }
    const { items } = (await admin.get('/quick-replies')).body as unknown as {
      items: { shortcut: string; text: string }[]
    }
    const stored = new Map(items.map(item => [item.shortcut, item.text]))
    expect(bytes(written.map((_, n) => stored.get(`naughty-${n}`)!))).toEqual(bytes(written.map(kept)))
  }, 60_000)

  test('as a store’s name, but for blanks at its ends, also on its storefront', async () => {
    for (const text of [...more, ...together(90)].filter(
      name => kept(name).trim() !== '' && name.length <= 120,
    )) {
      const changed = await admin.patch(`/stores/${store.id}`, { name: text, brand: '' })
      expect(changed.status, `${JSON.stringify(text)}: ${JSON.stringify(changed.body)}`).toBe(200)
      const wanted = kept(text).trim()
      const { body } = await app.get(`/widget/config?store=${store.key}`)
      expect(bytes([(body as { store: { name: string } }).store.name])).toEqual(bytes([wanted]))
      const page = (await app.http.inject({ url: `/storefront/${store.key}/` })).body
      expect(page, JSON.stringify(text)).toContain(
        wanted.replaceAll(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`),
      )
    }
  }, 60_000)
})
