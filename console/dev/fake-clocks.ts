import type { components } from '../src/api/schema.d.ts'
import { ago, id } from './fake-people.ts'
import { list } from './fake-records.ts'
import type { FakeRoute } from './fake-wire.ts'

type S = components['schemas']
const day = 86_400

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

export const clockRoutes: FakeRoute[] = [
  ['GET', /^\/clock-policies$/, list(policies)],
  ['GET', /^\/queues$/, list(queues)],
  ['GET', /^\/routing\/weights$/, list(weights)],
]
