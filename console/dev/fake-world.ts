import type { components } from '../src/api/schema.d.ts'

type S = components['schemas']
export type Row = S['Conversation']

let counter = 0
export const id = () => `018f0000-0000-7000-8000-${(++counter).toString(16).padStart(12, '0')}`
export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
const hour = 3600
const day = 24 * hour

export const stores: S['Store'][] = [
  {
    id: id(),
    key: 'yuanshan',
    name: '远山茶器',
    colour: '#8A5A2B',
    brand: '远山',
    languages: ['zh', 'ja'],
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    country: 'CN',
    calendarId: null,
    createdAt: ago(300 * day),
    archivedAt: null,
  },
  {
    id: id(),
    key: 'nordlicht',
    name: 'Nordlicht Home',
    colour: '#0E6E6E',
    brand: 'Nordlicht',
    languages: ['en', 'de', 'es', 'ar'],
    zone: 'Europe/Berlin',
    currency: 'EUR',
    country: 'DE',
    calendarId: null,
    createdAt: ago(200 * day),
    archivedAt: null,
  },
]

const [agentRole, leadRole, adminRole] = [id(), id(), id()]
export const permissions = [
  ['conversations:read', '查看会话', 'See conversations'],
  ['conversations:reply', '回复与备注', 'Reply and note'],
  ['conversations:assign', '分配与转接', 'Assign and transfer'],
  ['customers:read', '查看客户', 'See customers'],
  ['customers:write', '编辑客户', 'Edit customers'],
  ['customers:merge', '合并客户、核实身份', 'Merge customers and verify identities'],
  ['customers:contact-details', '查看客户的邮箱和电话', "See customers' addresses and numbers"],
  ['conversations:manage', '管理状态标签与公共快捷回复', 'Manage labels and shared quick replies'],
  ['routing:read', '查看排队与分配', 'See the queue and why work goes where'],
  ['staff:read', '查看同事', 'See colleagues'],
  ['staff:manage', '管理同事、角色和密钥', 'Manage colleagues, roles and keys'],
  ['settings:manage', '管理公司、店铺与营业时间', 'Manage company, stores and opening hours'],
  ['channels:manage', '管理渠道与收发记录', 'Manage channels, what came in and what went out'],
  ['clocks:manage', '管理时限政策', 'Manage clock policies'],
].map(([code, zh, en]) => ({ code: code!, zh: zh!, en: en! }))
const every = permissions.map(permission => permission.code)
export const roles: S['Role'][] = [
  { id: adminRole, code: 'admin', name: '管理员 Admin', permissions: every, isBuiltIn: true, staffCount: 1 },
  {
    id: leadRole,
    code: 'supervisor',
    name: '客服主管 Supervisor',
    permissions: every.slice(0, 7),
    isBuiltIn: true,
    staffCount: 1,
  },
  {
    id: agentRole,
    code: 'agent',
    name: '客服 Agent',
    permissions: every.slice(0, 5),
    isBuiltIn: true,
    staffCount: 4,
  },
]

const [teamZh, teamEu, teamAfter] = [id(), id(), id()]
const person = (
  name: string,
  email: string,
  roleId: string,
  languages: string[],
  state: S['Availability']['state'],
  teamIds: string[],
  over: Partial<S['Staff']> = {},
): S['Staff'] => ({
  id: id(),
  name,
  email,
  roleId,
  roleName: roles.find(role => role.id === roleId)!.name,
  teamIds,
  storeIds: null,
  languages,
  skills: [],
  chatLimit: 5,
  availability: { state, reason: state === 'away' ? 'meal' : null },
  deactivatedAt: null,
  locale: 'zh',
  twoFactor: false,
  lastSeenAt: ago(60),
  createdAt: ago(90 * day),
  ...over,
})
export const staff = [
  person('林静', 'lin@afar.example', adminRole, ['zh', 'en', 'ja'], 'online', [teamZh, teamEu]),
  person('Markus Weber', 'markus@afar.example', agentRole, ['de', 'en'], 'online', [teamEu]),
  person('Sofía Herrera', 'sofia@afar.example', agentRole, ['es', 'en'], 'busy', [teamEu]),
  person('陈志远', 'chen@afar.example', agentRole, ['zh', 'en'], 'away', [teamZh]),
  person('田中 美咲', 'tanaka@afar.example', agentRole, ['ja', 'zh'], 'online', [teamZh]),
  person('Layla Haddad', 'layla@afar.example', leadRole, ['ar', 'en', 'fr'], 'offline', [teamAfter]),
]
const [lin, markus, sofia, chen] = staff as [S['Staff'], S['Staff'], S['Staff'], S['Staff']]
export const teams: S['Team'][] = [
  { id: teamZh, name: '国内组', memberIds: [lin.id, chen.id] },
  { id: teamEu, name: 'Europe', memberIds: [markus.id, sofia.id] },
  { id: teamAfter, name: '售后 After-sales', memberIds: [] },
]
export const me: S['Me'] = {
  id: lin.id,
  name: lin.name,
  email: lin.email,
  locale: 'zh',
  roleName: '管理员',
  permissions: every,
  storeIds: null,
  teamIds: lin.teamIds,
  availability: lin.availability,
  twoFactor: false,
  chatLimit: 5,
}

