import { z } from 'zod'
import { Id, Nothing, route } from '../../../platform/route.ts'
import { readVariables } from '../../../platform/variables.ts'
import { getConversation } from '../conversations.ts'
import { Conversation } from '../schemas.ts'
import { changeQuickReply, createQuickReply, deleteQuickReply, listQuickReplies } from './quick-replies.ts'
import {
  NewQuickReply,
  NewQuickReplyUse,
  QuickReply,
  QuickReplyChange,
  QuickReplyChoice,
  QuickReplyEffect,
  QuickReplyUse,
  UseAddress,
  VariableValue,
} from './schemas.ts'
import { previewQuickReply, startQuickReply, undoQuickReply } from './using.ts'

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
    method: 'POST',
    url: '/conversations/:id/quick-reply-previews',
    summary: 'Show what a quick reply would say and change here',
    description: 'Nothing is kept of it: its steps are done, looked at and taken back.',
    permission: reply,
    params: Id,
    body: QuickReplyChoice,
    returns: QuickReplyEffect,
    run: (ctx, { params, body }) => previewQuickReply(ctx, params.id, body.quickReplyId),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/quick-reply-uses',
    summary: 'Use a quick reply: do its steps, and get or send its text',
    permission: reply,
    params: Id,
    body: NewQuickReplyUse,
    returns: QuickReplyUse,
    status: 201,
    run: (ctx, { params, body }) => startQuickReply(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/conversations/:id/quick-reply-uses/:useId',
    summary: 'Take back what the steps of a quick reply changed, within a minute',
    permission: reply,
    params: UseAddress,
    returns: Conversation,
    run: (ctx, { params }) => undoQuickReply(ctx, params.id, params.useId),
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
    body: QuickReplyChange,
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
