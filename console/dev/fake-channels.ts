import type { components } from '../src/api/schema.d.ts'
import { ago, id, stores } from './fake-people.ts'
import { findIn, list, upsert } from './fake-records.ts'
import { rows } from './fake-threads.ts'
import type { FakeRoute } from './fake-wire.ts'

type S = components['schemas']
const day = 86_400
const [tea, home] = stores as [S['Store'], S['Store']]

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

export const channelRoutes: FakeRoute[] = [
  ['GET', /^\/channels$/, list(channels)],
  ['GET', /^\/channels\/([^/]+)$/, ({ params }) => findIn(channels, params[0])],
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
      ...findIn(inbound, params[0]),
      raw: '{"id":"msg-2026-11-20","from":{"id":"buyer-88","name":"王芳"},"text":"请问什么时候发货',
      headers: {},
    }),
  ],
  [
    'PUT',
    /^\/inbound\/(\d+)\/retry$/,
    ({ params }) => Object.assign(findIn(inbound, params[0]), { state: 'done', reason: null }),
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
]
