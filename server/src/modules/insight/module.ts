import type { Module } from '../../platform/module.ts'
import { jobs, reactions, sweeps } from './jobs.ts'
import { rawRoutes, routes } from './routes.ts'

export const insightModule: Module = {
  name: 'insight',
  permissions: [
    { code: 'insight:read', zh: '查看大屏、指标与工作日', en: 'See the wall, the figures and people’s days' },
    {
      code: 'insight:supervise',
      zh: '耳语、调配工作、设置同事离开',
      en: 'Whisper, move work, set colleagues away',
    },
    { code: 'insight:export', zh: '导出数据', en: 'Take data out of the house' },
  ],
  routes,
  rawRoutes,
  reactions,
  jobs,
  sweeps,
}
