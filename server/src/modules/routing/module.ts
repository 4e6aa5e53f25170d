import { z } from 'zod'
import type { Module } from '../../platform/module.ts'
import { route } from '../../platform/route.ts'
import { reactions } from './jobs.ts'
import { listQueue } from './routing.ts'

const WaitingChat = z
  .object({
    conversationId: z.uuid(),
    number: z.number().int(),
    storeId: z.uuid(),
    language: z.string(),
    place: z.number().int(),
    waitingSince: z.date(),
    reason: z.enum(['fewest_chats_in_language', 'nobody_speaks_language', 'nobody_free']),
  })
  .meta({ id: 'WaitingChat' })

export const routingModule: Module = {
  name: 'routing',
  permissions: [{ code: 'routing:read', zh: '查看排队与分配', en: 'See the queue and why work goes where' }],
  routes: [
    route({
      method: 'GET',
      url: '/routing/queue',
      summary: 'List waiting chats and why nobody takes them',
      permission: 'routing:read',
      returns: z.object({ items: z.array(WaitingChat) }),
      run: ctx => listQueue(ctx),
    }),
  ],
  reactions,
}
