import { on } from '../../platform/events.ts'
import { customerMerged, customerUnmerged } from '../customers/events.ts'
import { followIdentities } from './conversations.ts'

export const reactions = [
  on(customerMerged, 'conversations.follow-merged-customer', (ctx, { fromId, intoId }) =>
    followIdentities(ctx, [fromId, intoId]),
  ),
  on(customerUnmerged, 'conversations.follow-unmerged-customer', (ctx, { fromId, intoId }) =>
    followIdentities(ctx, [fromId, intoId]),
  ),
]
