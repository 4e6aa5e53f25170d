import type { Module } from '../../platform/module.ts'
import { fireDueClocks } from './clocks.ts'
import { seedPolicies } from './policies.ts'
import { routes } from './routes.ts'

export const clocksModule: Module = {
  name: 'clocks',
  permissions: [{ code: 'clocks:manage', zh: '管理时限政策', en: 'Manage clock policies' }],
  routes,
  sweeps: [{ name: 'clocks.fire-due', run: fireDueClocks }],
  prepare: seedPolicies,
}
