import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { storeRooms } from '../../platform/realtime.ts'
import { deliveryStates } from './tables.ts'

export const deliveryChanged = defineEvent(
  'delivery.changed',
  z.object({
    deliveryId: z.uuid(),
    messageId: z.uuid(),
    conversationId: z.uuid(),
    channelId: z.uuid(),
    storeId: z.uuid(),
    state: z.enum(deliveryStates),
  }),
  ({ storeId }) => storeRooms(storeId),
)
