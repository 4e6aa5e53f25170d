import { on } from '../../platform/events.ts'
import { clockBreached, clockEscalated, clockMoved } from '../clocks/events.ts'
import { customerMerged, customerUnmerged } from '../customers/events.ts'
import { deliveryChanged } from '../outreach/events.ts'
import { followIdentities } from './conversations.ts'
import { escalate } from './escalating.ts'
import { conversationChanged, conversationOpened } from './events.ts'
import { acknowledge } from './mail/acknowledging.ts'
import { noteRefusedRecipients } from './mail/refused-recipients.ts'
import { notePromiseBroken } from './promises.ts'
import { countLabel } from './reasons/training.ts'
import { wakeForClock } from './snoozing.ts'
import { followClocks } from './timing.ts'

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
  on(clockMoved, 'conversations.follow-clocks', (ctx, { conversationId }) =>
    followClocks(ctx, conversationId),
  ),
  on(clockEscalated, 'conversations.escalate', escalate),
  on(clockBreached, 'conversations.note-broken-promise', async (ctx, { conversationId, clockId, kind }) => {
    if (kind === 'promise') await notePromiseBroken(ctx, conversationId, clockId)
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
