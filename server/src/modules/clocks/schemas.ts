import { z } from 'zod'
import { isZone } from '../settings/business-time.ts'
import {
  clockCalendars,
  clockKinds,
  expiries,
  pauseReasons,
  policyChannels,
  stopOccasions,
  triggers,
  windowUnits,
} from './tables.ts'

const Fraction = z.number().gt(0).lt(1)
const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const Country = z.string().regex(/^[A-Z]{2}$/)
const Name = z.string().trim().min(1).max(120)
const unique = <T>(list: T[]) => [...new Set(list)]

export const ClockWindow = z.object({
  value: z.number().int().min(1).max(100_000),
  unit: z.enum(windowUnits),
  /** How long a ring and the silence after it take, where the window is counted in rings. */
  ringSeconds: z.number().int().min(1).max(30).optional(),
})
export type ClockWindow = z.output<typeof ClockWindow>

export const ClockTarget = z.object({
  metric: z.string().trim().min(1).max(60),
  op: z.enum(['>=', '<=']),
  value: z.number().min(0).max(1_000_000),
  lookbackDays: z.number().int().min(1).max(730),
  /** When the metric's day begins, where that is not midnight. */
  dayStartsAt: Time.optional(),
})

const EscalationTime = z.union([
  z.strictObject({ fraction: Fraction.or(z.literal(1)) }),
  z.strictObject({ minutesAfterBreach: z.number().int().min(1).max(43_200) }),
])
export const Escalation = z.discriminatedUnion('do', [
  z.strictObject({
    at: EscalationTime,
    do: z.literal('notify'),
    whom: z.enum(['assignee', 'team', 'supervisors']),
  }),
  z.strictObject({ at: EscalationTime, do: z.literal('raise_priority'), to: z.enum(['high', 'urgent']) }),
  z.strictObject({ at: EscalationTime, do: z.literal('reassign'), teamId: z.uuid().nullable() }),
  z.strictObject({
    at: EscalationTime,
    do: z.literal('note'),
    mentionId: z.uuid(),
    text: z.string().trim().min(1).max(2_000),
  }),
])

const terms = {
  names: z.object({ zh: Name, en: Name }),
  trigger: z.enum(triggers),
  /** None of a promise, which names its own hour. */
  window: ClockWindow.nullable(),
  calendar: z.enum(clockCalendars),
  calendarId: z.uuid().nullable(),
  country: Country.nullable(),
  zone: z.string().max(60).refine(isZone).nullable(),
  weekendDueAt: Time.nullable(),
  /** It always ends with its conversation. */
  stopsOn: z
    .array(z.enum(stopOccasions))
    .max(5)
    .transform(list => unique([...list, 'resolved' as const])),
  pausesOn: z.array(z.enum(pauseReasons)).max(4).transform(unique),
  pauseCapHours: z.number().int().min(1).max(8_760).nullable(),
  warnAt: z
    .array(Fraction)
    .max(6)
    .transform(list => unique(list).sort((a, b) => a - b)),
  escalations: z.array(Escalation).max(10),
  onExpiry: z.enum(expiries),
  target: ClockTarget.nullable(),
  severity: z.number().int().min(1).max(3),
  source: z.string().trim().min(1).max(500),
  sourceUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable(),
  verifiedAt: z.iso.date(),
}

const identity = {
  code: z.string().regex(/^[a-z0-9-]{3,60}$/),
  kind: z.enum(clockKinds),
  channel: z.enum(policyChannels),
  sites: z
    .array(Country)
    .max(60)
    .transform(list => unique(list).sort()),
  storeId: z.uuid().nullable(),
}

export const ClockPolicy = z
  .object({
    id: z.uuid(),
    version: z.number().int(),
    ...identity,
    sites: z.array(z.string()),
    ...terms,
    zone: z.string().nullable(),
    sourceUrl: z.string().nullable(),
    stopsOn: z.array(z.enum(stopOccasions)),
    pausesOn: z.array(z.enum(pauseReasons)),
    warnAt: z.array(z.number()),
    verifiedAt: z.string(),
    /** Nobody has looked at the source for 180 days. */
    isStale: z.boolean(),
    /** Its calendar opens on no day of the 400 to come, so no clock starts under it. */
    neverOpens: z.boolean(),
    effectiveFrom: z.date(),
    effectiveTo: z.date().nullable(),
  })
  .meta({ id: 'ClockPolicy' })
export type ClockPolicy = z.output<typeof ClockPolicy>

export const NewPolicy = z.object({
  ...identity,
  sites: identity.sites.default([]),
  storeId: identity.storeId.default(null),
  ...terms,
  trigger: terms.trigger.optional(),
  window: terms.window.default(null),
  calendar: terms.calendar.default('store'),
  calendarId: terms.calendarId.default(null),
  country: terms.country.default(null),
  zone: terms.zone.default(null),
  weekendDueAt: terms.weekendDueAt.default(null),
  stopsOn: terms.stopsOn.optional(),
  pausesOn: terms.pausesOn.default([]),
  pauseCapHours: terms.pauseCapHours.default(null),
  warnAt: terms.warnAt.default([0.5, 0.75, 0.9]),
  escalations: terms.escalations.default([]),
  onExpiry: terms.onExpiry.default('metric_miss'),
  target: terms.target.default(null),
  severity: terms.severity.default(2),
  sourceUrl: terms.sourceUrl.default(null),
})
export type NewPolicy = z.output<typeof NewPolicy>

/** From when it holds; at once unless told otherwise. */
export const PolicyChange = z.object({ ...terms, effectiveFrom: z.coerce.date() }).partial()
export type PolicyChange = z.output<typeof PolicyChange>

export const ClockOfConversation = z
  .object({
    id: z.uuid(),
    kind: z.enum(clockKinds),
    startedAt: z.date(),
    /** Empty while it stands still without an end in sight. */
    dueAt: z.date().nullable(),
    /** Half of its window: what we ask of ourselves. */
    internalDueAt: z.date().nullable(),
    warnings: z.array(z.date()),
    pausedAt: z.date().nullable(),
    pauseReason: z.enum(pauseReasons).nullable(),
    pauses: z.array(
      z.object({ reason: z.enum(pauseReasons), beganAt: z.date(), endedAt: z.date().nullable() }),
    ),
    breachedAt: z.date().nullable(),
    stoppedAt: z.date().nullable(),
    stopReason: z.string().nullable(),
    promise: z.string().nullable(),
    fate: z.enum(['open', 'kept', 'broken', 'withdrawn', 'ended']).nullable(),
    policy: ClockPolicy.nullable(),
  })
  .meta({ id: 'ClockOfConversation' })
