import { z } from 'zod'
import { Id, Nothing, route } from '../../../platform/route.ts'
import { Conversation } from '../schemas.ts'
import { getConversationView } from '../views.ts'
import {
  changeContactReason,
  createContactReason,
  deleteContactReason,
  listContactReasons,
  setReason,
} from './reasons.ts'
import {
  ContactReason,
  ContactReasonChange,
  GivenReason,
  NewContactReason,
  ReasonAddress,
  ReasonModelFacts,
  ReasonSuggestion,
} from './schemas.ts'
import { suggestReasons } from './suggesting.ts'
import { askForTraining, findReasonModel } from './training.ts'

const read = 'conversations:read'
const manage = 'conversations:manage'

export const reasonRoutes = [
  route({
    method: 'GET',
    url: '/contact-reasons',
    summary: 'List contact reasons and their groups, also those not in use',
    permission: read,
    returns: z.object({ items: z.array(ContactReason) }),
    run: ctx => listContactReasons(ctx),
  }),
  route({
    method: 'POST',
    url: '/contact-reasons',
    summary: 'Create a contact reason, or a group of them',
    permission: manage,
    body: NewContactReason,
    returns: ContactReason,
    status: 201,
    run: (ctx, { body }) => createContactReason(ctx, body),
  }),
  route({
    method: 'PATCH',
    url: '/contact-reasons/:code',
    summary: 'Rename, reword, move or deactivate a contact reason',
    permission: manage,
    params: ReasonAddress,
    body: ContactReasonChange,
    returns: ContactReason,
    run: (ctx, { params, body }) => changeContactReason(ctx, params.code, body),
  }),
  route({
    method: 'DELETE',
    url: '/contact-reasons/:code',
    summary: 'Delete a contact reason that was never used',
    permission: manage,
    params: ReasonAddress,
    returns: Nothing,
    run: (ctx, { params }) => deleteContactReason(ctx, params.code),
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/reason',
    summary: 'Say why the customer writes',
    permission: 'conversations:reply',
    params: Id,
    body: GivenReason,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await setReason(ctx, params.id, body)
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'GET',
    url: '/conversations/:id/reason-suggestion',
    summary: 'Suggest why the customer writes: up to three reasons, the likeliest first',
    permission: read,
    params: Id,
    returns: z.object({ items: z.array(ReasonSuggestion) }),
    run: async (ctx, { params }) => ({ items: await suggestReasons(ctx, params.id) }),
  }),
  route({
    method: 'GET',
    url: '/reason-model',
    summary: 'Show what suggestions are learnt from, and how often they were right where it was tried',
    permission: read,
    returns: ReasonModelFacts.nullable(),
    run: ctx => findReasonModel(ctx),
  }),
  route({
    method: 'POST',
    url: '/reason-model/trainings',
    summary: 'Learn again from the reasons that were set',
    permission: manage,
    returns: Nothing,
    run: async ctx => {
      await askForTraining(ctx)
    },
  }),
]
