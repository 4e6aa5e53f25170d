import type { Module } from '../../platform/module.ts'
import { enrolOn } from './enrolling.ts'
import { routes } from './routes.ts'
import { startByClock } from './scheduling.ts'
import { seedFlows } from './seeded-flows.ts'
import { startRunning } from './worker.ts'

export const flowsModule: Module = {
  name: 'flows',
  permissions: [
    { code: 'flows:read', zh: '查看自动化及其记录', en: 'See rules and what they did' },
    { code: 'flows:manage', zh: '管理自动化', en: 'Manage rules' },
  ],
  routes,
  reactionsTo: enrolOn,
  sweeps: [{ name: 'flows.start-by-clock', run: startByClock }],
  workers: [startRunning],
  prepare: seedFlows,
}
