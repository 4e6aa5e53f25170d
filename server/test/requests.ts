import { randomUUID } from 'node:crypto'
import type { World } from './world.ts'

export type Schema = {
  type?: string
  $ref?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  minItems?: number
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
}
type Parameter = { name: string; in: 'path' | 'query'; required: boolean; schema: Schema }
type Content = Record<string, { schema?: Schema }>
type Described = {
  parameters: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, { content?: Content }>
  security: Record<string, unknown>[]
  'x-permission'?: string
}
export type Document = {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, Schema> }
}
export type Operation = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  name: string
  permission: string
  parameters: Parameter[]
  accepts: string | null
  body: Schema | null
  responses: Described['responses']
}

/** The document as a list of routes, each with the permission it names. */
export const operationsOf = (document: Document): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => {
      const [accepts, content] = Object.entries(described.requestBody?.content ?? {})[0] ?? []
      return {
        method: method.toUpperCase() as Operation['method'],
        path,
        name: `${method.toUpperCase()} ${path}`,
        permission: permissionOf(described),
        parameters: described.parameters,
        accepts: accepts ?? null,
        body: content?.schema ?? null,
        responses: described.responses,
      }
    }),
  )

function permissionOf({ security, 'x-permission': permission }: Described) {
  if (permission) return permission
  if (security.length === 0) return 'public'
  return security.some(way => 'visitor' in way) ? 'visitor' : 'signed-in'
}

/** `api/conversations/{id}/notes` is about conversations, `api/widget/files/{id}` about a visitor's files. */
export const nounOf = (path: string) =>
  path.startsWith('/api/widget/') ? path.split('/').slice(2, 4).join('/') : path.split('/')[2]!

/** The address with its places filled in from a world, or with what stands in `instead`. */
export function addressOf(
  { path }: Pick<Operation, 'path'>,
  world: World,
  instead: Record<string, string> = {},
) {
  const known: Record<string, string> = {
    id: world.ids[nounOf(path)]!,
    identityId: world.identityId,
    token: world.token,
    field: 'size',
    channelKind: 'mail',
    key: 'chat.greeting',
    promiseId: world.promiseId,
    linkId: world.linkId,
    useId: world.useId,
    code: world.ids['contact-reasons']!,
    ...instead,
  }
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(known[name] ?? ''))
}

