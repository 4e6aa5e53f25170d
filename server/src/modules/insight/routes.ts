import { z } from 'zod'
import { contentHeaders } from '../../platform/files.ts'
import { Id, pageOf, type RawRoute, route } from '../../platform/route.ts'
import { transact } from '../../platform/work.ts'
import { Message } from '../conversations/schemas.ts'
import { AvailabilityState } from '../staff/schemas.ts'
import { listDays } from './days.ts'
import { fetchExport, getExport, listExports, requestExport } from './exports/exports.ts'
import { getFigures, listMetrics } from './figures.ts'
import { listRows } from './rows.ts'
import {
  AwayState,
  DataExport,
  DayQuestion,
  FigureRow,
  Figures,
  MetricOut,
  MoveResult,
  NewExport,
  NewMove,
  NewWhisper,
  Question,
  RowsQuestion,
  Wall,
  WallQuestion,
  WorkDays,
} from './schemas.ts'
import { moveWork, setAway, whisper } from './supervising.ts'
import { watchWall } from './wall.ts'

const read = 'insight:read'
const supervise = 'insight:supervise'
const asks = { per: 'actor', count: 240, seconds: 60 } as const

export const routes = [
  route({
    method: 'GET',
    url: '/insight/metrics',
    summary: 'List the metrics: what each counts, and by what it can be cut',
    permission: read,
    returns: z.object({ items: z.array(MetricOut) }),
    run: async ctx => ({ items: await listMetrics(ctx) }),
  }),
  route({
    method: 'POST',
    url: '/insight/figures',
    summary: 'Reckon a metric over a period, in all and by a cut',
    description:
      'At most 400 days. Days begin at each store’s midnight where the metric is about shops, at the company’s where it is about people; `dayZone` says which. Nothing is written.',
    permission: read,
    body: Question,
    returns: Figures,
    limit: asks,
    run: (ctx, { body }) => getFigures(ctx, body),
  }),
  route({
    method: 'POST',
    url: '/insight/figures/rows',
    summary: 'List the records that a figure counts, newest first',
    description:
      'All pages together have the sums and percentiles of the figure, or of the part that `key` names.',
    permission: read,
    body: RowsQuestion,
    returns: pageOf(FigureRow),
    limit: asks,
    run: (ctx, { body }) => listRows(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/insight/wall',
    summary: 'Show the floor as it is: who waits, who is there with what, which clocks run out',
    permission: read,
    query: WallQuestion,
    returns: Wall,
    run: (ctx, { query }, { place }) => watchWall(ctx, place, query.minutes),
  }),
  route({
    method: 'GET',
    url: '/insight/days',
    summary: 'Show each colleague’s day: when he was there, what he answered, how quickly',
    permission: read,
    query: DayQuestion,
    returns: WorkDays,
    run: (ctx, { query }) => listDays(ctx, query.date),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/whispers',
    summary: 'Say something to the one who has a conversation; the customer never sees it',
    permission: supervise,
    params: Id,
    body: NewWhisper,
    returns: Message,
    status: 201,
    run: (ctx, { params, body }) => whisper(ctx, params.id, body),
  }),
  route({
    method: 'POST',
    url: '/moves',
    summary: 'Move work to a colleague, a team or a queue, with the reason',
    permission: supervise,
    body: NewMove,
    returns: MoveResult,
    run: (ctx, { body }) => moveWork(ctx, body),
  }),
  route({
    method: 'PUT',
    url: '/staff/:id/availability',
    summary: 'Set a colleague away or offline, say who left without saying so',
    permission: supervise,
    params: Id,
    body: AwayState,
    returns: AvailabilityState,
    run: (ctx, { params, body }) => setAway(ctx, params.id, body),
  }),
  route({
    method: 'GET',
    url: '/exports',
    summary: 'List your exports',
    permission: 'insight:export',
    returns: z.object({ items: z.array(DataExport) }),
    run: ctx => listExports(ctx),
  }),
  route({
    method: 'POST',
    url: '/exports',
    summary: 'Ask for data in a file',
    permission: 'insight:export',
    body: NewExport,
    returns: DataExport,
    status: 201,
    limit: { per: 'actor', count: 20, seconds: 60 },
    run: (ctx, { body }) => requestExport(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/exports/:id',
    summary: 'Show how far one of your exports is',
    permission: 'insight:export',
    params: Id,
    returns: DataExport,
    run: (ctx, { params }) => getExport(ctx, params.id),
  }),
]

export const rawRoutes: RawRoute[] = [
  {
    method: 'GET',
    url: '/exports/:id/file',
    summary: 'Fetch an export of yours, for a day after it was made',
    permission: 'insight:export',
    params: Id,
    async handle(place, actor, request, reply) {
      const { id } = request.params as { id: string }
      const { name, size, sha256 } = await transact(place, actor, ctx => fetchExport(ctx, id))
      const headers = contentHeaders({ name, size, type: 'application/octet-stream', width: null })
      return reply.headers({ ...headers, 'cache-control': 'no-store' }).send(await place.files.open(sha256))
    },
  },
]
