import { Id, pageOf, route } from '../../platform/route.ts'
import { holdReply, listHeld, takeBackReply } from './holding.ts'
import { HeldReply, NewHeldReply } from './schemas.ts'

const permission = 'conversations:reply'

export const heldRoutes = [
  route({
    method: 'GET',
    url: '/conversations/:id/held-replies',
    summary: 'List the replies that wait to be sent',
    permission: 'conversations:read',
    params: Id,
    returns: pageOf(HeldReply),
    run: async (ctx, { params }) => ({ items: await listHeld(ctx, params.id), next: null }),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/held-replies',
    summary: 'Answer the customer later, or after the seconds in which it can be taken back',
    permission,
    params: Id,
    body: NewHeldReply,
    returns: HeldReply,
    status: 201,
    run: (ctx, { params, body }) => holdReply(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/held-replies/:id',
    summary: 'Take a reply back before it is sent',
    permission,
    params: Id,
    returns: HeldReply,
    run: (ctx, { params }) => takeBackReply(ctx, params.id),
  }),
]
