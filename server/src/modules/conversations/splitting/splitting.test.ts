import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../../test/app.ts'
import { mailsIn, openMailChannel, ourAddress, rawMail } from '../../../../test/mail.ts'
import { makeStore, makeVisitor } from '../../../../test/make.ts'
import { getConversation } from '../conversations.ts'
import type { Conversation, Message } from '../schemas.ts'

const app = await startTestApp()
const admin = await app.as('admin')
const agent = await app.as('agent')
type Client = typeof agent

const minute = 60_000
/** A first answer within an hour, each further one within ten minutes. */
async function promiseAnswers(storeId: string) {
  for (const [kind, minutes] of [
    ['first_response', 60],
    ['next_response', 10],
  ] as const) {
    const code = `${kind.replace('_', '-')}-${app.unique()}`
    const made = await admin.post('/clock-policies', {
      ...{ code, names: { zh: '时限', en: kind }, kind, channel: 'mail', storeId },
      ...{ window: { value: minutes, unit: 'minute' }, source: 'contract', verifiedAt: '2026-01-01' },
    })
    expect(made).toMatchObject({ status: 201 })
  }
}

const rowOf = (id: string) => getConversation(app.look(), id)
const messagesOf = async (id: string, who: Client = agent) =>
  ((await who.get(`/conversations/${id}/messages`)).body as { items: Message[] }).items
const textsOf = async (id: string) => (await messagesOf(id)).flatMap(({ text }) => text || [])
const clocksOf = async (id: string) =>
  (
    await app.place.pool.query(
      `select id, kind, started_at as at, due_at as due, breached_at as breached from clocks
       where subject_id = $1 and stopped_at is null and kind in ('first_response', 'next_response')`,
      [id],
    )
  ).rows as { id: string; kind: string; at: Date; due: Date; breached: Date | null }[]
const codeOf = ({ body }: { body: unknown }) => (body as { error?: { code: string } }).error?.code

/** A talk by mail in which the customer has written all of these, a minute after one another. */
async function talk(...texts: string[]) {
  const channel = await openMailChannel(app)
  await promiseAnswers(channel.storeId)
  const mailIds: string[] = []
  const from = `Ana <ana-${app.unique()}@buyer.example>`
  const write = async (text: string, answers?: string, fields: Parameters<typeof rawMail>[0] = {}) => {
    const messageId = `${crypto.randomUUID()}@buyer.example`
    const { headers, ...rest } = fields
    const mail = { from, messageId, text, subject: `About ${text}`, ...rest }
    await mailsIn(
      app,
      channel,
      rawMail({ ...mail, headers: { ...headers, ...(answers && { 'In-Reply-To': `<${answers}>` }) } }),
    )
    const { rows } = await app.place.pool.query(
      'select m.conversation_id as id from mails join messages m on m.id = mails.message_id where mail_id = $1',
      [messageId],
    )
    mailIds.push(messageId)
    return rows[0].id as string
  }
  let id = ''
  for (const text of texts) {
    id = await write(text, mailIds[0])
    app.clock.advance(60)
  }
  return { id, channel, mailIds, write, from }
}

const split = (id: string, seqs: number[], fields: object = {}, who: Client = agent) =>
  who.post(`/conversations/${id}/splits`, { clientId: crypto.randomUUID(), seqs, ...fields })
async function splitOff(id: string, seqs: number[], fields: object = {}) {
  const made = await split(id, seqs, fields)
  expect(made).toMatchObject({ status: 201 })
  return made.body as Conversation
}
const say = async (id: string, text: string) =>
  agent.post(`/conversations/${id}/replies`, {
    ...{ clientId: crypto.randomUUID(), text, lastSeenSeq: (await rowOf(id)).lastSeq },
  })
const payloadOf = async (id: string) =>
  (await app.place.pool.query('select payload from deliveries where conversation_id = $1 order by id', [id]))
    .rows[0].payload as { mail: { subject: string; answers: object[]; quote: { text: string } } }
