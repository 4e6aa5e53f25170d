import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { availabilities } from './tables.ts'

const aboutStaff = z.object({ staffId: z.uuid() })
const toEverybody = () => ['staff']

export const staffAvailabilityChanged = defineEvent(
  'staff.availability_changed',
  z.object({ staffId: z.uuid(), state: z.enum(availabilities) }),
  toEverybody,
)
export const staffChanged = defineEvent('staff.changed', aboutStaff, toEverybody)
export const staffDeactivated = defineEvent('staff.deactivated', aboutStaff, toEverybody)

/**
 * What a colleague's live sockets may hear is no longer what they were admitted to: they are shut and come
 * back, if they may. With a session it is about that session only, as when he signs out.
 */
export const staffAccessChanged = defineEvent(
  'staff.access_changed',
  z.object({ staffId: z.uuid(), sessionId: z.uuid().optional() }),
)
