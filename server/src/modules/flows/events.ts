import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { suspensions } from './tables.ts'

const toStaff = () => ['staff']

export const flowChanged = defineEvent('flow.changed', z.object({ flowId: z.uuid() }), toStaff)

/** It did more than it may, and does nothing until a person has looked. `staffIds` are those who manage flows. */
export const flowSuspended = defineEvent(
  'flow.suspended',
  z.object({ flowId: z.uuid(), why: z.enum(suspensions), staffIds: z.array(z.uuid()) }),
  toStaff,
)
