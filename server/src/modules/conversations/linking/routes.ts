import { z } from 'zod'
import { Id, Nothing, route } from '../../../platform/route.ts'
import { linkConversations, listLinks, unlinkConversations } from './linking.ts'
import { ConversationLink, NewLink } from './schemas.ts'

export const linkRoutes = [
  route({
    method: 'GET',
    url: '/conversations/:id/links',
    summary: 'List the conversations that stand beside this one',
    description: 'Of one that the caller may not see, `other` is null.',
    permission: 'conversations:read',
    params: Id,
    returns: z.object({ items: z.array(ConversationLink) }),
    run: async (ctx, { params }) => ({ items: await listLinks(ctx, params.id) }),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/links',
    summary: 'Link a conversation to another, also of another customer or store',
    description:
      'Both threads tell of it. `follows` has a direction: this one follows the other, or is followed by it.',
    permission: 'conversations:reply',
    params: Id,
    body: NewLink,
    returns: ConversationLink,
    status: 201,
    run: async (ctx, { params, body }) => {
      const linkId = await linkConversations(ctx, params.id, body)
      return (await listLinks(ctx, params.id)).find(({ id }) => id === linkId)!
    },
  }),
  route({
    method: 'DELETE',
    url: '/conversations/:id/links/:linkId',
    summary: 'Take a link away again',
    permission: 'conversations:reply',
    params: Id.extend({ linkId: z.uuid() }),
    returns: Nothing,
    run: (ctx, { params }) => unlinkConversations(ctx, params.id, params.linkId),
  }),
]