/** The Message-ID under which a reply of ours went out. */
async function sentAs(id: string) {
  const { composeMail } = await import('../../channels/mail/outgoing.ts')
  const { MailSettings } = await import('../../channels/mail/settings.ts')
  const { rows } = await app.place.pool.query(
    'select * from deliveries where conversation_id = $1 order by id desc limit 1',
    [id],
  )
  const [delivery] = rows
  const { mailId } = await composeMail(
    { signing: app.place.secrets, openFile: (file: string) => app.place.files.open(file) },
    MailSettings.parse({ address: ourAddress }),
    {
      ...{ id: delivery.id, messageId: delivery.message_id, conversationId: id },
      payload: delivery.payload,
    },
  )
  return mailId
}

describe('splitting', () => {
  test('moves no message and opens a conversation of the same customer that refers to them', async () => {
    const { id } = await talk('My parcel', 'My invoice', 'My parcel again')
    const origin = await rowOf(id)
    const made = await splitOff(id, [2])
    expect(await textsOf(id)).toEqual(['My parcel', 'My invoice', 'My parcel again'])
    expect(await textsOf(made.id)).toEqual([])
    const { customerId, identityId, storeId, channelId, teamId } = origin
    expect(await rowOf(made.id)).toMatchObject({
      ...{ customerId, identityId, storeId, channelId, teamId, category: 'open', assigneeId: null },
      ...{ subject: 'About My invoice', lastSeq: 1, previewText: 'My invoice' },
    })
    expect(made.number).not.toBe(origin.number)
    const { body } = await agent.get(`/conversations/${made.id}/split-messages`)
    expect((body as { items: Message[] }).items).toMatchObject([
      { seq: 2, text: 'My invoice', kind: 'customer', mail: { subject: 'About My invoice' } },
    ])
  })

  test('tells both threads, and links the new one to that which it follows', async () => {
    const { id } = await talk('My parcel', 'My invoice', 'And its tax')
    const { number } = await rowOf(id)
    const made = await splitOff(id, [3, 2])
    expect((await messagesOf(made.id)).map(({ system }) => system)).toMatchObject([
      { event: 'conversation.split_from', params: { fromId: id, number, seqs: [2, 3] } },
    ])
    expect((await messagesOf(id)).at(-1)).toMatchObject({
      system: {
        event: 'conversation.split_off',
        params: { intoId: made.id, number: made.number, seqs: [2, 3] },
      },
    })
    const links = async (of: string) =>
      ((await agent.get(`/conversations/${of}/links`)).body as { items: object[] }).items
    expect(await links(made.id)).toMatchObject([{ kind: 'follows', other: { id } }])
    expect(await links(id)).toMatchObject([{ kind: 'followed_by', other: { id: made.id } }])
  })

  test('takes a subject of its own', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    expect(await splitOff(id, [2], { subject: ' Invoice ' })).toMatchObject({ subject: 'Invoice' })
  })

  test('is one split, however often the same client asks for it', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    const clientId = crypto.randomUUID()
    const made = await Promise.all([1, 2, 3].map(() => split(id, [2], { clientId })))
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(made.map(({ body }) => (body as { id: string }).id)).size).toBe(1)
    expect((await messagesOf(id)).filter(({ kind }) => kind === 'system')).toHaveLength(1)
  })

  test('of one message by two at once is done for one of them', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    const made = await Promise.all([split(id, [2]), split(id, [1, 2])])
    expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expect(made.map(codeOf).filter(Boolean)).toEqual(['already_split_off'])
  })

  test('takes what the customer wrote, and nothing else', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    await say(id, 'On its way')
    const refused = await split(id, [2, 3, 99])
    expect(refused).toMatchObject({
      status: 422,
      body: { error: { code: 'not_of_the_customer', details: { seqs: [3, 99] } } },
    })
    expect((await split(id, [])).status).toBe(422)
    const many = Array.from({ length: 51 }, (_, n) => n + 1)
    expect(await split(id, many)).toMatchObject({ status: 422, body: { error: { code: 'invalid_request' } } })
  })

  test('is refused in what was merged away or is spam', async () => {
    const { id, write } = await talk('My parcel', 'My invoice')
    const other = await write('Something else')
    await agent.put(`/conversations/${other}/merge`, { intoId: id })
    expect(codeOf(await split(other, [1]))).toBe('conversation_merged')
    await agent.post(`/conversations/${id}/actions`, { actions: [{ code: 'mark_spam', params: {} }] })
    expect(codeOf(await split(id, [2]))).toBe('conversation_spam')
  })

  test('is refused where a customer has one window, for one of the two would never reach him', async () => {
    const visitor = await makeVisitor(app, await makeStore(app))
    const { id } = (await visitor.say('My parcel')).body.conversation
    await visitor.say('My invoice')
    expect(await split(id, [2])).toMatchObject({
      status: 409,
      body: { error: { code: 'one_window', details: { channelKind: 'web_chat' } } },
    })
    expect((await visitor.say('Hello?')).body.conversation.id).toBe(id)
  })

  test('is refused to who does not see the conversation', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    const away = await app.as('agent', { storeIds: [(await makeStore(app)).id] })
    expect(await split(id, [2], {}, away)).toMatchObject({ status: 404 })
    expect(await away.get(`/conversations/${id}/split-messages`)).toMatchObject({ status: 404 })
  })
})

