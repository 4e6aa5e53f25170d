import type { Ctx } from '../../platform/context.ts'
import type { Module } from '../../platform/module.ts'
import { reactions, sweeps } from './jobs.ts'
import { seedQueue } from './queues.ts'
import { routes } from './routes.ts'
import { seedWeights } from './weights.ts'

async function prepare(ctx: Ctx) {
  await seedWeights(ctx)
  await seedQueue(ctx)
}

export const routingModule: Module = {
  name: 'routing',
  permissions: [
    { code: 'routing:read', zh: '查看排队与分配', en: 'See the queue and why work goes where' },
    { code: 'routing:manage', zh: '管理队列与分配规则', en: 'Manage queues and how work is given out' },
  ],
  routes,
  reactions,
  sweeps,
  prepare,
}
