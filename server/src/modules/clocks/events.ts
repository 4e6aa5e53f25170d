import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { storeRooms } from '../../platform/realtime.ts'
import { clockKinds } from './tables.ts'

const about = z.object({
  clockId: z.uuid(),
  conversationId: z.uuid(),
  storeId: z.uuid(),
  kind: z.enum(clockKinds),
})
const toStore = ({ storeId }: { storeId: string }) => storeRooms(storeId)

/** `fraction` of the window has passed: 0.5, 0.75, 0.9 where the policy says nothing else. */
export const clockWarned = defineEvent('clock.warned', about.extend({ fraction: z.number() }), toStore)
export const clockBreached = defineEvent('clock.breached', about.extend({ dueAt: z.iso.datetime() }), toStore)
/** A step of its policy has come that asks for more than a warning. */
export const clockEscalated = defineEvent(
  'clock.escalated',
  about.extend({ step: z.number().int() }),
  toStore,
)
/** Its hours were changed, and so its instant. */
export const clockMoved = defineEvent('clock.moved', about, toStore)
