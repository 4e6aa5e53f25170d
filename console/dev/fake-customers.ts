import type { components } from '../src/api/schema.d.ts'
import { ago, customers, id, staff } from './fake-people.ts'
import { findIn, list, upsert } from './fake-records.ts'
import { rows } from './fake-threads.ts'
import type { FakeRoute } from './fake-wire.ts'

type S = components['schemas']
const day = 86_400

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

const customer = (wanted: unknown) => findIn(customers, wanted)

export const customerRoutes: FakeRoute[] = [
  ['GET', /^\/customers\/[^/]+\/reveals$/, () => ({ items: [], count: 0 })],
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
