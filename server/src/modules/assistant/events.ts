import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { storeRooms } from '../../platform/realtime.ts'

/** What stood untranslated in a conversation can be read, or why it cannot. */
export const translationReady = defineEvent(
  'translation.ready',
  z.object({ conversationId: z.uuid(), storeId: z.uuid(), messageIds: z.array(z.uuid()), to: z.string() }),
  ({ storeId }) => storeRooms(storeId),
)

export const translationSettingsChanged = defineEvent('translation_provider.changed', z.object({}), () => [
  'staff',
])

export const glossaryChanged = defineEvent('glossary_term.changed', z.object({}), () => ['staff'])
