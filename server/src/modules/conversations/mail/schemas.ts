import { z } from 'zod'
import { masked } from '../../../platform/route.ts'
import { Address } from '../../channels/mail/settings.ts'

const line = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'Write it in one line.')

const Person = z.strictObject({ name: line(200).default(''), address: Address })
const People = z.array(Person).max(50)

/** How a reply by mail differs from what it would be by itself. */
export const MailOptions = z.strictObject({
  to: People.min(1).optional(),
  cc: People.default([]),
  bcc: People.default([]),
  subject: line(400).optional(),
})
export type MailOptions = z.output<typeof MailOptions>

const Seen = z.object({
  name: z.string(),
  address: masked(z.string(), 'customers:contact-details', 'email'),
})

export const MailDraft = z
  .object({
    from: z.object({ name: z.string(), address: z.string() }),
    to: z.array(Seen),
    /** Who else the last mail went to: offered, and added only by a person. */
    others: z.array(Seen),
    subject: z.string(),
    signature: z.string(),
    undoSeconds: z.number().int(),
    /** Addresses that bounced, complained or opted out. */
    suppressed: z.array(
      z.object({
        address: masked(z.string(), 'customers:contact-details', 'email'),
        reason: z.string(),
      }),
    ),
  })
  .meta({ id: 'MailDraft' })
export type MailDraft = z.output<typeof MailDraft>
