import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

/** An export was asked for, goes on, is there or is gone: for the one who asked. */
export const exportChanged = defineEvent(
  'export.changed',
  z.object({ exportId: z.uuid(), staffId: z.uuid() }),
  ({ staffId }) => [`staff:${staffId}`],
)
