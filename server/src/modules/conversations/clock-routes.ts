import { z } from 'zod'
import { Id, Nothing, route } from '../../platform/route.ts'
import { ClockOfConversation } from '../clocks/schemas.ts'
import { listConversationClocks, makePromise, settlePromise } from './promises.ts'
import { NewPromise, PromiseOutcome } from './schemas.ts'

export const clockRoutes = [
  route({
    method: 'GET',
    url: '/conversations/:id/clocks',
    summary: 'List the clocks that run for a conversation, and its promises',
    permission: 'conversations:read',
    params: Id,
    returns: z.object({ items: z.array(ClockOfConversation) }),
    run: (ctx, { params }) => listConversationClocks(ctx, params.id),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/promises',
    summary: 'Promise the customer something by a moment',
    permission: 'conversations:reply',
    params: Id,
    body: NewPromise,
    returns: z.object({ id: z.uuid() }),
    status: 201,
    run: (ctx, { params, body }) => makePromise(ctx, params.id, body),
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/promises/:promiseId',
    summary: 'Say that a promise was kept, or take it back',
    permission: 'conversations:reply',
    params: z.object({ id: z.uuid(), promiseId: z.uuid() }),
    body: PromiseOutcome,
    returns: Nothing,
    run: (ctx, { params, body }) => settlePromise(ctx, params.id, params.promiseId, body.outcome),
  }),
]
