import { z } from 'zod'
import { Id, Nothing, route } from '../../platform/route.ts'
import { listLiveQueues } from './live.ts'
import { changeQueue, createQueue, deleteQueue, listQueues, orderQueues } from './queues.ts'
import { listQueue } from './routing.ts'
import {
  ChannelWeight,
  LiveQueue,
  NewQueue,
  NewSimulation,
  NewWeight,
  Queue,
  QueueChange,
  QueueOrder,
  Simulation,
  WaitingChat,
  WeightKind,
} from './schemas.ts'
import { simulate } from './simulating.ts'
import { changeWeight, listWeights } from './weights.ts'

const manage = 'routing:manage'
const Queues = z.object({ items: z.array(Queue) })

export const routes = [
  route({
    method: 'GET',
    url: '/routing/queue',
    summary: 'List waiting chats and why nobody takes them',
    permission: 'routing:read',
    returns: z.object({ items: z.array(WaitingChat) }),
    run: ctx => listQueue(ctx),
  }),
  route({
    method: 'GET',
    url: '/routing/queues/live',
    summary: 'Show each queue as it is now: who waits and who is there',
    permission: 'routing:read',
    returns: z.object({ items: z.array(LiveQueue) }),
    run: async ctx => ({ items: await listLiveQueues(ctx) }),
  }),
  route({
    method: 'GET',
    url: '/queues',
    summary: 'List queues in the order they are asked, with what is wrong with each',
    permission: 'conversations:read',
    returns: Queues,
    run: async ctx => ({ items: await listQueues(ctx) }),
  }),
  route({
    method: 'POST',
    url: '/queues',
    summary: 'Create a queue; it comes first in the order',
    permission: manage,
    body: NewQueue,
    returns: Queue,
    status: 201,
    run: (ctx, { body }) => createQueue(ctx, body),
  }),
  route({
    method: 'PUT',
    url: '/queues/order',
    summary: 'Put the queues into another order',
    permission: manage,
    body: QueueOrder,
    returns: Queues,
    run: async (ctx, { body }) => ({ items: await orderQueues(ctx, body.ids) }),
  }),
  route({
    method: 'PATCH',
    url: '/queues/:id',
    summary: 'Change a queue',
    permission: manage,
    params: Id,
    body: QueueChange,
    returns: Queue,
    run: (ctx, { params, body }) => changeQueue(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/queues/:id',
    summary: 'Remove a queue; what waits in it finds another',
    permission: manage,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteQueue(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/routing/weights',
    summary: 'Show how much of an agent a conversation of each channel takes',
    permission: 'routing:read',
    returns: z.object({ items: z.array(ChannelWeight) }),
    run: async ctx => ({ items: await listWeights(ctx) }),
  }),
  route({
    method: 'PUT',
    url: '/routing/weights/:channelKind',
    summary: 'Weigh a channel anew from now on',
    permission: manage,
    params: WeightKind,
    body: NewWeight,
    returns: ChannelWeight,
    run: (ctx, { params, body }) => changeWeight(ctx, params.channelKind, body),
  }),
  route({
    method: 'POST',
    url: '/routing/simulations',
    summary: 'Replay a stretch of the past under these queues',
    description:
      'Real arrivals, handling times and recorded availability, given out by the same choices as the allocator makes. Nothing is written; the same question always has the same answer.',
    permission: manage,
    body: NewSimulation,
    returns: Simulation,
    limit: { per: 'actor', count: 20, seconds: 60 },
    run: (ctx, { body }) => simulate(ctx, body),
  }),
]
