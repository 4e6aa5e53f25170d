import type { components } from '../src/api/schema.d.ts'
import { attached } from './fake-files.ts'
import { manyRow } from './fake-many.ts'
import { ago, id, me, staff, stores, teams } from './fake-people.ts'
import { messages, type Row, rows, statusLabels } from './fake-threads.ts'
import { holdsIn } from './fake-views.ts'
import { type Ask, type FakeRoute, refuse, tell, tellPresence } from './fake-wire.ts'

type S = components['schemas']

const many = Number(process.env.AFAR_FAKE_MANY ?? 400)

export const find = (conversationId: string) =>
  rows.find(row => row.id === conversationId) ??
  (conversationId.startsWith('018f1111')
    ? manyRow(Number.parseInt(conversationId.slice(-12), 16))
    : refuse(404, 'conversation_not_found'))
export const isDone = (row: Row) => row.status.category === 'resolved' || row.status.category === 'closed'

function inView(row: Row, query: URLSearchParams) {
  const view = query.get('view') ?? 'all'
  if (query.get('storeId') && row.store.id !== query.get('storeId')) return false
  if (query.get('customerId') && row.customer.id !== query.get('customerId')) return false
  const ids = query.get('ids')?.split(',')
  if (ids && !ids.includes(row.id)) return false
  const savedViewId = query.get('savedViewId')
  if (savedViewId) return holdsIn(savedViewId, row)
  if (view === 'resolved') return isDone(row)
  if (isDone(row)) return false
  if (view === 'snoozed' || row.status.category === 'scheduled')
    return view === 'snoozed' && row.status.category === 'scheduled'
  if (view === 'mine') return row.assignee?.id === me.id
  if (view === 'unassigned') return row.assignee === null
  if (view === 'team') return row.team?.id === query.get('teamId')
  if (view === 'mentions')
    return messages.get(row.id)?.some(message => message.mentions.includes(me.id)) ?? false
  return true
}

function list({ query }: Ask) {
  const time = (at: string | null | undefined) => (at ? Date.parse(at) : Number.MAX_SAFE_INTEGER)
  const sort = query.get('sort') ?? 'clock'
  const by = (row: Row) =>
    sort === 'activity'
      ? -time(row.lastActivityAt)
      : sort === 'waiting'
        ? time(row.waitingSince)
        : time(row.clock?.dueAt)
  const own = rows.filter(row => inView(row, query)).sort((a, b) => by(a) - by(b))
  const limit = Number(query.get('limit') ?? 25)
  const from = Number(query.get('cursor') ?? 0)
  const extra =
    query.get('view') === 'all' && !query.get('ids') && !query.get('storeId') && !query.get('customerId')
      ? many
      : 0
  const total = own.length + extra
  const items = Array.from(
    { length: Math.max(0, Math.min(limit, total - from)) },
    (_, at) => own[from + at] ?? manyRow(from + at - own.length),
  )
  return { items, next: from + limit < total ? String(from + limit) : null }
}

function add(row: Row, over: Partial<S['Message']> & Pick<S['Message'], 'kind' | 'text'>) {
  const thread = messages.get(row.id) ?? []
  messages.set(row.id, thread)
  const known = over.clientId && thread.find(message => message.clientId === over.clientId)
  if (known) return known
  const message: S['Message'] = {
    id: id(),
    seq: thread.length + 1,
    author: null,
    language: null,
    original: null,
    attachments: [],
    mentions: [],
    isWhisper: false,
    delivery: null,
    clientId: null,
    createdAt: ago(0),
    system: null,
    mail: null,
    ...over,
  }
  thread.push(message)
  row.lastSeq = message.seq
  row.version += 1
  if (message.kind !== 'system') {
    row.preview = { kind: message.kind, text: message.text || '📎', at: message.createdAt }
    row.lastActivityAt = message.createdAt
  }
  tell('message.added', row.id)
  return message
}

const note = (row: Row, event: string, params: Record<string, unknown> = {}) =>
  add(row, { kind: 'system', text: '', system: { event, params } })
