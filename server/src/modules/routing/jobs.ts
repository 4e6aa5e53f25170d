import type { Ctx } from '../../platform/context.ts'
import { on, onAny } from '../../platform/events.ts'
import {
  conversationAssigned,
  conversationChanged,
  conversationOpened,
  conversationResolved,
} from '../conversations/events.ts'
import { staffAvailabilityChanged, staffChanged, staffDeactivated } from '../staff/events.ts'
import { noteBusy } from './agents.ts'
import { queuesSaved, weightsChanged } from './events.ts'
import { allocate, lookAgain, placeAnew, placeOneAnew, requeueWaitingChats, tellLineOf } from './routing.ts'

const giveOut = async (ctx: Ctx) => {
  await allocate(ctx)
}

const leaves = async (ctx: Ctx, staffId: string) => {
  await requeueWaitingChats(ctx, staffId)
  await allocate(ctx)
}

export const reactions = [
  onAny(conversationOpened, 'routing.take-opened', giveOut),
  on(conversationResolved, 'routing.note-resolved', async (ctx, { staffId }) => {
    if (staffId) await noteBusy(ctx, [staffId])
  }),
  onAny(conversationResolved, 'routing.use-freed-place', giveOut),
  on(conversationAssigned, 'routing.take-released', async (ctx, { conversationId, staffId, fromId }, row) => {
    const isByHand = row.actorKind !== 'system'
    if (staffId && isByHand) await noteBusy(ctx, [staffId])
    if (staffId && fromId === null && isByHand) await tellLineOf(ctx, conversationId)
    if (staffId === null || fromId !== null) await allocate(ctx)
  }),
  on(conversationChanged, 'routing.place-anew', async (ctx, { conversationId, fields }) => {
    if (fields.includes('reason') || fields.includes('language')) await placeOneAnew(ctx, conversationId)
  }),
  on(staffAvailabilityChanged, 'routing.follow-availability', async (ctx, { staffId, state }) => {
    if (state === 'online') await allocate(ctx)
    else if (state !== 'busy') await leaves(ctx, staffId)
  }),
  on(staffDeactivated, 'routing.follow-deactivation', (ctx, { staffId }) => leaves(ctx, staffId)),
  onAny(staffChanged, 'routing.follow-staff', giveOut),
  onAny(queuesSaved, 'routing.follow-queues', placeAnew),
  onAny(weightsChanged, 'routing.follow-weights', giveOut),
]

/** Wrap-ups end, stores open, overflows fall due and patience with a last agent runs out without any event. */
export const sweeps = [{ name: 'routing.look-again', run: lookAgain }]