describe('who gets it', () => {
  test('is whom the agent names, with the reason in its history', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    const made = await splitOff(id, [2], { assigneeId: agent.id })
    expect(made.assignee).toMatchObject({ id: agent.id })
    const { body } = await agent.get(`/conversations/${made.id}/assignments`)
    expect((body as { items: object[] }).items).toMatchObject([{ staff: { id: agent.id }, reason: 'taken' }])
  })

  test('must be a colleague who sees the store, named by one who may assign', async () => {
    const { id, channel } = await talk('My parcel', 'My invoice')
    const away = await app.as('agent', { storeIds: [(await makeStore(app)).id] })
    expect(codeOf(await split(id, [2], { assigneeId: away.id }))).toBe('store_not_visible')
    expect(codeOf(await split(id, [2], { assigneeId: crypto.randomUUID() }))).toBe('staff_not_found')
    const role = await admin.post('/roles', {
      name: `Answers ${app.unique()}`,
      permissions: ['conversations:read', 'conversations:reply'],
    })
    const key = await admin.post('/api-keys', {
      ...{ name: 'Key', roleId: (role.body as { id: string }).id, storeIds: [channel.storeId] },
    })
    const program = app.with({ authorization: `Bearer ${(key.body as { key: string }).key}` })
    const asked = { clientId: crypto.randomUUID(), seqs: [2] }
    expect(
      await program.post(`/conversations/${id}/splits`, { ...asked, assigneeId: agent.id }),
    ).toMatchObject({ status: 403, body: { error: { code: 'permission_denied' } } })
    expect(await program.post(`/conversations/${id}/splits`, asked)).toMatchObject({ status: 201 })
  })

  test('is found by the queues as for any new conversation', async () => {
    const { id, channel } = await talk('My parcel', 'My invoice')
    const queue = await admin.post('/queues', {
      ...{ name: `Queue ${app.unique()}`, storeIds: [channel.storeId], pushes: false },
    })
    const made = await splitOff(id, [2])
    await app.settled()
    expect(await rowOf(made.id)).toMatchObject({ queueId: (queue.body as { id: string }).id })
  })

  test('sees its messages and their files, though not where they were written', async () => {
    const { id, write } = await talk('My parcel')
    const content = [
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'My invoice',
      '--b',
      'Content-Type: text/plain; name="invoice.txt"',
      'Content-Disposition: attachment; filename="invoice.txt"',
      '',
      '12 EUR',
      '--b--',
    ].join('\r\n')
    const [first] = await messagesOf(id)
    const { rows } = await app.place.pool.query('select mail_id as id from mails where message_id = $1', [
      first!.id,
    ])
    await write('My invoice', rows[0].id, { body: { type: 'multipart/mixed; boundary=b', content } })
    const role = await admin.post('/roles', {
      ...{ name: `Own ${app.unique()}`, permissions: ['conversations:read'], reach: 'own' },
    })
    const own = await app.as('agent')
    await admin.patch(`/staff/${own.id}`, { roleId: (role.body as { id: string }).id })
    const made = await splitOff(id, [2], { assigneeId: own.id })
    expect(await own.get(`/conversations/${id}/messages`)).toMatchObject({ status: 404 })
    const { items } = (await own.get(`/conversations/${made.id}/split-messages`)).body as { items: Message[] }
    expect(items).toMatchObject([{ text: 'My invoice', attachments: [{ name: 'invoice.txt' }] }])
    expect(await own.get(items[0]!.attachments[0]!.url.replace('/api', ''))).toMatchObject({ status: 200 })
    const unseen = (await messagesOf(id))[0]!
    expect(codeOf(await own.get(`/messages/${unseen.id}/html`))).toBe('conversation_not_found')
  })
})