const customer = (
  name: string,
  language: string,
  country: string,
  zone: string,
  contacts: [S['Identity']['kind'], string, boolean][],
  facts: [string, string, string][],
  tags: string[] = [],
): S['Customer'] => ({
  id: id(),
  name,
  language,
  country,
  zone,
  tags,
  createdAt: ago(200 * day),
  updatedAt: ago(300),
  mergedIntoId: null,
  merged: [],
  lookAlikes: [],
  anonymous: false,
  version: 1,
  customFields: {},
  email: contacts.find(([kind]) => kind === 'email')?.[1] ?? null,
  phone: contacts.find(([kind]) => kind === 'phone')?.[1] ?? null,
  identities: contacts.map(([kind, value, verified]) => ({
    id: id(),
    kind,
    display: value,
    isVerified: verified,
    isClaimed: !verified && kind !== 'visitor',
    verifiedAt: verified ? ago(40 * day) : null,
    verifiedBy: null,
    source: 'customer',
    createdAt: ago(100 * day),
  })),
  facts: facts.map(([field, value, source]) => ({
    id: id(),
    field,
    value,
    source,
    legalBasis: null,
    by: null,
    at: ago(3 * day),
  })),
})
export const customers: S['Customer'][] = [
  customer(
    'Anneliese Krüger',
    'de',
    'DE',
    'Europe/Berlin',
    [
      ['email', 'a•••@g•••.de', true],
      ['phone', '+49 ••• 17', false],
      ['visitor', 'v1', false],
    ],
    [
      ['orders', '7', 'order'],
      ['lastOrder', 'NL-20418 · 3 Artikel · 128,40 €', 'order'],
      ['parcel', 'DHL 00340434… · in delivery', 'order'],
      ['tier', 'Gold', 'order'],
    ],
    ['repeat buyer', 'careful'],
  ),
  customer(
    '王晓雯',
    'zh',
    'CN',
    'Asia/Shanghai',
    [
      ['phone', '138 ••• 65', true],
      ['user', 'tea_xiaowen', true],
    ],
    [
      ['orders', '12', 'order'],
      ['lastOrder', 'YS-88121 · 冰裂釉盖碗 ×2', 'order'],
      ['spent', '¥ 4,286', 'order'],
    ],
    ['老客户'],
  ),
  customer(
    '佐藤 健一',
    'ja',
    'JP',
    'Asia/Tokyo',
    [['email', 'k•••@y•••.jp', false]],
    [
      ['orders', '1', 'order'],
      ['parcel', 'EMS EB12… · 通関中', 'order'],
    ],
  ),
  customer(
    'María Fernanda Ríos',
    'es',
    'MX',
    'America/Mexico_City',
    [['email', 'm•••@c•••.mx', true]],
    [
      ['orders', '2', 'order'],
      ['tier', 'Silver', 'order'],
    ],
  ),
  customer(
    'عبد الله الحربي',
    'ar',
    'SA',
    'Asia/Riyadh',
    [['phone', '+96 ••• 41', false]],
    [['orders', '3', 'order']],
    ['VIP'],
  ),
  customer(
    'James O’Connell',
    'en',
    'US',
    'America/Chicago',
    [
      ['email', 'j•••@o•••.com', true],
      ['user', 'joc_1984', true],
    ],
    [
      ['orders', '4', 'order'],
      ['note', 'Deaf in one ear: prefers writing', 'staff'],
    ],
  ),
  customer('刘思琪', 'zh', 'CN', 'Asia/Shanghai', [['visitor', 'v9', false]], []),
  customer(
    'Emma Thompson',
    'en',
    'GB',
    'Europe/London',
    [['email', 'e•••@t•••.uk', true]],
    [['orders', '1', 'order']],
  ),
]

