import { bigint, index, pgTable, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../../platform/columns.ts'

export const auditFaults = ['changed', 'missing', 'inserted', 'truncated', 'rewritten'] as const

/** When somebody had the chain recomputed, and what came of it. Without `doneAt` it runs, or its process died. */
export const auditVerifications = pgTable(
  'audit_verifications',
  {
    id: id(),
    askedBy: uuid(),
    askedAt: createdAt(),
    doneAt: instant(),
    entries: bigint({ mode: 'number' }),
    anchorN: bigint({ mode: 'number' }),
    fault: oneOf(auditFaults),
    faultN: bigint({ mode: 'number' }),
  },
  t => [index('audit_verifications_newest').on(t.askedAt)],
)