describe('what is owed', () => {
  test('in both is owed in both: the new one waits since its message, the other as before', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    const before = await rowOf(id)
    const clock = await clocksOf(id)
    app.clock.advance(300)
    const made = await splitOff(id, [2])
    const at = new Date(before.waitingSince!.getTime() + minute)
    const dueAt = new Date(at.getTime() + 60 * minute)
    expect(await rowOf(made.id)).toMatchObject({ waitingSince: at, openedAt: at, dueAt })
    expect(await clocksOf(made.id)).toMatchObject([{ kind: 'first_response', at, due: dueAt }])
    expect(await rowOf(id)).toMatchObject({ waitingSince: before.waitingSince, dueAt: before.dueAt })
    expect(await clocksOf(id)).toEqual(clock)
  })

  test('goes over where all that waited went over, by the clock that ran', async () => {
    const { id, write, mailIds } = await talk('My parcel')
    await say(id, 'On its way')
    await write('My invoice', mailIds[0])
    const since = app.clock.now
    const [clock] = await clocksOf(id)
    expect(clock).toMatchObject({ kind: 'next_response', at: since })
    app.clock.advance(60)
    const { lastSeq } = await rowOf(id)
    const made = await splitOff(id, [lastSeq])
    expect(await rowOf(id)).toMatchObject({ waitingSince: null, dueAt: new Date('9999-12-31T00:00:00Z') })
    expect(await clocksOf(id)).toEqual([])
    // Ten minutes were promised for it, not the hour of a first answer: a split wins no time.
    expect(await clocksOf(made.id)).toEqual([clock])
    expect(await rowOf(made.id)).toMatchObject({ waitingSince: since, dueAt: clock!.due })
  })

  test('late is late once', async () => {
    const { id } = await talk('My invoice')
    app.clock.advance(2 * 3_600)
    await app.sweep()
    const told = () =>
      app.place.pool.query("select count(*)::int as n from events where name = 'clock.breached'")
    const before = (await told()).rows[0].n
    const made = await splitOff(id, [1])
    await app.sweep()
    expect((await told()).rows[0].n).toBe(before)
    expect(await clocksOf(made.id)).toMatchObject([{ breached: expect.any(Date) }])
  })

  test('stays where something else waits, be it in a conversation that was merged into it', async () => {
    const { id, write } = await talk('My invoice')
    const other = await write('My parcel')
    await agent.put(`/conversations/${other}/merge`, { intoId: id })
    const before = await rowOf(id)
    const made = await splitOff(id, [1])
    expect(await rowOf(id)).toMatchObject({ waitingSince: before.waitingSince })
    expect(await clocksOf(id)).toHaveLength(1)
    expect(await clocksOf(made.id)).toHaveLength(1)
  })

  test('is nothing where all of it was answered', async () => {
    const { id } = await talk('My parcel', 'My invoice')
    await say(id, 'Both on their way')
    const made = await splitOff(id, [2])
    expect(await rowOf(made.id)).toMatchObject({ waitingSince: null, openedAt: app.clock.now })
    expect(await clocksOf(made.id)).toEqual([])
  })

  test('is nothing for the mail of a machine', async () => {
    const { id, write, mailIds } = await talk('My parcel')
    await write('I am away', mailIds[0], { headers: { 'Auto-Submitted': 'auto-replied' } })
    const { waitingSince } = await rowOf(id)
    const made = await splitOff(id, [2])
    expect(await rowOf(made.id)).toMatchObject({ waitingSince: null })
    expect(await rowOf(id)).toMatchObject({ waitingSince })
    expect(await splitOff(id, [1])).toMatchObject({ waitingSince: waitingSince!.toISOString() })
    expect(await rowOf(id)).toMatchObject({ waitingSince: null })
  })
})

