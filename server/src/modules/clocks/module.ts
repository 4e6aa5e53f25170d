import type { Module } from '../../platform/module.ts'
import { followChangedHours } from './changed-hours.ts'
import { fireDueClocks } from './firing.ts'
import { routes } from './routes.ts'
import { seedPolicies } from './seeded-policies.ts'

export const clocksModule: Module = {
  name: 'clocks',
  permissions: [{ code: 'clocks:manage', zh: '管理时限政策', en: 'Manage clock policies' }],
  routes,
  sweeps: [
    { name: 'clocks.follow-changed-hours', run: followChangedHours },
    { name: 'clocks.fire-due', run: fireDueClocks },
  ],
  prepare: seedPolicies,
}
