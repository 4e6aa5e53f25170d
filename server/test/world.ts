import { createHmac, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { createChannel } from '../src/modules/channels/channels.ts'
import { flowRuns, flowVersions } from '../src/modules/flows/tables.ts'
import { dataExports } from '../src/modules/insight/tables.ts'
import { noteBounce } from '../src/modules/outreach/suppressions.ts'
import type { Ctx } from '../src/platform/context.ts'
import type { TestApp } from './app.ts'
import { mailsIn, ourAddress, rawMail } from './mail.ts'
import { makeStore, makeVisitor } from './make.ts'

export type World = Awaited<ReturnType<typeof makeWorld>>
export type Client = Awaited<ReturnType<TestApp['as']>>

/** Sends a file as a browser does. */
export async function upload(
  app: TestApp,
  url: string,
  headers: Record<string, string>,
  { name = 'note.txt', type = 'text/plain', content = 'hello' as string | Buffer } = {},
) {
  const mark = 'a-boundary-of-our-own'
  const payload = Buffer.concat([
    Buffer.from(
      `--${mark}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from(`\r\n--${mark}--\r\n`),
  ])
  return app.http.inject({
    method: 'POST',
    url: `/api${url}`,
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${mark}` },
    payload,
  })
}

/** Hands something in at an API channel, signed as it asks. */
export async function handIn(app: TestApp, channel: { id: string; secret: string }, body: object | string) {
  const raw = typeof body === 'string' ? body : JSON.stringify(body)
  const timestamp = String(Math.floor(app.clock.now.getTime() / 1_000))
  return app.http.inject({
    method: 'POST',
    url: `/api/channels/${channel.id}/inbound`,
    headers: {
      'content-type': 'application/json',
      'afar-timestamp': timestamp,
      'afar-signature': `v1=${createHmac('sha256', channel.secret).update(`${timestamp}.${raw}`).digest('hex')}`,
    },
    payload: raw,
  })
}

/**
 * One of everything that has an address of its own, under a store of its own. Keys are the nouns of the
 * addresses: `ids.conversations` is what `/api/conversations/{id}` can show.
 */
export async function makeWorld(app: TestApp, admin: Client) {
  const n = app.unique()
  const store = await makeStore(app)
  const call = async <T = { id: string }>(
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    url: string,
    body?: unknown,
  ) => {
    const answer = await admin[method](url, body)
    if (answer.status >= 300)
      throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as T
  }

  const api = await call('post', '/channels', {
    kind: 'api',
    storeId: store.id,
    name: 'Shop',
    settings: { webhookUrl: 'http://127.0.0.1:9/' },
  })
  const { secret } = await call<{ secret: string }>('put', `/channels/${api.id}/secret`)
  const channel = { id: api.id, secret }
  const mail = `casey-${n}@customers.example`
  const phone = `+4915112${String(100_000 + n)}`
  await handIn(app, channel, {
    id: `first-${n}`,
    from: { id: `casey-${n}`, name: `Casey ${n}`, email: mail, phone },
    text: 'Where is my parcel?',
  })
  const visitor = await makeVisitor(app, store)
  const attached = (await upload(app, '/widget/files', visitor.headers)).json<{ id: string }>()
  const said = await visitor.say('Good day', { attachmentIds: [attached.id] })
  await app.settled()

  const inConversation = (path: string, body: unknown) =>
    call('post', `/conversations/${said.body.conversation.id}/${path}`, {
      clientId: randomUUID(),
      ...(body as object),
    })
  await inConversation('replies', { text: 'Good day to you', lastSeenSeq: 50 })
  await inConversation('notes', { text: 'A private word' })

  const list = async (url: string) =>
    (await call<{ items: { id: string; [key: string]: unknown }[] }>('get', url)).items
  const [talk] = await list(`/conversations?storeId=${store.id}&limit=50`).then(rows =>
    rows.filter(row => (row.channel as { id: string }).id === channel.id),
  )
  const caseyId = (talk!.customer as { id: string }).id
  await call('post', `/conversations/${talk!.id}/replies`, {
    clientId: randomUUID(),
    text: 'It is on its way',
    attachmentIds: [],
    lastSeenSeq: 50,
  })
  // It goes to an address that is never allowed, so it ends soon.
  const delivery = await onceIn('refused', async () => (await list(`/deliveries?channelId=${channel.id}`))[0])
  const [inbound] = await list(`/inbound?channelId=${channel.id}`)

  const letter = await makeLetter(app, store.id, list)
  const held = await call('post', `/conversations/${letter.conversationId}/held-replies`, {
    ...{ clientId: randomUUID(), text: 'Tomorrow', lastSeenSeq: 50, why: 'scheduled' },
    sendAt: new Date(app.clock.now.getTime() + 86_400_000).toISOString(),
  })

  const dead = { address: `dead-${n}@customers.example`, class: 'hard' as const, detail: null }
  await app.act(ctx => noteBounce(ctx, { ...dead, at: ctx.now }))
  const [suppression] = await list('/suppressions?limit=1')

  const customer = await call<{ id: string; identities: { id: string }[] }>('post', '/customers', {
    name: `Robin ${n}`,
    email: `robin-${n}@customers.example`,
    phone: `+4915113${String(100_000 + n)}`,
    country: 'DE',
    language: 'de',
  })
  await call('put', `/customers/${customer.id}/facts/size`, { value: 'L' })
  const target = await call('post', '/customers', { name: `Target ${n}` })
  const blocked = await call<{ identities: { id: string }[] }>('post', '/customers', {
    ...{ name: `Spammer ${n}`, email: `spammer-${n}@customers.example` },
  })
  await call('put', `/identities/${blocked.identities[0]!.id}/block`)
  const colleague = await app.as('agent', { storeIds: [store.id], name: `Colleague ${n}` })
  const role = await call('post', '/roles', { name: `Role ${n}`, permissions: ['customers:read'] })
  const team = await call('post', '/teams', { name: `Team ${n}`, memberIds: [colleague.id] })
  const invitation = await call<{ id: string; url: string }>('post', '/invitations', {
    email: `invited-${n}@test.example`,
    roleId: role.id,
    storeIds: [store.id],
  })
  const key = await call<{ id: string; key: string }>('post', '/api-keys', {
    name: `Key ${n}`,
    roleId: role.id,
    storeIds: [store.id],
  })
  const giver = await call('post', '/identity-givers', {
    ...{ name: `Giver ${n}`, issuer: 'http://127.0.0.1:9/', clientId: 'afar' },
  })
  const calendar = await call('post', '/calendars', {
    name: `Calendar ${n}`,
    zone: 'UTC',
    weekly: { 1: [{ from: '09:00', to: '17:00' }] },
  })
  const policy = await call('post', '/clock-policies', {
    ...{
      code: `policy-${n}`,
      names: { zh: `政策 ${n}`, en: `Policy ${n}` },
      kind: 'resolution',
      channel: 'api',
    },
    ...{
      storeId: store.id,
      window: { value: 1, unit: 'hour' },
      source: 'contract',
      verifiedAt: '2026-01-01',
    },
  })
  const promise = await call('post', `/conversations/${said.body.conversation.id}/promises`, {
    ...{ text: 'We call you', dueAt: new Date(app.clock.now.getTime() + 86_400_000).toISOString() },
  })
  const link = await call('post', `/conversations/${said.body.conversation.id}/links`, {
    ...{ otherId: letter.conversationId, kind: 'related' },
  })
  const queue = await call('post', '/queues', { name: `Queue ${n}`, storeIds: [store.id], pushes: false })
  const label = await call('post', '/status-labels', { category: 'open', name: `Label ${n}` })
  const quickReply = await call('post', '/quick-replies', {
    ...{ shortcut: `hello-${n}`, title: `Hello ${n}`, text: 'Hello!', storeId: store.id },
  })
  const use = await call('post', `/conversations/${said.body.conversation.id}/quick-reply-uses`, {
    ...{ quickReplyId: quickReply.id, clientId: randomUUID(), lastSeenSeq: 50 },
  })
  const view = await call('post', '/views', {
    ...{ name: `View ${n}`, scope: 'company', condition: { field: 'category', is: 'in', value: ['open'] } },
  })
  const flow = await call('post', '/flows', {
    name: `Flow ${n}`,
    draft: {
      trigger: { code: 'opened' },
      steps: [{ do: 'act', action: { code: 'add_tags', params: { tags: ['x'] } } }],
    },
  })
  await call('put', `/flows/${flow.id}/publication`, {})
  const run = await app.act(ctx => makeRun(ctx, flow.id, said.body.conversation.id))
  const job = await call('post', '/bulk-jobs', {
    actions: [{ code: 'add_tags', params: { tags: [`world-${n}`] } }],
    conversationIds: [said.body.conversation.id],
  })
  await onceIn('done', () => call<{ state: string }>('get', `/bulk-jobs/${job.id}`))
  const reasonCode = `wismo.world_${n}`
  await call('post', '/contact-reasons', { code: reasonCode, nameZh: '原因', nameEn: 'Reason' })
  const [rule] = await list('/content-rules')
  const service = await call('post', '/translation-providers', {
    ...{ name: `Service ${n}`, kind: 'deepl', baseUrl: 'http://127.0.0.1:9', key: 'a key', isActive: false },
    price: { perMillionCharacters: 1, source: 'nobody' },
  })
  const term = await call('post', '/glossary-terms', { term: `Term ${n}` })
  const me = await call('get', '/session')
  const taken = await makeExport(app, me.id)
  const file = (await upload(app, '/files', admin.headers)).json<{ id: string }>()
  const ownField = await call('post', '/conversation-fields', {
    ...{ key: `f${n}`, type: 'text', nameZh: '字段', nameEn: 'Field', storeId: store.id },
  })
  await call('post', '/custom-fields', { key: `field${n}`, label: 'Field', type: 'text' })

  return {
    n,
    store,
    channel,
    visitor,
    mail,
    phone,
    caseyId,
    colleague,
    intoId: target.id,
    conversationId: said.body.conversation.id,
    identityId: customer.identities[0]!.id,
    promiseId: promise.id,
    linkId: link.id,
    quickReplyId: quickReply.id,
    useId: use.id,
    token: invitation.url.split('/').at(-1)!,
    apiKey: key.key,
    attachedFileId: attached.id,
    roleId: role.id,
    ids: {
      'api-keys': key.id,
      'bulk-jobs': job.id,
      calendars: calendar.id,
      channels: channel.id,
      'clock-policies': policy.id,
      'contact-reasons': reasonCode,
      'content-rules': rule!.id,
      'conversation-fields': ownField.id,
      conversations: said.body.conversation.id,
      customers: customer.id,
      deliveries: delivery!.id,
      exports: taken.id,
      files: file.id,
      identities: blocked.identities[0]!.id,
      'identity-givers': giver.id,
      'flow-runs': run,
      flows: flow.id,
      'glossary-terms': term.id,
      'held-replies': held.id,
      inbound: inbound!.id,
      invitations: invitation.id,
      messages: letter.messageId,
      'quick-replies': quickReply.id,
      queues: queue.id,
      roles: role.id,
      staff: colleague.id,
      'status-labels': label.id,
      stores: store.id,
      suppressions: suppression!.id,
      teams: team.id,
      'translation-providers': service.id,
      views: view.id,
      'widget/files': attached.id,
    } as Record<string, string>,
  }
}

/** As though the flow had been at work on the conversation. */
async function makeRun(ctx: Ctx, flowId: string, recordId: string) {
  const [version] = await ctx.db.select().from(flowVersions).where(eq(flowVersions.flowId, flowId))
  const [run] = await ctx.db
    .insert(flowRuns)
    .values({
      ...{ flowId, recordId, versionId: version!.id, enrolment: `world:${flowId}`, state: 'done' },
      ...{ enrolledAt: ctx.now, startedAt: ctx.now, endedAt: ctx.now },
    })
    .returning({ id: flowRuns.id })
  return run!.id
}

/** What is done in the background has ended when the world stands, or it would write while one looks at it. */
async function onceIn<T>(state: string, look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let tries = 0; ; tries++) {
    const seen = await look()
    if ((seen as { state?: string } | undefined)?.state === state || tries === 200) return seen
    await new Promise(done => setTimeout(done, 20))
  }
}

