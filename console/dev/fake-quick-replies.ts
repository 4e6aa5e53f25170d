import type { components } from '../src/api/schema.d.ts'
import { find } from './fake-inbox.ts'
import { id } from './fake-people.ts'
import type { Row } from './fake-threads.ts'
import type { FakeRoute } from './fake-wire.ts'

type S = components['schemas']

const quickReplies: S['QuickReply'][] = [
  [
    'hi',
    'Greeting',
    'Hello {{customer.name}}, this is {{agent.name}} from {{store.name}}. How may I help?',
    'Greeting',
    'en',
  ],
  ['nh', '问候', '您好 {{customer.name}},我是{{store.name}}的{{agent.name}},很高兴为您服务。', '问候', 'zh'],
  [
    'hallo',
    'Begrüßung',
    'Guten Tag {{customer.name}}, hier ist {{agent.name}} von {{store.name}}. Wie kann ich helfen?',
    'Greeting',
    'de',
  ],
  [
    'track',
    'Where is my parcel',
    'Your parcel is on its way. You can follow it here: https://track.example/',
    'Shipping',
    'en',
  ],
  ['wl', '物流查询', '您的包裹正在运输途中,可在此查看轨迹:https://track.example/', '物流', 'zh'],
  [
    'photo',
    'Ask for a photo',
    'Could you send us a photo? It helps us to find the right part at once.',
    'After-sales',
    'en',
  ],
  ['bye', 'Closing', 'Thank you for writing to {{store.name}}. Have a lovely day!', 'Greeting', 'en'],
].map(([shortcut, title, text, category, language], index) => ({
  id: id(),
  shortcut: shortcut!,
  title: title!,
  text: text!,
  language: language!,
  translations: [],
  category: category!,
  storeId: null,
  isPersonal: index === 6 && category !== '',
  files: [],
  steps: index === 5 ? [{ code: 'set_status', params: { category: 'waiting_customer' } }] : [],
  sendsAtOnce: false,
  uses: 7 - index,
  version: 1,
}))

export const quickReplyRoutes: FakeRoute[] = [
  ['GET', /^\/quick-replies$/, () => ({ items: quickReplies })],
  ['GET', /^\/variables\/conversation$/, () => ({ items: variables })],
  [
    'GET',
    /^\/conversations\/([^/]+)\/variables$/,
    ({ params }) => ({
      items: variables.map(name => ({ ...name, value: wordsFor(name.code, find(params[0]!)) })),
    }),
  ],
  [
    'POST',
    /^\/conversations\/([^/]+)\/quick-reply-previews$/,
    ({ params, body }) => ({
      ...{ ...saidBy(body.quickReplyId, find(params[0]!)), files: [], refused: null, sendsAtOnce: false },
      steps: quickReplies
        .find(({ id }) => id === body.quickReplyId)!
        .steps.map(({ code }) => ({ code, changes: [], refused: null })),
    }),
  ],
  [
    'POST',
    /^\/conversations\/([^/]+)\/quick-reply-uses$/,
    ({ params, body }) => ({
      ...{ ...saidBy(body.quickReplyId, find(params[0]!)), id: body.clientId, files: [] },
      ...{ isSent: false, canUndo: false, conversation: find(params[0]!) },
    }),
  ],
]

const variables = [
  { code: 'customer.name', zh: '客户姓名', en: 'Name of the customer' },
  { code: 'agent.name', zh: '客服姓名', en: 'Name of the agent' },
  { code: 'store.name', zh: '店铺名称', en: 'Name of the store' },
]

const wordsFor = (code: string, row: Row) =>
  ({ 'customer.name': row.customer.name, 'agent.name': 'Lin', 'store.name': row.store.name })[code] ?? null

function saidBy(quickReplyId: string, row: Row) {
  const { text, language } = quickReplies.find(({ id }) => id === quickReplyId)!
  const filled = variables.reduce(
    (said, { code }) => said.replaceAll(`{{${code}}}`, wordsFor(code, row) ?? ''),
    text,
  )
  return { text: filled, language, afterwards: null }
}
