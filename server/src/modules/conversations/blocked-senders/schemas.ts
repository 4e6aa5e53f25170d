import { z } from 'zod'
import { masked } from '../../../platform/route.ts'
import { identityKinds } from '../../customers/tables.ts'

/** An identity from which nothing reaches anybody. `kept`: how many messages came since, and can still be taken in. */
export const BlockedSender = z
  .object({
    id: z.uuid(),
    kind: z.enum(identityKinds),
    display: masked(z.string(), 'customers:contact-details', 'text'),
    isVerified: z.boolean(),
    customer: z.object({ id: z.uuid(), name: z.string() }),
    blockedAt: z.date(),
    /** Null where no person did it. */
    blockedBy: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    kept: z.int(),
  })
  .meta({ id: 'BlockedSender' })
export type BlockedSender = z.output<typeof BlockedSender>

/** Whether what came while the sender was blocked is taken in now, or stays where it is. */
export const Unblocking = z.object({ takeIn: z.stringbool().default(false) })

export const Unblocked = z.object({ takenIn: z.int() }).meta({ id: 'Unblocked' })
