import { z } from 'zod'
import { statusCategories } from '../tables.ts'

const Named = z.object({ id: z.uuid(), name: z.string() })

/** What the other is to this one: `follows` where this one follows it, `followed_by` where it follows this one. */
export const linkSides = ['related', 'duplicate', 'follows', 'followed_by'] as const
export type LinkSide = (typeof linkSides)[number]

export const NewLink = z.object({ otherId: z.uuid(), kind: z.enum(linkSides) })
export type NewLink = z.output<typeof NewLink>

export const ConversationLink = z
  .object({
    id: z.uuid(),
    kind: z.enum(linkSides),
    at: z.date(),
    by: Named.nullable(),
    /** Null where the one who asks may not see the other: he is told that there is a link, and no more. */
    other: z
      .object({
        id: z.uuid(),
        number: z.number().int(),
        subject: z.string().nullable(),
        customer: Named,
        store: Named,
        channelKind: z.string(),
        category: z.enum(statusCategories),
        lastActivityAt: z.date(),
      })
      .nullable(),
  })
  .meta({ id: 'ConversationLink' })
export type ConversationLink = z.output<typeof ConversationLink>
