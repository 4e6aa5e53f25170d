import { z } from 'zod'

/** As many as one person means when he says that these are another matter. */
export const mostChosen = 50

export const NewSplit = z
  .object({
    clientId: z.uuid(),
    /** The customer's messages that the new conversation is made of, by their places in this one. */
    seqs: z.array(z.number().int().min(1).max(2_147_483_647)).min(1).max(mostChosen),
    subject: z.string().trim().max(400).optional(),
    /** Who gets it; without one it waits to be given out as any new conversation does. */
    assigneeId: z.uuid().optional(),
  })
  .strict()
export type NewSplit = z.output<typeof NewSplit>
