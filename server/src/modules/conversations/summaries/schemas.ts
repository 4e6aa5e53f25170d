import { z } from 'zod'

const Words = z.string().trim().max(2_000)
const said = { wanted: Words.default(''), done: Words.default(''), promised: Words.default('') }

/** What the customer wanted, what was done, and what is still promised to him. */
export const NewSummary = z
  .object(said)
  .refine(({ wanted, done, promised }) => wanted + done + promised !== '', {
    message: 'Write what was wanted, done or promised.',
  })
export type NewSummary = z.output<typeof NewSummary>

export const Summary = z
  .object({
    id: z.uuid(),
    wanted: z.string(),
    done: z.string(),
    promised: z.string(),
    by: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    writtenAt: z.date(),
    /** Null while the conversation is not resolved yet. */
    closedAt: z.date().nullable(),
  })
  .meta({ id: 'ConversationSummary' })