describe('by mail', () => {
  test('an answer from the new one answers the mail that was split off, under its subject', async () => {
    const { id, mailIds, from } = await talk('My parcel', 'My invoice', 'My parcel again')
    const made = await splitOff(id, [2], { subject: 'Invoice' })
    const { body } = await agent.get(`/conversations/${made.id}/mail-draft`)
    expect(body).toMatchObject({
      ...{ subject: 'Re: About My invoice', to: [{ address: from.slice(5, -1) }] },
    })
    expect(await say(made.id, 'Here it is')).toMatchObject({ status: 201 })
    expect((await payloadOf(made.id)).mail).toMatchObject({
      ...{ subject: 'Re: About My invoice', answers: [{ mailId: mailIds[1] }] },
      quote: { text: 'My invoice' },
    })
    await say(id, 'On its way')
    const { mail } = await payloadOf(id)
    expect(mail.answers).toEqual([{ mailId: mailIds[0] }, { mailId: mailIds[2] }])
  })

  test('an answer from the other answers what stayed there, and not what was split off', async () => {
    const { id, mailIds } = await talk('My parcel', 'My invoice')
    await splitOff(id, [2])
    await say(id, 'On its way')
    expect((await payloadOf(id)).mail).toMatchObject({
      ...{ subject: 'Re: About My parcel', answers: [{ mailId: mailIds[0] }] },
      quote: { text: 'My parcel' },
    })
  })

  test('what the customer writes lands where what he answers was sent from', async () => {
    const { id, write } = await talk('My parcel', 'My invoice')
    const made = await splitOff(id, [2])
    await say(made.id, 'Here it is')
    await say(id, 'On its way')
    expect(await write('Thanks for the invoice', await sentAs(made.id))).toBe(made.id)
    expect(await write('Thanks for the parcel', await sentAs(id))).toBe(id)
    expect((await textsOf(made.id)).at(-1)).toBe('Thanks for the invoice')
  })

  test('what he adds to a mail that was split off goes with it, to the rest stays', async () => {
    const { id, write, mailIds } = await talk('My parcel', 'My invoice')
    const made = await splitOff(id, [2])
    expect(await write('The invoice is of May', mailIds[1])).toBe(made.id)
    expect(await write('The parcel is red', mailIds[0])).toBe(id)
  })

  test('what he adds to a mail that answered us goes with it too', async () => {
    const { id, write } = await talk('My parcel')
    await say(id, 'On its way')
    const ours = await sentAs(id)
    await write('By the way, my invoice', ours)
    const { lastSeq } = await rowOf(id)
    const { rows } = await app.place.pool.query(
      'select mail_id as id from mails join messages m on m.id = message_id where conversation_id = $1 and seq = $2',
      [id, lastSeq],
    )
    const made = await splitOff(id, [lastSeq])
    const references = { References: `<${ours}> <${rows[0].id}>` }
    expect(await write('The invoice is of May', rows[0].id, { headers: references })).toBe(made.id)
    expect(await write('Where is the parcel now?', ours)).toBe(id)
  })

  test('lets nobody in who had no part in what was split off', async () => {
    const { id, write, mailIds } = await talk('My parcel', 'My invoice')
    await splitOff(id, [2])
    const stranger = { from: 'Eve <eve@other.example>' }
    const opened = await write('Send it to me', mailIds[1], stranger)
    expect(await rowOf(opened)).toMatchObject({ customerCount: 1, lastSeq: 1 })
  })
})

describe('merging it back', () => {
  test('takes the wait back, and what he answers there comes to the other', async () => {
    const { id, write } = await talk('My parcel', 'My invoice')
    const made = await splitOff(id, [1, 2])
    expect(await rowOf(id)).toMatchObject({ waitingSince: null })
    const { waitingSince } = await rowOf(made.id)
    await say(made.id, 'Which invoice?')
    const ours = await sentAs(made.id)
    await write('That of May', ours)
    const since = (await rowOf(made.id)).waitingSince
    expect(since).not.toEqual(waitingSince)
    expect(await agent.put(`/conversations/${made.id}/merge`, { intoId: id })).toMatchObject({ status: 200 })
    expect(await rowOf(id)).toMatchObject({ waitingSince: since })
    expect(await clocksOf(made.id)).toEqual([])
    expect(await write('Anybody?', ours)).toBe(id)
    expect(await agent.delete(`/conversations/${made.id}/merge`)).toMatchObject({ status: 200 })
  })
})
