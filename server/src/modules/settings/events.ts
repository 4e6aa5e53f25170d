import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { storeRooms } from '../../platform/realtime.ts'

const toEverybody = () => ['staff']

export const companyChanged = defineEvent('company.changed', z.object({}), toEverybody)
export const storeChanged = defineEvent('store.changed', z.object({ storeId: z.uuid() }), ({ storeId }) =>
  storeRooms(storeId),
)
export const calendarChanged = defineEvent(
  'calendar.changed',
  z.object({ calendarId: z.uuid() }),
  toEverybody,
)
/** Without a store it is the company's wording. */
export const textChanged = defineEvent(
  'text.changed',
  z.object({ key: z.string(), storeId: z.uuid().nullable() }),
  ({ storeId }) => (storeId ? storeRooms(storeId) : toEverybody()),
)
