import { z } from 'zod'
import { Id, pageOf, route } from '../../platform/route.ts'
import { revealContact } from './contacts.ts'
import { createCustomField, listCustomFields } from './custom-fields.ts'
import { changeCustomer, createCustomer, getCustomer, setTags } from './customers.ts'
import { listFacts, recordFact } from './facts.ts'
import { addIdentity, removeIdentity, verifyIdentity } from './identities.ts'
import { rootOf } from './lookup.ts'
import { mergeCustomers, undoMerge } from './merging.ts'
import { listReveals, revealDetail } from './revealing.ts'
import * as shape from './schemas.ts'
import { listCustomers } from './search.ts'
import { listTimeline } from './timeline.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/customers',
    summary: 'List customers, the newest first, or those a search finds, the best first',
    permission: 'customers:read',
    query: shape.CustomerFilter,
    returns: pageOf(shape.CustomerRow),
    run: (ctx, { query }) => listCustomers(ctx, query),
  }),
  route({
    method: 'POST',
    url: '/customers',
    summary: 'Create a customer',
    permission: 'customers:write',
    body: shape.NewCustomer,
    returns: shape.Customer,
    status: 201,
    run: (ctx, { body }) => createCustomer(ctx, body),
  }),
  route({
    method: 'GET',
    url: '/customers/:id',
    summary: 'Show a customer',
    permission: 'customers:read',
    params: Id,
    returns: shape.Customer,
    run: (ctx, { params }) => getCustomer(ctx, params.id),
  }),
  route({
    method: 'PATCH',
    url: '/customers/:id',
    summary: 'Change a customer',
    permission: 'customers:write',
    params: Id,
    body: shape.CustomerChange,
    returns: shape.Customer,
    run: (ctx, { params, body }) => changeCustomer(ctx, params.id, body),
  }),
  route({
    method: 'GET',
    url: '/customers/:id/timeline',
    summary: 'List what happened with a customer',
    permission: 'customers:read',
    params: Id,
    query: shape.TimelineFilter,
    returns: pageOf(shape.TimelineItem),
    run: (ctx, { params, query }) => listTimeline(ctx, params.id, query),
  }),
  route({
    method: 'POST',
    url: '/customers/:id/reveal',
    summary: 'Show whole contact details, which goes on record',
    permission: 'customers:contact-details',
    params: Id,
    returns: shape.ContactDetails,
    run: (ctx, { params }) => revealContact(ctx, params.id),
  }),
  route({
    method: 'POST',
    url: '/customers/:id/reveals',
    summary: 'Show one masked address or number whole, for a reason that goes on record',
    permission: 'customers:reveal',
    params: Id,
    body: shape.NewReveal,
    returns: shape.RevealedDetail,
    status: 201,
    run: (ctx, { params, body }) => revealDetail(ctx, params.id, body),
  }),
  route({
    method: 'GET',
    url: '/customers/:id/reveals',
    summary: 'List to whom masked details of a customer were shown, and why',
    permission: 'audit:read',
    params: Id,
    returns: shape.RevealList,
    run: (ctx, { params }) => listReveals(ctx, params.id),
  }),
  route({
    method: 'POST',
    url: '/customers/:id/identities',
    summary: 'Add an address, number or account',
    permission: 'customers:write',
    params: Id,
    body: shape.NewIdentity,
    returns: shape.Customer,
    status: 201,
    run: async (ctx, { params, body }) => {
      await addIdentity(ctx, params.id, body)
      return getCustomer(ctx, params.id)
    },
  }),
  route({
    method: 'DELETE',
    url: '/customers/:id/identities/:identityId',
    summary: 'Take an address or number away',
    permission: 'customers:write',
    params: shape.IdentityPath,
    returns: shape.Customer,
    run: async (ctx, { params }) => {
      await removeIdentity(ctx, params.id, params.identityId)
      return getCustomer(ctx, params.id)
    },
  }),
  route({
    method: 'PUT',
    url: '/customers/:id/identities/:identityId/verification',
    summary: 'Vouch that an address or number is the customer’s',
    permission: 'customers:merge',
    params: shape.IdentityPath,
    returns: shape.Customer,
    run: async (ctx, { params }) => {
      await verifyIdentity(ctx, params.id, params.identityId)
      return getCustomer(ctx, params.id)
    },
  }),
  route({
    method: 'GET',
    url: '/customers/:id/facts',
    summary: 'List every value ever noted of a customer',
    permission: 'customers:read',
    params: Id,
    query: shape.FactFilter,
    returns: pageOf(shape.Fact),
    run: (ctx, { params, query }) => listFacts(ctx, params.id, query),
  }),
  route({
    method: 'PUT',
    url: '/customers/:id/facts/:field',
    summary: 'Note what is true of a customer',
    permission: 'customers:write',
    params: shape.FactPath,
    body: shape.NewFact,
    returns: shape.Fact,
    run: (ctx, { params, body }) => recordFact(ctx, params.id, { field: params.field, ...body }),
  }),
  route({
    method: 'PUT',
    url: '/customers/:id/tags',
    summary: 'Set the tags of a customer',
    permission: 'customers:write',
    params: Id,
    body: shape.TagSet,
    returns: shape.Customer,
    run: (ctx, { params, body }) => setTags(ctx, params.id, body.tags),
  }),
  route({
    method: 'PUT',
    url: '/customers/:id/merge',
    summary: 'Merge a customer into another; answers that one',
    permission: 'customers:merge',
    params: Id,
    body: shape.MergeTarget,
    returns: shape.Customer,
    run: async (ctx, { params, body }) => {
      await mergeCustomers(ctx, params.id, body.intoId)
      return getCustomer(ctx, await rootOf(ctx, params.id))
    },
  }),
  route({
    method: 'DELETE',
    url: '/customers/:id/merge',
    summary: 'Take a merge back',
    permission: 'customers:merge',
    params: Id,
    returns: shape.Customer,
    run: async (ctx, { params }) => {
      await undoMerge(ctx, params.id)
      return getCustomer(ctx, params.id)
    },
  }),
  route({
    method: 'GET',
    url: '/custom-fields',
    summary: 'List the fields a company added to its customers',
    permission: 'customers:read',
    returns: z.object({ items: z.array(shape.CustomField) }),
    run: ctx => listCustomFields(ctx),
  }),
  route({
    method: 'POST',
    url: '/custom-fields',
    summary: 'Add a field to customers',
    permission: 'settings:manage',
    body: shape.NewCustomField,
    returns: shape.CustomField,
    status: 201,
    run: (ctx, { body }) => createCustomField(ctx, body),
  }),
]
