import { Id, Page, pageOf, route } from '../../../platform/route.ts'
import { blockSender, getBlockedSender, listBlockedSenders, unblockSender } from './blocked-senders.ts'
import { BlockedSender, Unblocked, Unblocking } from './schemas.ts'

const read = 'customers:read'
/** Whoever may mark a conversation as spam. */
const block = 'conversations:reply'

export const blockedSenderRoutes = [
  route({
    method: 'GET',
    url: '/blocked-senders',
    summary: 'List blocked senders, the latest first',
    permission: read,
    query: Page,
    returns: pageOf(BlockedSender),
    run: (ctx, { query }) => listBlockedSenders(ctx, query),
  }),
  route({
    method: 'GET',
    url: '/identities/:id/block',
    summary: 'Show who is blocked by an identity, and how much came since',
    permission: read,
    params: Id,
    returns: BlockedSender,
    run: (ctx, { params }) => getBlockedSender(ctx, params.id),
  }),
  route({
    method: 'PUT',
    url: '/identities/:id/block',
    summary: 'Block the sender behind an identity: what he writes is kept and reaches nobody',
    permission: block,
    params: Id,
    returns: BlockedSender,
    run: (ctx, { params }) => blockSender(ctx, params.id),
  }),
  route({
    method: 'DELETE',
    url: '/identities/:id/block',
    summary: 'Unblock a sender, and take in what he wrote meanwhile or leave it',
    permission: block,
    params: Id,
    query: Unblocking,
    returns: Unblocked,
    run: (ctx, { params, query }) => unblockSender(ctx, params.id, query),
  }),
]
