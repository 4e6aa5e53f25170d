import type { components } from '../src/api/schema.d.ts'
import { ago, customers, id, permissions, roles, staff, stores, teams } from './fake-people.ts'
import { rows } from './fake-threads.ts'
import { type FakeRoute, refuse } from './fake-wire.ts'

type S = components['schemas']
const day = 86_400
const [tea, home] = stores as [S['Store'], S['Store']]

const company: S['Company'] = {
  name: '远客示例贸易有限公司',
  zone: 'Asia/Shanghai',
  locale: 'zh',
  requiresReason: false,
  revealsPerHour: 20,
  summaryPolicy: 'optional',
  isSample: true,
}
const break_ = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:30' },
]
const calendars: S['Calendar'][] = [
  {
    ...{ id: id(), version: 1, isOpen: true, storeIds: [tea.id], name: '深圳办公室', zone: 'Asia/Shanghai' },
    weekly: { 1: break_, 2: break_, 3: break_, 4: break_, 5: break_, 6: [{ from: '10:00', to: '16:00' }] },
    closed: [{ date: '2027-01-01', name: '元旦' }],
    special: [{ date: '2027-01-03', name: '调休上班', intervals: break_ }],
  },
]
const texts: S['MessageText'][] = [
  { storeId: null, key: 'chat.greeting', locale: 'zh', text: '您好！我们在，请讲。' },
]
const invitations: S['Invitation'][] = [
  {
    id: id(),
    email: 'noor@afar.example',
    roleId: roles[2]!.id,
    roleName: roles[2]!.name,
    storeIds: null,
    teamIds: [],
    createdAt: ago(3600),
    expiresAt: ago(-day),
  },
]
const keys: S['ApiKey'][] = [
  {
    id: id(),
    name: 'ERP 库存同步',
    prefix: 'afar_7Kd2',
    roleId: roles[2]!.id,
    roleName: roles[2]!.name,
    storeIds: null,
    createdAt: ago(20 * day),
    permissions: ['customers:read', 'staff:read'],
    networks: ['203.0.113.0/24'],
    lastUsedAt: ago(90),
    lastUsedIp: '203.0.113.9',
    expiresAt: null,
    previousUntil: null,
  },
]
const channels: S['Channel'][] = [
  {
    ...{
      id: 'web',
      storeId: home.id,
      kind: 'web_chat',
      name: 'Nordlicht web chat',
      active: true,
      hasSecret: true,
      hasPreviousSecret: true,
      createdAt: ago(60 * day),
    },
    settings: {
      greeting: 'Hej! Ask us anything about your home.',
      colour: null,
      position: 'end',
      requireContactWhenClosed: true,
      allowedOrigins: [],
      enforceIdentity: false,
      reopenDays: 7,
    },
  },
  {
    ...{
      id: 'api',
      storeId: tea.id,
      kind: 'api',
      name: 'ERP 接口',
      active: true,
      hasSecret: true,
      hasPreviousSecret: false,
      createdAt: ago(30 * day),
    },
    settings: {
      webhookUrl: 'https://erp.example/afar',
      timeoutSeconds: 15,
      inboundPerSecond: 10_000,
      reopenDays: 7,
    },
  },
]
const inbound: S['InboundItem'][] = (['parked', 'done', 'done', 'ignored', 'received'] as const).map(
  (state, index) => ({
    ...{
      id: 5 - index,
      channelId: 'api',
      externalId: `msg-2026-11-${20 - index}`,
      line: 'a',
      receivedAt: ago(index * 400 + 30),
      state,
      attempts: state === 'parked' ? 5 : 1,
    },
    ...{
      nextAt: null,
      reason: state === 'parked' ? 'invalid_json' : state === 'ignored' ? 'repeated' : null,
      messageId: null,
      rawBytes: 214,
      doneAt: null,
    },
    conversationId: state === 'done' ? rows[7]!.id : null,
  }),
)
const deliveries: S['Delivery'][] = (['dead', 'uncertain', 'done', 'pending'] as const).map(
  (state, index) => ({
    ...{
      id: id(),
      channelId: 'api',
      messageId: id(),
      conversationId: rows[7]!.id,
      state,
      attempts: index + 1,
      notBefore: ago(0),
      giveUpAt: ago(-day),
      providerRef: null,
    },
    ...{
      reason: state === 'dead' ? 'HTTP 502' : state === 'uncertain' ? 'timeout' : null,
      to: 'e•••@t•••.uk',
      text: 'I have asked the carrier for the proof of delivery and will write tomorrow.',
      createdAt: ago(900 * index),
      doneAt: null,
    },
  }),
)
const policy = (over: Partial<S['ClockPolicy']>): S['ClockPolicy'] => ({
  ...{
    id: id(),
    code: 'chat-first-response',
    version: 1,
    names: { zh: '在线客服：30 秒内首次响应', en: 'Chat: first response in 30 s' },
    kind: 'first_response',
    channel: 'web_chat',
    sites: [],
    storeId: null,
    trigger: 'oldest_unanswered_message',
    window: { value: 30, unit: 'second' },
  },
  ...{
    calendar: 'store',
    calendarId: null,
    country: null,
    zone: null,
    weekendDueAt: null,
    stopsOn: ['human_reply', 'mark_spam', 'resolved'],
    pausesOn: [],
    pauseCapHours: null,
    warnAt: [0.5, 0.75, 0.9],
    escalations: [],
    onExpiry: 'metric_miss',
    target: null,
    severity: 2,
    neverOpens: false,
    source: '§5.7',
    sourceUrl: null,
    verifiedAt: '2026-11-21',
    effectiveFrom: ago(30 * day),
    effectiveTo: null,
    isStale: false,
  },
  ...over,
})
const policies = [
  policy({ version: 2 }),
  policy({ effectiveTo: ago(30 * day), window: { value: 45, unit: 'second' } }),
  policy({
    ...{ code: 'chat-next', kind: 'next_response', window: { value: 2, unit: 'minute' }, isStale: true },
    names: { zh: '网页聊天后续响应', en: 'Chat: next response' },
  }),
  policy({
    code: 'api-first',
    channel: 'api',
    names: { zh: 'API：首次响应', en: 'API: first response' },
    window: { value: 4, unit: 'hour' },
    calendar: 'always',
  }),
]
const queue = (position: number, over: Partial<S['Queue']>): S['Queue'] => ({
  ...{
    id: id(),
    code: null,
    name: '在线聊天',
    position,
    channelKinds: ['web_chat'],
    storeIds: [],
    languages: [],
  },
  ...{ reasons: [], customerTags: [], vipTags: [], teamIds: [], staffIds: [], skills: [] },
  ...{ strategy: 'least_loaded', pushes: true, stickyHours: null, stickyWaitSeconds: 0 },
  ...{ overflowSeconds: null, overflowQueueId: null, outOfHours: 'keep_waiting', outOfHoursQueueId: null },
  ...{ wrapUpSeconds: 0, version: 1, warnings: [] },
  ...over,
})
const queues = [
  queue(1, { name: '老客户 Regulars', customerTags: ['VIP'], strategy: 'longest_idle', stickyHours: 72 }),
  queue(2, { name: '邮件 Mail', channelKinds: ['mail'], pushes: false }),
  queue(3, { code: 'chats' }),
  queue(4, {
    name: '德语 German',
    languages: ['de'],
    warnings: [{ code: 'unreachable', queueId: null, queue: '在线聊天' }],
  }),
]
const weights = (
  [
    ['call', 100],
    ['web_chat', 30],
    ['mail', 10],
    ['other', 20],
  ] as const
).map(([channelKind, units]): S['ChannelWeight'] => ({
  ...{ channelKind, units, source: 'Afar', effectiveFrom: new Date(0).toISOString() },
}))
const fields: S['CustomField'][] = [
  { id: id(), key: 'vat', label: '税号 VAT', type: 'text', choices: [] },
  { id: id(), key: 'taste', label: '口味偏好', type: 'choice', choices: ['清香', '浓香', '陈香'] },
]

