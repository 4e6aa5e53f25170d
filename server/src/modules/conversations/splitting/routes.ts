import { z } from 'zod'
import { Id, route } from '../../../platform/route.ts'
import { Conversation, Message } from '../schemas.ts'
import { showGivenAway } from '../views.ts'
import { listSplitMessages } from './chosen.ts'
import { NewSplit } from './schemas.ts'
import { splitConversation } from './splitting.ts'

export const splitRoutes = [
  route({
    method: 'POST',
    url: '/conversations/:id/splits',
    summary: 'Split messages off into a conversation of their own',
    description:
      'No message moves: the new conversation refers to them. Only where an answer says what it answers, so by mail; in other channels it is refused with `one_window`. `assigneeId` needs `conversations:assign` as well.',
    permission: 'conversations:reply',
    params: Id,
    body: NewSplit,
    returns: Conversation,
    status: 201,
    run: async (ctx, { params, body }) => showGivenAway(ctx, await splitConversation(ctx, params.id, body)),
  }),
  route({
    method: 'GET',
    url: '/conversations/:id/split-messages',
    summary: 'List the messages that a conversation was split off with',
    description:
      'They stand in another conversation, which the caller need not see; empty where it was not split off.',
    permission: 'conversations:read',
    params: Id,
    returns: z.object({ items: z.array(Message) }),
    run: async (ctx, { params }) => ({ items: await listSplitMessages(ctx, params.id) }),
  }),
]
