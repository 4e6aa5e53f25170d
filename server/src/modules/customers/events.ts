import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const toStaff = () => ['staff']

export const customerCreated = defineEvent('customer.created', z.object({ customerId: z.uuid() }), toStaff)
export const customerChanged = defineEvent(
  'customer.changed',
  z.object({ customerId: z.uuid(), fields: z.array(z.string()) }),
  toStaff,
)

/** What belonged to `fromId` belongs to `intoId` now, who is himself merged into nobody. */
export const customerMerged = defineEvent(
  'customer.merged',
  z.object({ fromId: z.uuid(), intoId: z.uuid() }),
  toStaff,
)

/** `customerIds` are `fromId` and all that had been merged into him: what was theirs leaves `intoId` for `fromId`. */
export const customerUnmerged = defineEvent(
  'customer.unmerged',
  z.object({ fromId: z.uuid(), intoId: z.uuid(), customerIds: z.array(z.uuid()) }),
  toStaff,
)