let eventNumber = 900
const event = (
  name: string,
  seconds: number,
  customerId: string,
  params: Record<string, unknown> = {},
  conversationId: string | null = null,
  staffIndex?: number,
) => ({
  id: eventNumber--,
  at: ago(seconds),
  name,
  customerId,
  conversationId,
  params,
  actor:
    staffIndex === undefined ? { kind: 'system', id: null } : { kind: 'staff', id: staff[staffIndex]!.id },
})
function timeline(customerId: string, kinds: string | null) {
  const conversationId = rows.find(row => row.customer.id === customerId)?.id ?? null
  const all = [
    event('message.added', 62, customerId, { kind: 'customer' }, conversationId),
    event('message.added', 100, customerId, { kind: 'customer' }, conversationId),
    event('message.added', 235, customerId, { kind: 'reply' }, conversationId, 0),
    event('message.added', 240, customerId, { kind: 'reply' }, conversationId, 0),
    event('message.added', 320, customerId, { kind: 'customer' }, conversationId),
    event('customer.changed', day + 400, customerId, { fields: ['tags', 'facts'] }, null, 0),
    event('conversation.resolved', 3 * day - 400, customerId, {}, conversationId, 0),
    event('message.added', 3 * day - 260, customerId, { kind: 'note' }, conversationId, 0),
    event('message.added', 3 * day - 200, customerId, { kind: 'customer' }, conversationId),
    event('message.added', 3 * day - 90, customerId, { kind: 'reply' }, conversationId, 0),
    event('clock.breached', 3 * day - 30, customerId, {}, conversationId),
    event('conversation.assigned', 3 * day + 50, customerId, { staffId: staff[0]!.id }, conversationId),
    event('message.added', 3 * day, customerId, { kind: 'customer' }, conversationId),
    event('conversation.opened', 3 * day + 60, customerId, {}, conversationId),
    event('customer.merged', 20 * day, customerId, {}, null, 5),
    event('customer.created', 200 * day, customerId),
  ]
  const wanted = kinds?.split(',')
  return { items: all.filter(({ name }) => !wanted || wanted.includes(name.split('.')[0]!)), next: null }
}

