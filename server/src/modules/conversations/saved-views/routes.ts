import { z } from 'zod'
import { Id, Nothing, route } from '../../../platform/route.ts'
import { previewConversations } from '../views.ts'
import { countSavedViews } from './counting.ts'
import { describeFields } from './fields.ts'
import { changeSavedView, createSavedView, deleteSavedView, listSavedViews } from './saved-views.ts'
import {
  Fields,
  NewSavedView,
  Preview,
  PreviewRequest,
  SavedView,
  SavedViewChange,
  ViewCounts,
} from './schemas.ts'

const read = 'conversations:read'

export const savedViewRoutes = [
  route({
    method: 'GET',
    url: '/fields/:record',
    summary: 'List what conditions may ask about a kind of record',
    permission: 'signed-in',
    params: z.object({ record: z.string().max(60) }),
    returns: Fields,
    run: (ctx, { params }) => describeFields(ctx, params.record),
  }),
  route({
    method: 'GET',
    url: '/views',
    summary: 'List saved views: your own, your teams’ and everybody’s',
    permission: read,
    returns: z.object({ items: z.array(SavedView) }),
    run: async ctx => ({ items: await listSavedViews(ctx) }),
  }),
  route({
    method: 'GET',
    url: '/views/counts',
    summary: 'Count what is in each saved view now, up to 1,000',
    permission: read,
    returns: ViewCounts,
    run: (ctx, _, { place }) => countSavedViews(ctx, place),
  }),
  route({
    method: 'POST',
    url: '/views/previews',
    summary: 'Count what a condition holds for, and show the first of it',
    permission: read,
    body: PreviewRequest,
    returns: Preview,
    run: (ctx, { body }) => previewConversations(ctx, body.condition),
  }),
  route({
    method: 'POST',
    url: '/views',
    summary: 'Save a view',
    description: 'A view for a team or for everybody needs `conversations:manage`.',
    permission: read,
    body: NewSavedView,
    returns: SavedView,
    status: 201,
    run: (ctx, { body }) => createSavedView(ctx, body),
  }),
  route({
    method: 'PATCH',
    url: '/views/:id',
    summary: 'Change a saved view',
    permission: read,
    params: Id,
    body: SavedViewChange,
    returns: SavedView,
    run: (ctx, { params, body }) => changeSavedView(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/views/:id',
    summary: 'Delete a saved view',
    permission: read,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteSavedView(ctx, params.id),
  }),
]
