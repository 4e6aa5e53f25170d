import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { storeRooms } from '../../platform/realtime.ts'

const aboutInbound = z.object({ inboundId: z.number(), channelId: z.uuid(), storeId: z.uuid() })
const toStore = ({ storeId }: { storeId: string }) => storeRooms(storeId)

export const channelChanged = defineEvent(
  'channel.changed',
  z.object({ channelId: z.uuid(), storeId: z.uuid() }),
  toStore,
)
export const inboundParked = defineEvent('inbound.parked', aboutInbound, toStore)
export const inboundRetried = defineEvent('inbound.retried', aboutInbound, toStore)

/** The visitor's token is no longer good; his sockets have no business here. */
export const visitorEnded = defineEvent(
  'visitor.ended',
  z.object({ visitorId: z.uuid(), identityId: z.uuid(), channelId: z.uuid(), storeId: z.uuid() }),
)
