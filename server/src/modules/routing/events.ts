import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { visitorRoom } from '../conversations/events.ts'

/** Somebody was taken out of the line; those who still wait ask for their place. */
export const queueMoved = defineEvent(
  'queue.changed',
  z.object({ identityIds: z.array(z.uuid()) }),
  ({ identityIds }) => identityIds.map(visitorRoom),
)
