import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { visitorRoom } from '../conversations/events.ts'

/** Somebody was taken out of a store's line; those who still wait there ask for their place. */
export const queueMoved = defineEvent(
  'queue.changed',
  z.object({ storeId: z.uuid(), identityIds: z.array(z.uuid()) }),
  ({ identityIds }) => identityIds.map(visitorRoom),
)
