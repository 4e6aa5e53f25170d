import { on } from '../../platform/events.ts'
import { clockBreached } from '../clocks/events.ts'
import { customerMerged, customerUnmerged } from '../customers/events.ts'
import { deliveryChanged } from '../outreach/events.ts'
import { followIdentities } from './conversations.ts'
import { conversationChanged, conversationOpened } from './events.ts'
import { acknowledge } from './mail/acknowledging.ts'
import { noteRefusedRecipients } from './mail/refused-recipients.ts'
import { countLabel } from './reasons/training.ts'
import { wakeForClock } from './snoozing.ts'

export const reactions = [
  on(
    conversationOpened,
    'conversations.acknowledge-mail',
    (ctx, { conversationId }) => acknowledge(ctx, conversationId),
    { when: ({ channelKind, reopened }) => channelKind === 'mail' && !reopened },
  ),
  on(deliveryChanged, 'conversations.note-refused-recipients', async (ctx, { deliveryId, state }) => {
    if (state === 'done') await noteRefusedRecipients(ctx, deliveryId)
  }),
  on(conversationChanged, 'conversations.count-reason-label', ctx => countLabel(ctx), {
    when: ({ fields }) => fields.includes('reason'),
  }),
  on(clockBreached, 'conversations.wake-for-clock', (ctx, { conversationId }) =>
    wakeForClock(ctx, conversationId),
  ),
  on(customerMerged, 'conversations.follow-merged-customer', (ctx, { fromId, intoId }) =>
    followIdentities(ctx, [fromId, intoId]),
  ),
  on(customerUnmerged, 'conversations.follow-unmerged-customer', (ctx, { fromId, intoId }) =>
    followIdentities(ctx, [fromId, intoId]),
  ),
]
