import { z } from 'zod'
import { channelKinds } from '../channels/tables.ts'
import { clockCalendars, clockKinds } from './tables.ts'

const WarnAt = z.array(z.number().gt(0).lt(1)).max(6)

export const ClockPolicy = z
  .object({
    id: z.uuid(),
    code: z.string(),
    version: z.number().int(),
    name: z.string(),
    kind: z.enum(clockKinds),
    channelKind: z.string(),
    storeId: z.uuid().nullable(),
    windowSeconds: z.number().int(),
    calendar: z.enum(clockCalendars),
    warnAt: z.array(z.number()),
    source: z.string(),
    verifiedAt: z.string(),
    /** Nobody has looked at the source for 180 days. */
    isStale: z.boolean(),
    effectiveFrom: z.date(),
    effectiveTo: z.date().nullable(),
  })
  .meta({ id: 'ClockPolicy' })

export const NewPolicy = z.object({
  code: z.string().regex(/^[a-z0-9-]{3,60}$/),
  name: z.string().trim().min(1).max(120),
  kind: z.enum(clockKinds),
  channelKind: z.enum(channelKinds),
  storeId: z.uuid().nullable().default(null),
  windowSeconds: z
    .number()
    .int()
    .min(1)
    .max(90 * 86_400),
  calendar: z.enum(clockCalendars).default('store'),
  warnAt: WarnAt.default([0.5, 0.75, 0.9]),
  source: z.string().trim().min(1).max(500),
  verifiedAt: z.iso.date(),
})
export type NewPolicy = z.output<typeof NewPolicy>

export const PolicyChange = z
  .object({
    name: NewPolicy.shape.name,
    windowSeconds: NewPolicy.shape.windowSeconds,
    calendar: z.enum(clockCalendars),
    warnAt: WarnAt,
    source: NewPolicy.shape.source,
    verifiedAt: z.iso.date(),
  })
  .partial()
export type PolicyChange = z.output<typeof PolicyChange>
