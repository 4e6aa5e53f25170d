import type { components } from '../src/api/schema.d.ts'
import { find } from './fake-inbox.ts'
import { ago, id } from './fake-people.ts'
import { findIn, list, upsert } from './fake-records.ts'
import { rows } from './fake-threads.ts'
import type { FakeRoute } from './fake-wire.ts'

type S = components['schemas']

const action = (code: string, zh: string, en: string, properties: object, required: string[] = []) => ({
  ...{ code, zh, en, sends: code === 'reply' },
  params: { type: 'object', properties, required },
})
const words = { type: 'array', items: { type: 'string' } }
const actions: S['ActionDescription'][] = [
  action('set_priority', '设置优先级', 'Set the priority', {
    priority: { type: 'string', enum: ['low', 'normal', 'high', 'urgent'] },
  }),
  action('add_tags', '添加标签', 'Add tags', { tags: words }, ['tags']),
  action('reply', '回复客户', 'Reply to the customer', { text: { type: 'string', maxLength: 20_000 } }, [
    'text',
  ]),
]
const triggers: S['TriggerDescription'][] = [
  { code: 'opened', zh: '会话开启', en: 'A conversation opens', params: { type: 'object', properties: {} } },
]

const draft = {
  trigger: { code: 'opened', params: {} },
  condition: { all: [] },
  steps: [{ do: 'act', action: { code: 'add_tags', params: { tags: ['新客'] } } }],
  stopsOthers: false,
  limits: { perHour: 1_000, sendsPerHour: 200, perRecordHour: 10 },
}
const flow = (position: number, name: string): S['Flow'] => ({
  ...{
    id: id(),
    name,
    record: 'conversation',
    position,
    state: 'off',
    suspendedWhy: null,
    suspendedAt: null,
  },
  ...{ draft, published: null, isChanged: true, nextAt: null, version: 1, lastRunAt: null, warnings: [] },
  counts: { runs: 0, refused: 0, failed: 0, waiting: 0 },
})
const flows = [flow(1, '欢迎新客 Welcome'), flow(2, '三天未回复 Three days of silence')]

const run = (of: S['Flow'], seconds: number): S['FlowRun'] => ({
  ...{ id: id(), flow: { id: of.id, name: of.name, version: 1 } },
  ...{ recordId: rows[0]!.id, recordName: `#${rows[0]!.number}` },
  ...{ state: 'done', ending: null, reason: null, wakeAt: null },
  ...{ startedAt: ago(seconds), endedAt: ago(seconds) },
  steps: [
    {
      ...{ place: 'steps.0', outcome: 'done', code: null, words: null, at: ago(seconds) },
      step: draft.steps[0],
    },
  ],
})

export const flowRoutes: FakeRoute[] = [
  ['GET', /^\/actions\/conversation$/, () => ({ items: actions })],
  ['GET', /^\/triggers\/conversation$/, () => ({ items: triggers })],
  [
    'POST',
    /^\/conversations\/([^/]+)\/actions$/,
    ({ params }) => ({ changed: false, undo: null, left: {}, conversation: find(params[0]!) }),
  ],
  ['GET', /^\/bulk-jobs$/, () => ({ items: [] })],
  ['GET', /^\/flows$/, () => ({ items: flows })],
  ['POST', /^\/flows$/, ({ body }) => upsert(flows, undefined, { ...flow(flows.length + 1, body.name) })],
  [
    'PUT',
    /^\/flows\/order$/,
    ({ body }) => ({
      items: flows.sort((a, b) => body.ids.indexOf(a.id) - body.ids.indexOf(b.id)),
    }),
  ],
  [
    'POST',
    /^\/flows\/dry-runs$/,
    (): S['FlowDryRun'] => ({
      ...{ events: 0, records: 0, matched: 0, isCut: false, asOf: 'now', samples: [] },
    }),
  ],
  ['GET', /^\/flows\/([^/]+)$/, ({ params }) => findIn(flows, params[0])],
  ['PATCH', /^\/flows\/([^/]+)$/, ({ params, body }) => upsert(flows, params[0], body)],
  ['PUT', /^\/flows\/([^/]+)\/state$/, ({ params, body }) => upsert(flows, params[0], body)],
  ['GET', /^\/flows\/([^/]+)\/runs$/, ({ params }) => list([run(findIn(flows, params[0]), 900)])()],
  ['GET', /^\/conversations\/([^/]+)\/flow-runs$/, () => ({ items: [run(flows[0]!, 900)] })],
]