type Said = [kind: S['Message']['kind'], secondsAgo: number, text: string, over?: Partial<S['Message']>]
export const messages = new Map<string, S['Message'][]>()

export const picture = id()
const photo = {
  id: picture,
  name: 'crack-on-lid.png',
  type: 'image/png',
  size: 84_210,
  url: `/api/files/${picture}`,
  width: 520,
  height: 340,
  isInline: false,
}
const invoice = {
  id: id(),
  name: 'Rechnung-NL-20418.pdf',
  type: 'application/pdf',
  size: 1_284_000,
  url: '/api/files/none',
  width: null,
  height: null,
  isInline: false,
}

function talk(
  who: S['Customer'],
  store: S['Store'],
  by: S['Staff'] | null,
  over: Partial<Row>,
  said: Said[],
  clock?: [kind: string, seconds: number],
): Row {
  const conversationId = id()
  const number = 10_200 + counter
  const thread = said.map(([kind, seconds, text, extra], index): S['Message'] => ({
    id: id(),
    seq: index + 1,
    kind,
    text,
    language: kind === 'customer' ? who.language : null,
    attachments: [],
    mentions: [],
    clientId: null,
    createdAt: ago(seconds),
    system: null,
    mail: null,
    author:
      kind === 'customer'
        ? { kind: 'customer', id: who.id, name: who.name }
        : kind === 'system'
          ? null
          : { kind: 'staff', id: by?.id ?? lin.id, name: by?.name ?? lin.name },
    delivery: kind === 'reply' ? { id: null, state: 'read', reason: null } : null,
    ...extra,
  }))
  messages.set(conversationId, thread)
  const last = thread.findLast(message => message.kind !== 'system')
  const waiting = last?.kind === 'customer' ? last.createdAt : null
  return {
    id: conversationId,
    number,
    store: { id: store.id, name: store.name },
    channel: { id: 'web', kind: 'web_chat' },
    customer: { id: who.id, name: who.name, language: who.language, country: who.country, zone: who.zone },
    customerReadSeq: thread.length,
    previousId: null,
    resolvedAt: null,
    status: { category: 'open', label: null },
    assignee: by && { id: by.id, name: by.name },
    team: { id: teamEu, name: 'Europe' },
    priority: 'normal',
    subject: null,
    language: who.language,
    reason: null,
    reasonAtOpen: null,
    tags: [],
    lastSeq: thread.length,
    unread: 0,
    preview: last ? { kind: last.kind, text: last.text, at: last.createdAt } : null,
    waitingSince: waiting,
    clock:
      clock && waiting
        ? {
            kind: clock[0],
            startedAt: waiting,
            dueAt: new Date(Date.parse(waiting) + clock[1] * 1000).toISOString(),
            breachedAt: null,
          }
        : null,
    version: 1,
    openedAt: thread[0]?.createdAt ?? ago(0),
    lastActivityAt: last?.createdAt ?? ago(0),
    ...over,
  }
}

const [krueger, wang, sato, rios, harbi, oconnell, liu, emma] = customers as [
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
  S['Customer'],
]
const [tea, home] = stores as [S['Store'], S['Store']]
const opened: Said = ['system', 3 * day + 60, '', { system: { event: 'conversation.opened', params: {} } }]
const toLin: Said = [
  'system',
  3 * day + 55,
  '',
  { system: { event: 'conversation.assigned', params: { to: '林静' } } },
]

