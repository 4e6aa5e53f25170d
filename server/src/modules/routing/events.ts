import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { visitorRoom } from '../conversations/events.ts'

const toStaff = () => ['staff']

/** Somebody was taken out of a queue's line; those of a store who still wait there ask for their place. */
export const queueMoved = defineEvent(
  'queue.changed',
  z.object({ queueId: z.uuid(), storeId: z.uuid(), identityIds: z.array(z.uuid()) }),
  ({ identityIds }) => identityIds.map(visitorRoom),
)

/** The settings of queues, or their order: what waits is placed anew. */
export const queuesSaved = defineEvent('queue.saved', z.object({ queueId: z.uuid().nullable() }), toStaff)

export const weightsChanged = defineEvent('channel_weight.changed', z.object({}), toStaff)