const upsert = <T extends { id: string }>(all: T[], known: string | undefined, body: object) => {
  const row = all.find(one => one.id === known)
  if (row) return Object.assign(row, body)
  const made = { id: id(), ...body } as T
  all.push(made)
  return made
}
const list = (items: unknown[]) => () => ({ items, next: null })
const find = <T extends { id: unknown }>(all: T[], wanted: unknown) =>
  all.find(one => String(one.id) === wanted) ?? refuse(404, 'not_found')
const customer = (wanted: unknown) => find(customers, wanted)

export const settingsRoutes: FakeRoute[] = [
  ['GET', /^\/contact-reasons$/, () => ({ items: [] })],
  ['GET', /^\/conversations\/([^/]+)\/reason-suggestion$/, () => ({ items: [] })],
  ['GET', /^\/reason-model$/, () => null],
  ['GET', /^\/queues$/, () => ({ items: [] })],
  ['POST', /^\/conversations\/([^/]+)\/content-check$/, () => ({ findings: [] })],
  ['GET', /^\/staff$/, list(staff)],
  ['PATCH', /^\/staff\/([^/]+)$/, ({ params, body }) => upsert(staff, params[0], body)],
  ['GET', /^\/teams$/, list(teams)],
  ['POST', /^\/teams$/, ({ body }) => upsert(teams, undefined, body)],
  ['PATCH', /^\/teams\/([^/]+)$/, ({ params, body }) => upsert(teams, params[0], body)],
  ['GET', /^\/roles$/, list(roles)],
  [
    'POST',
    /^\/roles$/,
    ({ body }) => upsert(roles, undefined, { code: null, isBuiltIn: false, staffCount: 0, ...body }),
  ],
  ['GET', /^\/permissions$/, list(permissions)],
  ['GET', /^\/invitations$/, list(invitations)],
  [
    'POST',
    /^\/invitations$/,
    ({ body }) => ({ ...body, id: id(), url: '/invitations/Qm7_uT5wq9z3NvAa0Xk2sLd8Rr4JpYcEhVbGfTiWoZ1' }),
  ],
  [
    'GET',
    /^\/invitations\/by-token\//,
    () => ({ email: 'noor@afar.example', roleName: '客服', invitedBy: '林静', expiresAt: ago(-day) }),
  ],
  ['GET', /^\/api-keys$/, list(keys)],
  ['GET', /^\/session\/ways$/, () => ({ password: true, givers: [{ id: id(), name: 'Afar' }] })],
  ['GET', /^\/identity-givers$/, list([])],
  ['GET', /^\/audit$/, list([])],
  ['GET', /^\/audit\/verification$/, () => null],
  ['GET', /^\/customers\/[^/]+\/reveals$/, () => ({ items: [], count: 0 })],
  [
    'POST',
    /^\/api-keys$/,
    ({ body }) => ({
      ...upsert(keys, undefined, { ...keys[0], id: id(), ...body }),
      key: 'afar_7Kd2_pQ9v2mXr8Lw4Tn6Zc1Bs5Hy3Jf0Gd',
    }),
  ],
  [
    'POST',
    /^\/session\/totp$/,
    () => ({
      uri: 'otpauth://totp/Afar:lin@afar.example?secret=JBSWY3DPEHPK3PXP&issuer=Afar',
      backupCodes: ['9fk2-77ab', 'x81m-0qpe', 'zz3t-41lk', 'p0d8-vv2c'],
    }),
  ],
  ['GET', /^\/company$/, () => company],
  ['PATCH', /^\/company$/, ({ body }) => Object.assign(company, body)],
  ['GET', /^\/stores$/, list(stores)],
  ['PATCH', /^\/stores\/([^/]+)$/, ({ params, body }) => upsert(stores, params[0], body)],
  ['GET', /^\/calendars$/, list(calendars)],
  [
    'GET',
    /^\/calendars\/suggestion$/,
    () => ({
      closed: [{ date: '2027-02-06', name: '春节' }],
      unannounced: [2028],
      special: [{ date: '2027-02-20', name: '调休上班', intervals: break_ }],
    }),
  ],
  ['PATCH', /^\/calendars\/([^/]+)$/, ({ params, body }) => upsert(calendars, params[0], body)],
  [
    'POST',
    /^\/calendars$/,
    ({ body }) => upsert(calendars, undefined, { isOpen: true, storeIds: [], version: 1, ...body }),
  ],
  ['GET', /^\/texts$/, list(texts)],
  ['GET', /^\/channels$/, list(channels)],
  ['GET', /^\/channels\/([^/]+)$/, ({ params }) => find(channels, params[0])],
  ['PATCH', /^\/channels\/([^/]+)$/, ({ params, body }) => upsert(channels, params[0], body)],
  ['PUT', /^\/channels\/([^/]+)\/secret$/, () => ({ secret: 'whsec_4rT9bQzV1mLk8sXw2NyPd7Hc5Jf0Ga3e' })],
  [
    'GET',
    /^\/inbound$/,
    ({ query }) => ({
      items: inbound.filter(({ state }) => !query.get('state') || state === query.get('state')),
      next: null,
    }),
  ],
  [
    'GET',
    /^\/inbound\/(\d+)$/,
    ({ params }) => ({
      ...find(inbound, params[0]),
      raw: '{"id":"msg-2026-11-20","from":{"id":"buyer-88","name":"王芳"},"text":"请问什么时候发货',
      headers: {},
    }),
  ],
  [
    'PUT',
    /^\/inbound\/(\d+)\/retry$/,
    ({ params }) => Object.assign(find(inbound, params[0]), { state: 'done', reason: null }),
  ],
  [
    'GET',
    /^\/deliveries$/,
    ({ query }) => ({
      items: deliveries.filter(({ state }) => !query.get('state') || state === query.get('state')),
      next: null,
    }),
  ],
  [
    'PUT',
    /^\/deliveries\/([^/]+)\/replay$/,
    ({ params }) => upsert(deliveries, params[0], { state: 'pending' }),
  ],
  ['GET', /^\/clock-policies$/, list(policies)],
  ['GET', /^\/queues$/, list(queues)],
  ['GET', /^\/routing\/weights$/, list(weights)],
  ['GET', /^\/custom-fields$/, list(fields)],
  ['POST', /^\/custom-fields$/, ({ body }) => upsert(fields, undefined, body)],
  [
    'GET',
    /^\/customers\/([^/]+)\/timeline$/,
    ({ params, query }) => timeline(params[0]!, query.get('kinds')),
  ],
  [
    'GET',
    /^\/customers\/([^/]+)\/facts$/,
    ({ params, query }) => ({
      items: customer(params[0]).facts.filter(({ field }) => field === query.get('field')),
      next: null,
    }),
  ],
  [
    'POST',
    /^\/customers\/([^/]+)\/reveal$/,
    ({ params }) => ({
      items: customer(params[0]).identities.map(one => ({
        ...one,
        value: 'whole',
        display: one.display.replaceAll('•••', 'whole'),
      })),
    }),
  ],
  ['PUT', /^\/customers\/([^/]+)\/tags$/, ({ params, body }) => Object.assign(customer(params[0]), body)],
  ['PATCH', /^\/customers\/([^/]+)$/, ({ params, body }) => Object.assign(customer(params[0]), body)],
]
