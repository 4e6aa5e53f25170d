import { z } from 'zod'
import type { Module } from '../../platform/module.ts'
import { Id, route } from '../../platform/route.ts'
import { fireDueClocks } from './clocks.ts'
import { changePolicy, createPolicy, listPolicies, seedPolicies } from './policies.ts'
import { ClockPolicy, NewPolicy, PolicyChange } from './schemas.ts'

export const clocksModule: Module = {
  name: 'clocks',
  permissions: [{ code: 'clocks:manage', zh: '管理时限政策', en: 'Manage clock policies' }],
  routes: [
    route({ method: 'GET', url: '/clock-policies', summary: 'List clock policies with their earlier versions', permission: 'conversations:read', returns: z.object({ items: z.array(ClockPolicy) }), run: ctx => listPolicies(ctx) }),
    route({ method: 'POST', url: '/clock-policies', summary: 'Create a clock policy', permission: 'clocks:manage', body: NewPolicy, returns: ClockPolicy, status: 201, run: (ctx, { body }) => createPolicy(ctx, body) }),
    route({ method: 'PATCH', url: '/clock-policies/:id', summary: 'Begin a new version of a clock policy', permission: 'clocks:manage', params: Id, body: PolicyChange, returns: ClockPolicy, run: (ctx, { params, body }) => changePolicy(ctx, params.id, body) }),
  ],
  sweeps: [{ name: 'clocks.fire-due', run: fireDueClocks }],
  prepare: seedPolicies,
}
