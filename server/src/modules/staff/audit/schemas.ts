import { z } from 'zod'
import { Page } from '../../../platform/route.ts'
import { auditFaults } from './tables.ts'

/** `n` is its place in the chain; null until it is sealed, some seconds later. */
export const AuditEntry = z
  .object({
    id: z.uuid(),
    n: z.int().nullable(),
    at: z.date(),
    actor: z.object({ kind: z.string(), id: z.uuid().nullable(), name: z.string().nullable() }),
    action: z.string(),
    object: z.string(),
    fields: z.array(z.string()),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof AuditEntry>

const moment = z.iso.datetime({ offset: true })
/** `action` is one such as `staff.changed` or all that begin so, as `staff`; `object` likewise, `customer:<id>` or `customer`. */
export const AuditFilter = Page.extend({
  cursor: z.uuid().optional(),
  actorId: z.uuid().optional(),
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_.-]{0,99}$/)
    .optional(),
  object: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,49}(:[A-Za-z0-9_.-]{1,100})?$/)
    .optional(),
  from: moment.optional(),
  to: moment.optional(),
})
export type AuditFilter = z.output<typeof AuditFilter>

/**
 * Whether the chain holds. `entries` were recomputed; up to `anchorN` what they say is also vouched for by what was
 * written down outside the database. At a fault, `entry` is the first that does not hold, where it is still there.
 */
export const AuditVerification = z
  .object({
    id: z.uuid(),
    state: z.enum(['running', 'holds', 'faulty']),
    askedBy: z.string().nullable(),
    askedAt: z.date(),
    doneAt: z.date().nullable(),
    entries: z.int().nullable(),
    anchorN: z.int().nullable(),
    fault: z.enum(auditFaults).nullable(),
    faultN: z.int().nullable(),
    entry: AuditEntry.nullable(),
  })
  .meta({ id: 'AuditVerification' })
export type AuditVerification = z.output<typeof AuditVerification>