const mine = { kind: 'staff' as const, id: me.id, name: me.name }
function reply({ params: [conversationId], body }: Ask) {
  const row = find(conversationId!)
  const { clientId, text, attachmentIds, lastSeenSeq, then } = body
  const missed = (messages.get(row.id) ?? []).filter(
    message => message.seq > lastSeenSeq && message.kind === 'customer',
  )
  if (missed.length) refuse(409, 'missed_messages', { messages: missed })
  const message = add(row, {
    kind: 'reply',
    text,
    clientId,
    attachments: attached(attachmentIds),
    author: mine,
    delivery: { id: null, state: 'sent', reason: null },
  })
  row.waitingSince = null
  row.clock = null
  row.unread = 0
  if (then) setStatus(row, then === 'resolve' ? 'resolved' : 'waiting_customer')
  for (const [ms, state] of [
    [900, 'delivered'],
    [2600, 'read'],
  ] as const)
    setTimeout(() => {
      message.delivery = { id: null, state, reason: null }
      tell('conversation.read', row.id)
    }, ms)
  answerLater(row)
  return message
}

function answerLater(row: Row) {
  if (process.env.AFAR_FAKE_QUIET) return
  const typing = (on: boolean) =>
    tellPresence({
      conversationId: row.id,
      staffId: 'customer',
      name: null,
      typing: on,
      viewing: true,
    })
  setTimeout(() => typing(true), 4_000)
  setTimeout(() => {
    typing(false)
    customerSays(row, 'OK 👍')
  }, 9_000)
}

export function customerSays(row: Row, text: string) {
  if (row.status.category === 'scheduled')
    Object.assign(row, { snoozedUntil: null, status: { category: 'open', label: null, waitingFor: null } })
  add(row, {
    kind: 'customer',
    text,
    language: row.language,
    author: { kind: 'customer', id: row.customer.id, name: row.customer.name },
  })
  row.unread += 1
  row.waitingSince ??= ago(0)
  row.clock ??= {
    kind: 'next_response',
    startedAt: ago(0),
    dueAt: ago(-60),
    breachedAt: null,
    pauseReason: null,
  }
  tell('conversation.changed', row.id)
}

function setStatus(row: Row, category: Row['status']['category'], labelId?: string | null) {
  row.status = { category, label: statusLabels.find(label => label.id === labelId) ?? null, waitingFor: null }
  row.version += 1
  row.lastActivityAt = ago(0)
  if (isDone(row)) row.clock = null
  note(
    row,
    category === 'resolved'
      ? 'conversation.resolved'
      : category === 'open'
        ? 'conversation.reopened'
        : 'conversation.status_changed',
    { by: me.name, to: row.status.label?.name ?? category },
  )
  tell('conversation.changed', row.id)
  return row
}

function snooze({ params: [conversationId], body }: Ask) {
  const row = find(conversationId!)
  row.snoozedUntil = body.until
  row.status = { category: 'scheduled', label: null, waitingFor: null }
  note(row, 'conversation.snoozed', { until: body.until, by: me.name })
  setTimeout(() => wake(row, 'time'), Math.min(Date.parse(body.until) - Date.now(), 2 ** 31 - 1))
  return changed(row, {})
}

function wake(row: Row, why: 'person' | 'time') {
  if (row.status.category !== 'scheduled') return row
  note(row, 'conversation.woken', { why, by: me.name })
  return changed(row, { snoozedUntil: null, status: { category: 'open', label: null, waitingFor: null } })
}

function assign({ params: [conversationId], body }: Ask) {
  const row = find(conversationId!)
  const { staffId, teamId, note: word } = body
  const from = row.assignee?.name
  const to = staff.find(person => person.id === staffId)
  row.assignee = to ? { id: to.id, name: to.name } : null
  const team = teams.find(entry => entry.id === teamId)
  if (team) row.team = { id: team.id, name: team.name }
  note(row, to ? (from ? 'conversation.transferred' : 'conversation.assigned') : 'conversation.unassigned', {
    from,
    to: to?.name,
  })
  if (word) add(row, { kind: 'note', text: word, author: mine })
  tell('conversation.assigned', row.id)
  return row
}

const changed = (row: Row, over: Partial<Row>) => {
  Object.assign(row, over)
  tell('conversation.changed', row.id)
  return row
}

