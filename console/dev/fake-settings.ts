import type { components } from '../src/api/schema.d.ts'
import { ago, id, permissions, roles, staff, stores, teams } from './fake-people.ts'
import { list, upsert } from './fake-records.ts'
import type { FakeRoute } from './fake-wire.ts'

type S = components['schemas']
const day = 86_400
const tea = stores[0]!

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
export const settingsRoutes: FakeRoute[] = [
  ['GET', /^\/contact-reasons$/, () => ({ items: [] })],
  ['GET', /^\/conversations\/([^/]+)\/reason-suggestion$/, () => ({ items: [] })],
  ['GET', /^\/reason-model$/, () => null],
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
]