/** What these shapes say by words of their own instead of by their schema. */
const bySpecialAddress: Record<string, (world: World) => unknown> = {
  'POST /api/widget/session': world => ({ store: world.store.key, locale: 'en' }),
  'PUT /api/session/notifications': () => ({
    ways: Object.fromEntries(
      ['assigned', 'customer_wrote', 'mention', 'whisper', 'escalation', 'queued'].map(kind => [
        kind,
        { sound: true, desktop: false, title: true },
      ]),
    ),
    ...{ volume: 50, quietWhileLooking: true, doNotDisturb: null },
  }),
  'PUT /api/session/password': () => ({ current: 'a wrong password', next: 'another good password' }),
  'POST /api/channels': world => ({ kind: 'api', storeId: world.store.id, name: 'Another', settings: {} }),
  'POST /api/calendars': () => ({
    name: 'Days',
    zone: 'UTC',
    weekly: { 2: [{ from: '09:00', to: '17:00' }] },
  }),
  'PATCH /api/calendars/{id}': () => ({ name: 'Other days' }),
  'PATCH /api/channels/{id}': () => ({ name: 'Renamed' }),
  'POST /api/identity-givers': () => ({
    ...{
      name: 'Harbour',
      issuer: 'http://127.0.0.1:9/',
      clientId: 'afar',
      clientSecret: 'a secret of the client',
    },
  }),
  'PATCH /api/identity-givers/{id}': () => ({ name: 'Harbour again' }),
  'POST /api/customers/{id}/reveals': world => ({
    ...{ identityId: world.identityId, reason: 'delivery', note: 'The parcel came back' },
  }),
  'PUT /api/conversations/{id}/status': () => ({ category: 'open' }),
  'PUT /api/conversations/{id}/fields': () => ({ values: {} }),
  'POST /api/conversation-fields': world => ({
    ...{ key: `f${randomUUID().slice(0, 8)}`, type: 'text', nameZh: '字段', nameEn: 'Field' },
    storeId: world.store.id,
  }),
  'PATCH /api/conversation-fields/{id}': world => ({ nameEn: 'Renamed', storeId: world.store.id }),
  'PUT /api/conversations/{id}/summary': () => ({ done: 'Solved' }),
  'PUT /api/conversations/{id}/reason': () => ({ reason: 'order.cancel' }),
  'POST /api/contact-reasons': () => ({
    ...{ code: `wismo.r${randomUUID().slice(0, 8)}`, nameZh: '原因', nameEn: 'Reason' },
  }),
  'PATCH /api/content-rules/{id}': () => ({ severity: 'block' }),
  'POST /api/conversations/{id}/content-check': () => ({ text: 'Hello' }),
  'PUT /api/conversations/{id}/snooze': () => ({ until: '2026-01-06T09:00:00Z' }),
  'PUT /api/conversations/{id}/assignee': () => ({ staffId: null }),
  'POST /api/conversations/{id}/replies': () => ({ clientId: randomUUID(), text: 'Hello', lastSeenSeq: 50 }),
  'POST /api/conversations/{id}/promises': () => ({ text: 'We call you', dueAt: '2126-01-05T12:00:00Z' }),
  'PATCH /api/clock-policies/{id}': () => ({ severity: 3 }),
  'POST /api/conversations/{id}/held-replies': () => ({
    ...{ clientId: randomUUID(), text: 'Hello', lastSeenSeq: 50, why: 'undo' },
  }),
  'PUT /api/flows/order': () => ({ ids: [] }),
  'POST /api/flows': () => ({ name: 'Flow' }),
  'PATCH /api/flows/{id}': () => ({ name: 'Renamed' }),
  'PUT /api/flows/{id}/state': () => ({ state: 'off' }),
  'PUT /api/flows/{id}/publication': () => ({}),
  'POST /api/flows/dry-runs': () => ({ draft: { trigger: { code: 'opened' }, steps: [] }, events: 5 }),
  'POST /api/conversations/{id}/actions': () => ({
    actions: [{ code: 'set_priority', params: { priority: 'high' } }],
  }),
  'POST /api/conversations/{id}/links': world => ({ otherId: world.conversationId, kind: 'related' }),
  'POST /api/conversations/{id}/splits': () => ({ clientId: randomUUID(), seqs: [1] }),
  'PUT /api/conversations/{id}/merge': world => ({ intoId: world.conversationId }),
  'POST /api/bulk-jobs': world => ({
    actions: [{ code: 'add_tags', params: { tags: ['vip'] } }],
    filter: { storeId: world.store.id },
  }),
  'POST /api/views': () => ({ name: 'View', condition: { field: 'tags', is: 'is_empty' } }),
  'PATCH /api/views/{id}': () => ({ name: 'Renamed' }),
  'POST /api/views/previews': () => ({ condition: { all: [] } }),
  'POST /api/conversations/{id}/quick-reply-previews': world => ({ quickReplyId: world.quickReplyId }),
  'POST /api/conversations/{id}/quick-reply-uses': world => ({
    ...{ quickReplyId: world.quickReplyId, clientId: randomUUID(), lastSeenSeq: 50 },
  }),
  'PATCH /api/quick-replies/{id}': world => ({ title: 'Renamed', storeId: world.store.id }),
  'POST /api/quick-replies': world => ({
    ...{ shortcut: `s${randomUUID()}`, title: 'T', text: 'Hello', storeId: world.store.id, isPersonal: true },
  }),
  'POST /api/clock-policies': world => ({
    ...{
      code: `code-${randomUUID().slice(0, 8)}`,
      names: { zh: '政策', en: 'P' },
      kind: 'next_response',
      channel: 'api',
      storeId: world.store.id,
    },
    ...{ window: { value: 60, unit: 'second' }, source: 'contract', verifiedAt: '2026-01-01' },
  }),
  'POST /api/queues': world => ({ name: 'Queue', storeIds: [world.store.id] }),
  'PATCH /api/queues/{id}': world => ({ name: 'Another queue', storeIds: [world.store.id] }),
  'POST /api/routing/simulations': world => ({
    ...{ from: '2026-01-05T08:00:00Z', to: '2026-01-05T09:00:00Z' },
    queues: [
      {
        ...{ id: world.ids.queues, name: 'Queue', storeIds: [world.store.id] },
        ...{ channelKinds: [], languages: [], reasons: [], customerTags: [], vipTags: [] },
        ...{ teamIds: [], staffIds: [], skills: [], strategy: 'least_loaded', pushes: true },
        ...{ stickyHours: null, stickyWaitSeconds: 0, overflowSeconds: null, overflowQueueId: null },
        ...{ outOfHours: 'keep_waiting', outOfHoursQueueId: null, wrapUpSeconds: 0 },
      },
    ],
  }),
  'POST /api/conversations/{id}/translations': world => ({ messageIds: [world.conversationId], to: 'zh' }),
  'POST /api/conversations/{id}/draft-translation': () => ({ text: 'Hello', to: 'zh' }),
  'PATCH /api/translation-settings': () => ({ isAutomatic: true }),
  'POST /api/translation-providers': () => ({
    ...{ name: 'A service', kind: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'm', isActive: false },
    price: { source: 'nobody' },
  }),
  'PATCH /api/translation-providers/{id}': () => ({ name: 'Another name' }),
  'PUT /api/translation-providers/{id}/price': () => ({ perMillionCharacters: 2, source: 'nobody' }),
  'POST /api/translation-providers/{id}/trial': () => ({ to: 'de' }),
  'POST /api/glossary-terms': () => ({ term: `Term ${randomUUID()}` }),
  'PUT /api/glossary-terms/{id}': () => ({ term: `Term ${randomUUID()}` }),
  'POST /api/glossary-terms/import': () => ({ csv: 'term' }),
  'POST /api/roles': () => ({ name: 'Reader', permissions: ['customers:read'] }),
}

