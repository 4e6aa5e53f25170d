import type { components } from '../src/api/schema.d.ts'
import { ago, staff } from './fake-people.ts'
import { rows } from './fake-threads.ts'
import type { FakeRoute } from './fake-wire.ts'

type S = components['schemas']

const figure = (value: number | null): S['Figure'] => ({
  ...{ n: 12, numerator: 9, denominator: 12, value, mean: value, p50: value, p90: value, p95: value },
  withinTarget: null,
})
const metrics: S['Metric'][] = [
  {
    ...{ code: 'first_response', name: '首次响应 First response', meaning: '', unit: 'seconds' },
    ...{ shows: 'median', days: 'store', cuts: ['day', 'staff'], isNow: false, target: null },
  },
]
const wall = (): S['Wall'] => ({
  at: ago(0),
  waiting: { waiting: 2, since: ago(140) },
  ...{ byQueue: [], byChannel: [{ key: 'web_chat', waiting: 2, since: ago(140) }], byLanguage: [] },
  longest: rows.slice(0, 2).map(({ id, number, customer, channel, language }) => ({
    ...{ conversationId: id, number, customer: customer.name, channelKind: channel.kind, language },
    ...{ queue: null, since: ago(140) },
  })),
  agents: staff.slice(0, 4).map(({ id, name, availability }) => ({
    ...{ id, name, state: availability.state, reason: null, since: ago(3_600) },
    ...{ units: 30, capacity: 100, openChats: 1, chatLimit: 3, has: [] },
  })),
  clocks: { withinMinutes: 15, atRisk: 0, breached: 0, nearest: [] },
  today: {
    ...{ contacts: 48, answered: 41, abandoned: 2, resolved: 37 },
    ...{ serviceLevel: figure(0.9), firstResponse: figure(42) },
  },
})

export const insightRoutes: FakeRoute[] = [
  ['GET', /^\/insight\/wall$/, wall],
  ['GET', /^\/insight\/metrics$/, () => ({ items: metrics })],
  [
    'POST',
    /^\/insight\/figures$/,
    ({ body }): S['Figures'] => ({
      ...{ metric: body.metric, by: body.by ?? null, from: body.from, to: body.to },
      ...{ dayZone: { of: 'store', zone: null }, target: null, total: figure(42), items: [], isMore: false },
    }),
  ],
  ['POST', /^\/insight\/figures\/rows$/, () => ({ items: [], next: null })],
  [
    'GET',
    /^\/insight\/days$/,
    ({ query }): S['WorkDays'] => ({
      ...{ date: query.get('date')!, zone: 'Asia/Shanghai', from: ago(86_400), to: ago(0), items: [] },
    }),
  ],
  ['GET', /^\/exports$/, () => ({ items: [] })],
]