const long = `Sehr geehrtes Team,

ich wende mich heute an Sie, weil ich mit der Lieferung NL-20418 leider nicht zufrieden bin. Bestellt hatte ich drei Artikel, und zwar die große Teekanne „Fjord“, zwei Becher in Nachtblau und das Leinentuch.

Angekommen sind die Kanne und das Tuch. Die Becher fehlen. Auf dem Lieferschein stehen sie aber.

Außerdem hat der Deckel der Kanne einen feinen Riss, der vom Griff bis an den Rand reicht. Ich habe ihn fotografiert, damit Sie es sich ansehen können. Benutzt habe ich die Kanne noch nicht.

Ich möchte die Kanne grundsätzlich behalten, denn sie gefällt mir sehr. Wäre es möglich, dass Sie mir
 – einen neuen Deckel und
 – die beiden Becher
nachsenden? Am 14. habe ich Gäste, und es wäre sehr schön, wenn bis dahin alles da wäre.

Sollte das nicht gehen, bitte ich Sie um einen Vorschlag.

Mit freundlichen Grüßen
Anneliese Krüger

PS: Die Verpackung war übrigens sehr liebevoll. Danke dafür!`

export const rows: Row[] = [
  talk(
    krueger,
    home,
    lin,
    { unread: 2, priority: 'high', tags: ['damage'] },
    [
      opened,
      toLin,
      ['customer', 3 * day, 'Hallo, wann kommt meine Bestellung NL-20418 ungefähr an?'],
      [
        'reply',
        3 * day - 90,
        'Guten Tag Frau Krüger! Ihr Paket hat heute Leipzig verlassen und ist voraussichtlich am Donnerstag bei Ihnen.\nSie können es hier verfolgen: https://track.example/00340434161094042557',
      ],
      ['customer', 3 * day - 200, 'Wunderbar, vielen Dank für die schnelle Antwort 😊'],
      [
        'note',
        3 * day - 260,
        '@Markus Weber 如果周四没到,请帮忙查件,客户 14 号要请客。',
        { mentions: [markus.id] },
      ],
      [
        'system',
        2 * day,
        '',
        { system: { event: 'conversation.status_changed', params: { to: '等待客户' } } },
      ],
      ['customer', 320, long],
      ['customer', 290, '', { attachments: [photo] }],
      [
        'reply',
        240,
        'Oh nein, das tut mir leid. Vielen Dank für das Foto, ich sehe sofort nach, ob wir den Deckel einzeln haben.',
        { delivery: { id: null, state: 'delivered', reason: null } },
      ],
      [
        'reply',
        235,
        'Die Rechnung habe ich Ihnen schon einmal beigelegt.',
        { attachments: [invoice], delivery: { id: null, state: 'delivered', reason: null } },
      ],
      ['customer', 100, 'Das wäre großartig.'],
      ['customer', 62, 'Noch eine Frage: Soll ich den kaputten Deckel zurückschicken?'],
    ],
    ['next_response', 120],
  ),
  talk(
    wang,
    tea,
    lin,
    { unread: 1, team: { id: teamZh, name: '国内组' } },
    [
      opened,
      ['customer', 400, '你好,我上周买的盖碗,杯口好像有点毛边,会不会割手?'],
      ['reply', 380, '您好,晓雯!方便拍一张杯口的照片发来看看吗?'],
      ['customer', 14, '好的,稍等,我找一下光线好的地方拍'],
    ],
    ['next_response', 60],
  ),
  talk(
    sato,
    tea,
    lin,
    {
      unread: 3,
      priority: 'urgent',
      status: { category: 'new', label: null },
      team: { id: teamZh, name: '国内组' },
    },
    [
      opened,
      ['customer', 320, 'お世話になっております。EMSの追跡が「通関手続中」のまま5日間動いていません。'],
      ['customer', 300, '贈り物なので、今週末までに必要です。'],
      ['customer', 290, '状況を教えていただけますでしょうか。'],
    ],
    ['first_response', 30],
  ),
  talk(rios, home, lin, { status: { category: 'waiting_customer', label: null } }, [
    opened,
    ['customer', 5 * hour, '¡Hola! ¿Puedo cambiar la talla de mi pedido antes de que salga?'],
    [
      'reply',
      5 * hour - 100,
      'Claro que sí, María. ¿Qué talla necesita?',
      { delivery: { id: null, state: 'sent', reason: null } },
    ],
  ]),
  talk(
    harbi,
    home,
    null,
    { unread: 1, status: { category: 'new', label: null } },
    [opened, ['customer', 19, 'السلام عليكم، هل يمكن توصيل الطلب إلى الرياض قبل نهاية الأسبوع؟']],
    ['first_response', 30],
  ),
  talk(oconnell, home, markus, { unread: 0 }, [
    opened,
    ['customer', 2 * hour, 'The lamp flickers when dimmed below 20 %. Is that normal?'],
    ['note', 2 * hour - 30, '批次 L-220 已有三起同样反馈,建议走质检。'],
    [
      'reply',
      2 * hour - 60,
      'It should not. Which dimmer are you using, James?',
      { delivery: { id: null, state: 'refused', reason: '550 mailbox full' } },
    ],
  ]),
  talk(
    liu,
    tea,
    null,
    { unread: 2, status: { category: 'new', label: null } },
    [opened, ['customer', 44, '在吗'], ['customer', 40, '想问下这款茶壶能不能直接上火烧']],
    ['first_response', 30],
  ),
  talk(
    emma,
    home,
    sofia,
    {
      status: { category: 'waiting_third_party', label: { id: 'l1', name: 'With the carrier' } },
      channel: { id: 'api', kind: 'api' },
    },
    [
      opened,
      ['customer', 26 * hour, 'My parcel says delivered but there is nothing here.'],
      [
        'reply',
        26 * hour - 200,
        'I have asked the carrier for the proof of delivery and will write tomorrow.',
      ],
    ],
  ),
]

