import type { Ctx } from '../../platform/context.ts'
import { on, onAny } from '../../platform/events.ts'
import { conversationAssigned, conversationOpened, conversationResolved } from '../conversations/events.ts'
import { staffAvailabilityChanged, staffDeactivated } from '../staff/events.ts'
import { allocateWaitingChats, requeueWaitingChats } from './routing.ts'

const leaves = async (ctx: Ctx, staffId: string) => {
  await requeueWaitingChats(ctx, staffId)
  await allocateWaitingChats(ctx)
}

export const reactions = [
  onAny(conversationOpened, 'routing.take-opened', allocateWaitingChats, {
    when: ({ channelKind }) => channelKind === 'web_chat',
  }),
  onAny(conversationResolved, 'routing.use-freed-place', allocateWaitingChats),
  on(conversationAssigned, 'routing.take-released', async (ctx, { staffId, fromId }) => {
    if (staffId === null || fromId !== null) await allocateWaitingChats(ctx)
  }),
  on(staffAvailabilityChanged, 'routing.follow-availability', async (ctx, { staffId, state }) => {
    if (state === 'online') await allocateWaitingChats(ctx)
    else if (state !== 'busy') await leaves(ctx, staffId)
  }),
  on(staffDeactivated, 'routing.follow-deactivation', (ctx, { staffId }) => leaves(ctx, staffId)),
]
