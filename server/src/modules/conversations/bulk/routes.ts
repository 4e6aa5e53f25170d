import { z } from 'zod'
import { ActionCall } from '../../../platform/actions.ts'
import { Id, route } from '../../../platform/route.ts'
import { actOn, Left, NewActs } from '../acting.ts'
import { Conversation } from '../schemas.ts'
import { getConversationView } from '../views.ts'
import {
  cancelBulkJob,
  getBulkJob,
  listBulkItems,
  listBulkJobs,
  startBulkJob,
  undoBulkJob,
} from './bulk-jobs.ts'
import { BulkItemFilter, BulkItemPage, BulkJob, NewBulkJob } from './schemas.ts'

const read = 'conversations:read'
const reply = 'conversations:reply'

export const bulkRoutes = [
  route({
    method: 'POST',
    url: '/conversations/:id/actions',
    summary: 'Do something to a conversation in a way that can be undone',
    description: 'Each action needs its own permission. `undo` with `left` handed in again undoes it.',
    permission: reply,
    params: Id,
    body: NewActs,
    returns: z.object({
      conversation: Conversation,
      changed: z.boolean(),
      undo: z.array(ActionCall).nullable(),
      left: Left,
    }),
    run: async (ctx, { params, body }) => {
      const { undo, ...acted } = await actOn(ctx, params.id, body)
      return {
        ...acted,
        undo: undo && [...undo],
        conversation: await getConversationView(ctx, params.id),
      }
    },
  }),
  route({
    method: 'GET',
    url: '/bulk-jobs',
    summary: 'List what was done to many at once, the newest first',
    permission: read,
    returns: z.object({ items: z.array(BulkJob) }),
    run: async ctx => ({ items: await listBulkJobs(ctx) }),
  }),
  route({
    method: 'POST',
    url: '/bulk-jobs',
    summary: 'Do something to many conversations',
    description: 'Each action needs its own permission; replying to many needs `conversations:bulk-reply`.',
    permission: reply,
    body: NewBulkJob,
    returns: BulkJob,
    status: 202,
    run: (ctx, { body }) => startBulkJob(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/bulk-jobs/:id',
    summary: 'Show how far it is',
    permission: read,
    params: Id,
    returns: BulkJob,
    run: (ctx, { params }) => getBulkJob(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/bulk-jobs/:id/items',
    summary: 'List what became of each conversation',
    permission: read,
    params: Id,
    query: BulkItemFilter,
    returns: BulkItemPage,
    run: (ctx, { params, query }) => listBulkItems(ctx, params.id, query),
  }),
  route({
    method: 'PUT',
    url: '/bulk-jobs/:id/cancellation',
    summary: 'Stop it; what is done stays done',
    permission: reply,
    params: Id,
    returns: BulkJob,
    run: (ctx, { params }) => cancelBulkJob(ctx, params.id),
  }),
  route({
    method: 'PUT',
    url: '/bulk-jobs/:id/undo',
    summary: 'Undo it where nobody has changed the same since',
    permission: reply,
    params: Id,
    returns: BulkJob,
    status: 202,
    run: (ctx, { params }) => undoBulkJob(ctx, params.id),
  }),
]
