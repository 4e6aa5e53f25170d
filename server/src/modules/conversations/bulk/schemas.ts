import { z } from 'zod'
import { ActionCall } from '../../../platform/actions.ts'
import { Page, pageOf } from '../../../platform/route.ts'
import { ConversationFilter } from '../schemas.ts'
import { bulkItemStates, bulkStates } from './tables.ts'

const Counts = z.object(
  Object.fromEntries(bulkItemStates.map(state => [state, z.number().int()])) as Record<
    (typeof bulkItemStates)[number],
    z.ZodNumber
  >,
)

export const BulkJob = z
  .object({
    id: z.uuid(),
    startedBy: z.object({ id: z.uuid(), name: z.string() }),
    actions: z.array(ActionCall),
    undoesId: z.uuid().nullable(),
    /** The job that undoes this one. */
    undoneById: z.uuid().nullable(),
    state: z.enum(bulkStates),
    total: z.number().int(),
    counts: Counts,
    createdAt: z.date(),
    endedAt: z.date().nullable(),
    undoableUntil: z.date().nullable(),
  })
  .meta({ id: 'BulkJob' })
export type BulkJob = z.output<typeof BulkJob>

/** Those named, or all that a view of the inbox shows at this moment. */
export const NewBulkJob = z
  .object({
    actions: z.array(ActionCall).min(1).max(20),
    conversationIds: z.array(z.uuid()).min(1).max(10_000).optional(),
    filter: ConversationFilter.pick({
      ...{ view: true, teamId: true, storeId: true, savedViewId: true },
    }).optional(),
  })
  .strict()
  .refine(({ conversationIds, filter }) => (conversationIds === undefined) !== (filter === undefined), {
    message: 'Name the conversations, or the view that shows them.',
    path: ['conversationIds'],
  })
export type NewBulkJob = z.output<typeof NewBulkJob>

export const BulkItem = z
  .object({
    conversation: z.object({ id: z.uuid(), number: z.number().int(), customerName: z.string() }),
    state: z.enum(bulkItemStates),
    code: z.string().nullable(),
  })
  .meta({ id: 'BulkItem' })

export const BulkItemFilter = Page.extend({ state: z.enum(bulkItemStates).optional() })
export type BulkItemFilter = z.output<typeof BulkItemFilter>
export const BulkItemPage = pageOf(BulkItem)