export const inboxRoutes: FakeRoute[] = [
  ['GET', /^\/conversations$/, list],
  [
    'GET',
    /^\/conversations\/counts$/,
    () => {
      const open = rows.filter(row => !isDone(row) && row.status.category !== 'scheduled')
      return {
        mine: open.filter(row => row.assignee?.id === me.id).length,
        unassigned: open.filter(row => !row.assignee).length,
        all: open.length + many,
        snoozed: rows.filter(row => row.status.category === 'scheduled').length,
        mentions: 0,
        waitingChats: open.filter(row => !row.assignee).length,
        teams: teams.map(team => ({
          id: team.id,
          count: open.filter(row => row.team?.id === team.id).length,
        })),
        stores: stores.map(store => ({
          id: store.id,
          count: open.filter(row => row.store.id === store.id).length,
        })),
      }
    },
  ],
  ['GET', /^\/conversations\/([^/]+)$/, ({ params }) => find(params[0]!)],
  [
    'GET',
    /^\/conversations\/([^/]+)\/messages$/,
    ({ params, query }) => {
      const thread = messages.get(params[0]!) ?? []
      const limit = Number(query.get('limit') ?? 50)
      const after = query.get('afterSeq')
      const items = after
        ? thread.filter(message => message.seq > Number(after)).slice(0, limit)
        : thread.filter(message => message.seq < Number(query.get('beforeSeq') ?? 2 ** 31)).slice(-limit)
      return { items, lastSeq: thread.length, hasEarlier: (items[0]?.seq ?? 1) > 1 }
    },
  ],
  [
    'GET',
    /^\/conversations\/([^/]+)\/translations$/,
    () => ({ isSetUp: false, isAutomatic: true, items: [] }),
  ],
  [
    'POST',
    /^\/conversations\/([^/]+)\/draft-translation$/,
    ({ body }) => ({
      ...{ state: 'untranslated', text: null, from: body.from, to: body.to },
      ...{ reason: 'no_service', provider: null, missingTerms: [] },
    }),
  ],
  ['POST', /^\/conversations\/([^/]+)\/replies$/, reply],
  [
    'POST',
    /^\/conversations\/([^/]+)\/notes$/,
    ({ params, body }) =>
      add(find(params[0]!), {
        kind: 'note',
        author: mine,
        text: body.text,
        clientId: body.clientId,
        mentions: body.mentionIds,
        attachments: attached(body.attachmentIds),
      }),
  ],
  ['PUT', /^\/conversations\/([^/]+)\/assignee$/, assign],
  [
    'PUT',
    /^\/conversations\/([^/]+)\/status$/,
    ({ params, body }) => setStatus(find(params[0]!), body.category, body.labelId),
  ],
  ['PUT', /^\/conversations\/([^/]+)\/snooze$/, snooze],
  ['DELETE', /^\/conversations\/([^/]+)\/snooze$/, ({ params }) => wake(find(params[0]!), 'person')],
  [
    'PUT',
    /^\/conversations\/([^/]+)\/read$/,
    ({ params }) => {
      changed(find(params[0]!), { unread: 0 })
      return {}
    },
  ],
  [
    'PUT',
    /^\/conversations\/([^/]+)\/(priority|tags)$/,
    ({ params, body }) => changed(find(params[0]!), body),
  ],
  [
    'GET',
    /^\/conversations\/([^/]+)\/assignments$/,
    ({ params }) => {
      const row = find(params[0]!)
      return {
        items: row.assignee
          ? [
              {
                id: 'a2',
                at: ago(300),
                staff: row.assignee,
                from: null,
                by: { kind: 'system', name: null },
                reason: 'fewest_chats_in_language',
                params: { language: row.language, openChats: 2, chatLimit: 5 },
                waitedSeconds: 12,
              },
              {
                id: 'a1',
                at: ago(3600),
                staff: null,
                from: { id: 'x', name: '陈志远' },
                by: { kind: 'system', name: null },
                reason: 'agent_left',
                params: {},
                waitedSeconds: null,
              },
              {
                id: 'a0',
                at: ago(3 * 86_400),
                staff: { id: 'x', name: '陈志远' },
                from: null,
                by: { kind: 'staff', name: 'Layla Haddad' },
                reason: 'assigned',
                params: {},
                waitedSeconds: 4,
              },
            ]
          : [],
      }
    },
  ],
  [
    'GET',
    /^\/routing\/queue$/,
    () => ({
      items: rows
        .filter(row => !row.assignee && !isDone(row))
        .map((row, at) => ({
          conversationId: row.id,
          number: row.number,
          storeId: row.store.id,
          language: row.language ?? 'en',
          reason: 'nobody_free',
          waitingSince: row.waitingSince ?? ago(20),
          place: at + 1,
        })),
    }),
  ],
  ['GET', /^\/status-labels$/, () => ({ items: statusLabels })],
  ['GET', /^\/conversation-fields$/, () => ({ items: [] })],
]
