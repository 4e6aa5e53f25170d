import { z } from 'zod'
import { Id, route } from '../../../platform/route.ts'
import { Conversation } from '../schemas.ts'
import { getConversationView } from '../views.ts'
import { mergeConversation, undoMerge } from './merging.ts'

export const mergeRoutes = [
  route({
    method: 'PUT',
    url: '/conversations/:id/merge',
    summary: 'Merge a conversation into another of the same customer',
    description: 'No message moves: the merged one is closed and points to the other. It can be undone.',
    permission: 'conversations:reply',
    params: Id,
    body: z.object({ intoId: z.uuid() }),
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await mergeConversation(ctx, params.id, body.intoId)
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'DELETE',
    url: '/conversations/:id/merge',
    summary: 'Take a merged conversation out again',
    permission: 'conversations:reply',
    params: Id,
    returns: Conversation,
    run: async (ctx, { params }) => {
      await undoMerge(ctx, params.id)
      return getConversationView(ctx, params.id)
    },
  }),
]
