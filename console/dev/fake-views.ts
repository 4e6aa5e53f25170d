import type { components } from '../src/api/schema.d.ts'
import { id, me, teams } from './fake-people.ts'
import { type Row, rows } from './fake-threads.ts'
import { type Ask, type FakeRoute, refuse, tell } from './fake-wire.ts'

type S = components['schemas']
type Field = S['ConditionFields']['fields'][number]

const operators: Record<string, string[]> = {
  text: ['is', 'contains', 'starts_with', 'is_empty', 'is_not', 'not_contains', 'is_set'],
  number: ['equals', 'above', 'below', 'is_empty', 'not_equals', 'is_set'],
  instant: ['before', 'after', 'on', 'within', 'last', 'next', 'older_than', 'is_empty', 'is_set'],
  boolean: ['is_true', 'is_false'],
  choice: ['in', 'is_empty', 'not_in', 'is_set'],
  reference: ['in', 'is_empty', 'not_in', 'is_set'],
  words: ['has_any', 'has_all', 'is_empty', 'has_none', 'is_set'],
}
const field = (
  code: string,
  type: Field['type'],
  zh: string,
  en: string,
  over: Partial<Field> = {},
): Field => ({ code, type, zh, en, choices: null, of: null, operators: operators[type]!, ...over })

const status = { choices: ['new', 'open', 'waiting_customer', 'scheduled', 'resolved', 'closed'] }
const fields: S['ConditionFields'] = {
  fields: [
    field('category', 'choice', '状态', 'Status', status),
    field('assignee', 'reference', '负责人', 'Assignee', { of: 'staff' }),
    field('team', 'reference', '团队', 'Team', { of: 'team' }),
    field('store', 'reference', '店铺', 'Store', { of: 'store' }),
    field('customer', 'reference', '客户', 'Customer', { of: 'customer' }),
    field('priority', 'choice', '优先级', 'Priority', { choices: ['low', 'normal', 'high', 'urgent'] }),
    field('language', 'text', '语言', 'Language'),
    field('subject', 'text', '主题', 'Subject'),
    field('tags', 'words', '标签', 'Tags'),
    field('messages', 'number', '消息数', 'Messages'),
    field('waiting_since', 'instant', '客户等待自', 'Customer waits since'),
  ],
  relations: [
    {
      code: 'messages',
      zh: '消息',
      en: 'Messages',
      fields: [
        field('kind', 'choice', '类别', 'Kind', { choices: ['customer', 'reply', 'note', 'system'] }),
        field('text', 'text', '内容', 'Text'),
      ],
    },
  ],
}

const isIn = (field: string, ...value: string[]): S['Condition'] => ({ field, is: 'in', value })
const view = (
  name: string,
  condition: S['Condition'],
  over: Partial<S['SavedView']> = {},
): S['SavedView'] => ({
  id: id(),
  name,
  condition,
  sort: 'clock',
  scope: 'personal',
  team: null,
  owner: { id: me.id, name: me.name },
  isMine: true,
  position: 0,
  problems: [],
  version: 1,
  ...over,
})
const views = [
  view('紧急与高优先级', { all: [isIn('category', 'new', 'open'), isIn('priority', 'urgent', 'high')] }),
  view('VIP', { all: [{ field: 'tags', is: 'has_any', value: ['VIP'] }] }, { scope: 'company' }),
  view(
    'Old weather',
    { all: [] },
    {
      scope: 'team',
      team: teams[1]!,
      problems: [{ path: 'condition.all.1.field', code: 'unknown_field' }],
    },
  ),
]

const findView = (viewId: unknown) =>
  views.find(({ id }) => id === viewId) ?? refuse(404, 'saved_view_not_found')

/** As far as a fake needs to: lists and emptiness; whatever else is asked holds. */
function holds(row: Row, condition: S['Condition']): boolean {
  if ('all' in condition) return condition.all.every(part => holds(row, part))
  if ('any' in condition) return condition.any.some(part => holds(row, part))
  if ('not' in condition) return !holds(row, condition.not)
  if (!('field' in condition)) return 'some' in condition
  const known: Record<string, string[]> = {
    category: [row.status.category],
    priority: [row.priority],
    tags: row.tags,
    store: [row.store.id],
    customer: [row.customer.id],
    assignee: row.assignee ? [row.assignee.id] : [],
    team: row.team ? [row.team.id] : [],
  }
  const held = known[condition.field]
  if (!held) return true
  if (condition.is === 'is_empty' || condition.is === 'is_set')
    return (held.length === 0) === (condition.is === 'is_empty')
  const wanted = (condition.value as string[]).flatMap(word =>
    word === '@me' ? [me.id] : word === '@my_teams' ? me.teamIds : [word],
  )
  const isDenied = condition.is === 'not_in' || condition.is === 'has_none'
  return held.some(word => wanted.includes(word)) !== isDenied
}

export const holdsIn = (viewId: string, row: Row) => holds(row, findView(viewId).condition)
const rowsOf = (condition: S['Condition']) => rows.filter(row => holds(row, condition))

function save(view: S['SavedView'], { teamId, expectedVersion, ...body }: Ask['body']) {
  if (expectedVersion !== undefined && expectedVersion !== view.version) refuse(409, 'changed_meanwhile')
  Object.assign(view, body, { version: view.version + 1 })
  if (body.condition) view.problems = []
  if (teamId !== undefined) view.team = teams.find(({ id }) => id === teamId) ?? null
  tell('saved_view.changed', undefined, { viewId: view.id })
  return view
}

export const viewRoutes: FakeRoute[] = [
  ['GET', /^\/fields\/conversation$/, () => fields],
  [
    'GET',
    /^\/views$/,
    () => ({ items: views.toSorted((a, b) => a.position - b.position || a.name.localeCompare(b.name)) }),
  ],
  [
    'GET',
    /^\/views\/counts$/,
    () => ({
      items: views.map(({ id, condition }) => ({ id, count: rowsOf(condition).length, isMore: false })),
    }),
  ],
  [
    'POST',
    /^\/views\/previews$/,
    ({ body }) => {
      if (JSON.stringify(body.condition).includes('refuse me'))
        refuse(422, 'wrong_value', { path: 'condition.all.0.value', code: 'wrong_value' })
      const found = rowsOf(body.condition)
      return { count: found.length, isMore: false, items: found.slice(0, 5) }
    },
  ],
  [
    'POST',
    /^\/views$/,
    ({ body }) => {
      const made = view(body.name, body.condition)
      views.push(made)
      return save(made, body)
    },
  ],
  ['PATCH', /^\/views\/([^/]+)$/, ({ params, body }) => save(findView(params[0]), body)],
  [
    'DELETE',
    /^\/views\/([^/]+)$/,
    ({ params }) => {
      views.splice(views.indexOf(findView(params[0])), 1)
      tell('saved_view.changed', undefined, { viewId: params[0] })
    },
  ],
]
