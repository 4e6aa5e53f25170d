import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

const toEverybody = () => ['staff']

export const companyChanged = defineEvent('company.changed', z.object({}), toEverybody)
export const storeChanged = defineEvent('store.changed', z.object({ storeId: z.uuid() }), toEverybody)
export const calendarChanged = defineEvent(
  'calendar.changed',
  z.object({ calendarId: z.uuid() }),
  toEverybody,
)
export const textChanged = defineEvent('text.changed', z.object({ key: z.string() }), toEverybody)
