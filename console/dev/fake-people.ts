import type { components } from '../src/api/schema.d.ts'

type S = components['schemas']

export let counter = 0
export const id = () => `018f0000-0000-7000-8000-${(++counter).toString(16).padStart(12, '0')}`
export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
export const hour = 3600
export const day = 24 * hour

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
  ['flows:read', '查看自动化及其记录', 'See rules and what they did'],
  ['flows:manage', '管理自动化', 'Manage rules'],
  ['insight:read', '查看大屏、指标与工作日', 'See the wall, the figures and people’s days'],
  ['insight:supervise', '耳语、调配工作、设置同事离开', 'Whisper, move work, set colleagues away'],
  ['insight:export', '导出数据', 'Take data out of the house'],
].map(([code, zh, en]) => ({ code: code!, zh: zh!, en: en! }))
const every = permissions.map(permission => permission.code)
export const roles: S['Role'][] = [
  {
    id: adminRole,
    code: 'admin',
    name: '管理员 Admin',
    permissions: every,
    reach: 'stores',
    isBuiltIn: true,
    staffCount: 1,
  },
  {
    id: leadRole,
    code: 'supervisor',
    name: '客服主管 Supervisor',
    permissions: every.slice(0, 7),
    reach: 'stores',
    isBuiltIn: true,
    staffCount: 1,
  },
  {
    id: agentRole,
    code: 'agent',
    name: '客服 Agent',
    permissions: every.slice(0, 5),
    reach: 'stores',
    isBuiltIn: true,
    staffCount: 4,
  },
]

export const [teamZh, teamEu, teamAfter] = [id(), id(), id()]
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
  capacity: 150,
  chatLimit: 5,
  availability: { state, reason: state === 'away' ? 'meal' : null },
  deactivatedAt: null,
  locale: 'zh',
  zone: null,
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
export const [lin, markus, sofia, chen] = staff as [S['Staff'], S['Staff'], S['Staff'], S['Staff']]
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
  zone: null,
  reads: ['en'],
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
    blockedAt: null,
    blockedBy: null,
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
