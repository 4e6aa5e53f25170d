import { z } from 'zod'
import { Id, Nothing, route } from '../../../platform/route.ts'
import { readVariables } from '../../../platform/variables.ts'
import { getConversation } from '../conversations.ts'
import { changeQuickReply, createQuickReply, deleteQuickReply, listQuickReplies } from './quick-replies.ts'
import { NewQuickReply, QuickReply, VariableValue } from './schemas.ts'

const read = 'conversations:read'
const reply = 'conversations:reply'

export const quickReplyRoutes = [
  route({
    method: 'GET',
    url: '/conversations/:id/variables',
    summary: 'List what a text may name here, and what would be put in',
    permission: read,
    params: Id,
    returns: z.object({ items: z.array(VariableValue) }),
    run: async (ctx, { params }) => {
      await getConversation(ctx, params.id)
      return { items: await readVariables(ctx, 'conversation', params.id) }
    },
  }),
  route({
    method: 'GET',
    url: '/quick-replies',
    summary: 'List quick replies, shared and your own',
    permission: read,
    returns: z.object({ items: z.array(QuickReply) }),
    run: ctx => listQuickReplies(ctx),
  }),
  route({
    method: 'POST',
    url: '/quick-replies',
    summary: 'Create a quick reply',
    permission: reply,
    body: NewQuickReply,
    returns: QuickReply,
    status: 201,
    run: (ctx, { body }) => createQuickReply(ctx, body),
  }),
  route({
    method: 'PATCH',
    url: '/quick-replies/:id',
    summary: 'Change a quick reply',
    permission: reply,
    params: Id,
    body: NewQuickReply.pick({ title: true, text: true }).partial(),
    returns: QuickReply,
    run: (ctx, { params, body }) => changeQuickReply(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/quick-replies/:id',
    summary: 'Delete a quick reply',
    permission: reply,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteQuickReply(ctx, params.id),
  }),
]
