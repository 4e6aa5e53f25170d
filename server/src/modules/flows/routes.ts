import { z } from 'zod'
import { Id, Nothing, Page, pageOf, route } from '../../platform/route.ts'
import { dryRun } from './dry-runs.ts'
import { changeFlow, createFlow, deleteFlow, getFlow, listFlows, listVersions, orderFlows } from './flows.ts'
import { getRun, listRuns, listRunsOf } from './journal.ts'
import { publishFlow, switchFlow } from './publishing.ts'
import {
  DryRun,
  DryRunRequest,
  Flow,
  FlowChange,
  FlowOrder,
  FlowRun,
  Flows,
  FlowVersions,
  NewFlow,
  NewFlowState,
} from './schemas.ts'
import { runStates } from './tables.ts'

const read = 'flows:read'
const manage = 'flows:manage'

export const routes = [
  route({
    method: 'GET',
    url: '/flows',
    summary: 'List flows in the order in which they come, with what they did lately',
    permission: read,
    returns: Flows,
    run: async ctx => ({ items: await listFlows(ctx) }),
  }),
  route({
    method: 'POST',
    url: '/flows',
    summary: 'Draw a flow up',
    permission: manage,
    body: NewFlow,
    returns: Flow,
    status: 201,
    run: (ctx, { body }) => createFlow(ctx, body),
  }),
  route({
    method: 'PUT',
    url: '/flows/order',
    summary: 'Put the flows into another order',
    permission: manage,
    body: FlowOrder,
    returns: Flows,
    run: async (ctx, { body }) => ({ items: await orderFlows(ctx, body.ids) }),
  }),
  route({
    method: 'POST',
    url: '/flows/dry-runs',
    summary: 'See what a draft would have done on past events, or would do to one record',
    description:
      'Nothing of it stays: each action is done and taken back. Conditions are asked of the records as they are now.',
    permission: manage,
    limit: { per: 'actor', count: 60, seconds: 60 },
    body: DryRunRequest,
    returns: DryRun,
    run: (ctx, { body }) => dryRun(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/flows/:id',
    summary: 'Show a flow',
    permission: read,
    params: Id,
    returns: Flow,
    run: (ctx, { params }) => getFlow(ctx, params.id),
  }),
  route({
    method: 'PATCH',
    url: '/flows/:id',
    summary: 'Change the draft of a flow',
    permission: manage,
    params: Id,
    body: FlowChange,
    returns: Flow,
    run: (ctx, { params, body }) => changeFlow(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/flows/:id',
    summary: 'Delete a flow; its journal stays',
    permission: manage,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteFlow(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/flows/:id/versions',
    summary: 'List what a flow was, newest first',
    permission: read,
    params: Id,
    returns: FlowVersions,
    run: (ctx, { params }) => listVersions(ctx, params.id),
  }),
  route({
    method: 'PUT',
    url: '/flows/:id/publication',
    summary: 'Publish the draft of a flow',
    description:
      'Only a person can, who is allowed to do each of its actions himself; it reaches the stores that he sees.',
    permission: manage,
    params: Id,
    body: z.object({ expectedVersion: z.number().int().optional() }),
    returns: Flow,
    run: (ctx, { params, body }) => publishFlow(ctx, params.id, body.expectedVersion),
  }),
  route({
    method: 'PUT',
    url: '/flows/:id/state',
    summary: 'Switch a flow on or off',
    permission: manage,
    params: Id,
    body: NewFlowState,
    returns: Flow,
    run: (ctx, { params, body }) => switchFlow(ctx, params.id, body.state),
  }),
  route({
    method: 'GET',
    url: '/flows/:id/runs',
    summary: 'List what a flow did, newest first',
    permission: read,
    params: Id,
    query: Page.omit({ cursor: true }).extend({
      cursor: z.uuid().optional(),
      state: z.enum(runStates).optional(),
    }),
    returns: pageOf(FlowRun),
    run: (ctx, { params, query }) => listRuns(ctx, params.id, query),
  }),
  route({
    method: 'GET',
    url: '/flow-runs/:id',
    summary: 'Show one run of a flow, step by step',
    permission: read,
    params: Id,
    returns: FlowRun,
    run: (ctx, { params }) => getRun(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/conversations/:id/flow-runs',
    summary: 'List what flows did to a conversation, newest first',
    permission: 'conversations:read',
    params: Id,
    returns: z.object({ items: z.array(FlowRun) }),
    run: (ctx, { params }) => listRunsOf(ctx, params.id),
  }),
]