const words = [
  'Where is my parcel?',
  '什么时候发货?',
  'Kann ich das noch ändern?',
  '届きましたがサイズが違います',
  '¿Tienen factura?',
  'Merci beaucoup !',
  '请问可以开发票吗',
  'Is this dishwasher safe?',
  'متى يصل الطلب؟',
  'Thanks, that solved it.',
]
const names = [
  'Oliver Brandt',
  '赵敏',
  'Hanna Lindqvist',
  '鈴木 花子',
  'Carlos Medina',
  '周涛',
  'Priya Nair',
  'Lucas Silva',
  'Claire Dubois',
  '孙莉',
  'Tom Fletcher',
  'فاطمة الزهراء',
]
const langs = ['de', 'zh', 'sv', 'ja', 'es', 'zh', 'en', 'pt', 'fr', 'zh', 'en', 'ar']

/** Many rows made when asked for, so that scrolling through 100,000 can be felt. */
export function manyRow(index: number): Row {
  const at = index % names.length
  const when = ago(index * 140 + 3 * hour)
  return {
    ...rows[3]!,
    id: `018f1111-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
    number: 9_000 - index,
    customer: {
      id: customers[index % customers.length]!.id,
      name: names[at]!,
      language: langs[at]!,
      country: null,
      zone: null,
    },
    language: langs[at]!,
    store: { id: stores[index % 2]!.id, name: stores[index % 2]!.name },
    assignee: index % 3 ? { id: staff[index % 5]!.id, name: staff[index % 5]!.name } : null,
    priority: index % 17 === 0 ? 'high' : 'normal',
    status: { category: 'open', label: null },
    unread: index % 7 === 0 ? 1 : 0,
    waitingSince: null,
    clock: null,
    preview: { kind: index % 2 ? 'customer' : 'reply', text: words[index % words.length]!, at: when },
    lastActivityAt: when,
  }
}

export const quickReplies: S['QuickReply'][] = [
  [
    'hi',
    'Greeting',
    'Hello {{customer}}, this is {{agent}} from {{store}}. How may I help?',
    'Greeting',
    'en',
  ],
  ['nh', '问候', '您好 {{customer}},我是{{store}}的{{agent}},很高兴为您服务。', '问候', 'zh'],
  [
    'hallo',
    'Begrüßung',
    'Guten Tag {{customer}}, hier ist {{agent}} von {{store}}. Wie kann ich helfen?',
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
  ['bye', 'Closing', 'Thank you for writing to {{store}}. Have a lovely day!', 'Greeting', 'en'],
].map(([shortcut, title, text, category, language], index) => ({
  id: id(),
  shortcut: shortcut!,
  title: title!,
  text: text!,
  language: language!,
  storeId: null,
  isPersonal: index === 6 && category !== '',
}))

export const statusLabels: S['StatusLabel'][] = [
  { id: 'l1', category: 'waiting_third_party', name: 'With the carrier', position: 0 },
  { id: 'l2', category: 'waiting_third_party', name: '等待工厂', position: 1 },
  { id: 'l3', category: 'resolved', name: 'Spam', position: 0 },
]
