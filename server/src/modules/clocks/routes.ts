import { z } from 'zod'
import { Id, Nothing, route } from '../../platform/route.ts'
import { changePolicy, createPolicy, endPolicy, listPolicies } from './policies.ts'
import { ClockPolicy, NewPolicy, PolicyChange } from './schemas.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/clock-policies',
    summary: 'List clock policies with their earlier versions',
    permission: 'conversations:read',
    returns: z.object({ items: z.array(ClockPolicy) }),
    run: async ctx => ({ items: await listPolicies(ctx) }),
  }),
  route({
    method: 'POST',
    url: '/clock-policies',
    summary: 'Create a clock policy',
    permission: 'clocks:manage',
    body: NewPolicy,
    returns: ClockPolicy,
    status: 201,
    run: (ctx, { body }) => createPolicy(ctx, body),
  }),
  route({
    method: 'PATCH',
    url: '/clock-policies/:id',
    summary: 'Begin a new version of a clock policy',
    permission: 'clocks:manage',
    params: Id,
    body: PolicyChange,
    returns: ClockPolicy,
    run: (ctx, { params, body }) => changePolicy(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/clock-policies/:id',
    summary: 'End a clock policy; what runs under it runs on',
    permission: 'clocks:manage',
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => endPolicy(ctx, params.id),
  }),
]
