import { z } from 'zod'
import { Id, route } from '../../../platform/route.ts'
import { Conversation } from '../schemas.ts'
import { getConversationView } from '../views.ts'
import { NewSummary, Summary } from './schemas.ts'
import { listSummaries, writeSummary } from './summaries.ts'

export const summaryRoutes = [
  route({
    method: 'GET',
    url: '/conversations/:id/summaries',
    summary: 'List what came of a conversation, one for each time it was resolved',
    permission: 'conversations:read',
    params: Id,
    returns: z.object({ items: z.array(Summary) }),
    run: (ctx, { params }) => listSummaries(ctx, params.id),
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/summary',
    summary: 'Say what came of a conversation',
    permission: 'conversations:reply',
    params: Id,
    body: NewSummary,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await writeSummary(ctx, params.id, body)
      return getConversationView(ctx, params.id)
    },
  }),
]