/** Of an earlier day: one that is still being made would change the house by itself. */
const makeExport = (app: TestApp, staffId: string) =>
  app.act(async ctx => {
    const matter = { kind: 'days', date: '2026-01-01' } as const
    const row = { staffId, matter, format: 'csv', name: 'days.csv', state: 'expired' } as const
    const [made] = await ctx.db.insert(dataExports).values(row).returning()
    return made!
  })

/** A mail with HTML and a picture that lies elsewhere. */
async function makeLetter(
  app: TestApp,
  storeId: string,
  list: (url: string) => Promise<{ id: string; [key: string]: unknown }[]>,
) {
  const channel = await app.act(ctx =>
    createChannel(ctx, { storeId, kind: 'mail', name: 'Help', settings: { address: ourAddress } }),
  )
  const content = '<p>Hello</p><img src="http://10.0.0.1/a.png">'
  await mailsIn(app, channel, rawMail({ body: { type: 'text/html; charset=utf-8', content } }))
  const talks = await list(`/conversations?storeId=${storeId}&limit=50`)
  const talk = talks.find(row => (row.channel as { id: string }).id === channel.id)!
  const [message] = await list(`/conversations/${talk.id}/messages`)
  return { conversationId: talk.id, messageId: message!.id }
}

/** A job in the background, such as a training of seconds, would write between two looks. */
async function jobsDone(app: TestApp) {
  const due = 'select from graphile_worker.jobs where run_at <= now() and attempts < max_attempts limit 1'
  for (let tries = 0; tries < 300 && (await app.place.pool.query(due)).rowCount; tries++)
    await new Promise(done => setTimeout(done, 50))
  await app.settled()
}

/** What every table holds, to be held against what it holds later. Counters and marks of use are no content. */
export async function fingerprint(app: TestApp) {
  await app.settled()
  await jobsDone(app)
  const { rows: tables } = await app.place.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'
      and tablename not in ('rate_limits', 'reaction_cursors', 'search_progress', 'message_search') order by 1`,
  )
  const one = ({ name }: { name: string }) =>
    `select '${name}' as name, count(*)::int as rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as content from "${name}" t`
  const { rows } = await app.place.pool.query<{ name: string; rows: number; content: string }>(
    tables.map(one).join(' union all '),
  )
  return Object.fromEntries(rows.map(row => [row.name, `${row.rows} rows, ${row.content}`]))
}