/** A body that the route takes. */
export function bodyOf(operation: Operation, document: Document, world: World): unknown {
  const special = bySpecialAddress[operation.name]
  if (special) return special(world)
  if (!operation.body) return undefined
  return sample(operation.body, document, world, '')
}

export const resolve = (schema: Schema, document: Document): Schema =>
  schema.$ref ? resolve(document.components.schemas[schema.$ref.split('/').at(-1)!] ?? {}, document) : schema

export function sample(given: Schema, document: Document, world: World, name: string): unknown {
  const schema = resolve(given, document)
  const byName = samples[name]
  if (byName && schema.type !== 'object') return byName(world)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const one = (schema.anyOf ?? schema.oneOf)?.[0]
  if (one) return sample(one, document, world, name)
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {})
    return Object.fromEntries(fields.map(([key, field]) => [key, sample(field, document, world, key)]))
  }
  if (schema.type === 'array') {
    const least = schema.minItems ?? 0
    return Array.from({ length: least }, () => sample(schema.items ?? {}, document, world, name))
  }
  if (schema.type === 'boolean') return false
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1)
  if (schema.format === 'uuid') return randomUUID()
  if (schema.format === 'date') return '2026-01-01'
  if (schema.format === 'date-time') return '2027-01-01T00:00:00.000Z'
  return 'a word that is long enough'.slice(0, schema.maxLength ?? 100)
}

const samples: Record<string, (world: World) => unknown> = {
  name: () => `Name ${randomUUID()}`,
  zone: () => 'UTC',
  locale: () => 'en',
  language: () => 'en',
  languages: () => ['en'],
  currency: () => 'USD',
  country: () => 'DE',
  colour: () => '#112233',
  email: () => `${randomUUID()}@test.example`,
  phone: () => `+4930${Math.floor(1_000_000 + Math.random() * 8_999_999)}`,
  shortcut: () => `s-${randomUUID().slice(0, 8)}`,
  key: () => `k${randomUUID().replaceAll('-', '')}`,
  code: () => `code-${randomUUID().slice(0, 8)}`,
  permissions: () => ['customers:read'],
  roleId: world => world.roleId,
  teamId: world => world.ids.teams,
  teamIds: () => [],
  memberIds: () => [],
  mentionIds: world => [world.colleague.id],
  storeId: world => world.store.id,
  storeIds: world => [world.store.id],
  calendarId: world => world.ids.calendars,
  intoId: world => world.intoId,
  reason: () => undefined,
  labelId: world => world.ids['status-labels'],
  customFields: () => ({}),
  tags: () => ['vip'],
  warnAt: () => [0.5],
  version: () => 1,
  verifiedAt: () => '2026-01-01',
  value: () => `v-${randomUUID()}@test.example`,
  seq: () => 1,
  lastSeenSeq: () => 1_000,
  choices: () => [],
  year: () => 2026,
  workday: () => '09:00-18:00',
  store: world => world.store.key,
  cursor: () => undefined,
  kinds: () => 'conversation',
  region: () => undefined,
  attachmentIds: () => [],
}
