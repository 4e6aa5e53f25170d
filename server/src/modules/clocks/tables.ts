import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { marketplaces } from '../channels/marketplaces.ts'
import { channelKinds } from '../channels/tables.ts'
import { calendars, stores } from '../settings/tables.ts'

/** Stands for "no deadline" in sort columns, so that keyset pages need no special case for null. */
export const never = new Date('9999-12-31T00:00:00Z')

/** What is owed: an answer, an answer to each later message, the end of it, news of it, or what somebody promised. */
export const clockKinds = ['first_response', 'next_response', 'resolution', 'update', 'promise'] as const
/** What a policy may be for: a kind of channel, a marketplace whose messages come by another, or `any`. */
export const policyChannels = [
  ...channelKinds,
  ...marketplaces,
  'phone',
  'social',
  'complaint',
  'any',
] as const
export const triggers = [
  'oldest_unanswered_message',
  'first_message_of_thread',
  'opened',
  'promised',
] as const
export const windowUnits = ['ring', 'second', 'minute', 'hour', 'calendar_day', 'business_day'] as const
export const clockCalendars = ['always', 'store', 'own'] as const
export const stopOccasions = ['human_reply', 'any_reply', 'resolving_reply', 'mark_spam', 'resolved'] as const
export const pauseReasons = ['customer', 'carrier', 'supplier', 'bank'] as const
export const expiries = ['metric_miss', 'auto_refund', 'auto_approve', 'auto_lose', 'escalatable'] as const

export type ClockKind = (typeof clockKinds)[number]
export type WindowUnit = (typeof windowUnits)[number]
export type StopOccasion = (typeof stopOccasions)[number]
export type PauseReason = (typeof pauseReasons)[number]

/** What is reckoned from the promise kept: at least 85 % within the last 30 days, by days that begin at 18:00. */
export type Target = {
  metric: string
  op: '>=' | '<='
  value: number
  lookbackDays: number
  dayStartsAt?: string | undefined
}

/** At a fraction of the window, or so many minutes of the calendar after the breach. */
export type EscalationTime = { fraction: number } | { minutesAfterBreach: number }
export type EscalationStep =
  | { do: 'notify'; whom: 'assignee' | 'team' | 'supervisors' }
  | { do: 'raise_priority'; to: 'high' | 'urgent' }
  | { do: 'reassign'; teamId: string | null }
  | { do: 'note'; mentionId: string; text: string }
export type Escalation = { at: EscalationTime } & EscalationStep

/** Dated configuration: a change adds a version, and what runs keeps the version it started under. */
export const clockPolicies = pgTable(
  'clock_policies',
  {
    id: id(),
    code: text().notNull(),
    version: integer().notNull(),
    names: jsonb().$type<{ zh: string; en: string }>().notNull(),
    kind: oneOf(clockKinds).notNull(),
    channel: oneOf(policyChannels).notNull(),
    /** Countries of the channel, or of the store, for which it holds; none for all. */
    sites: text().array().notNull().default(sql`'{}'`),
    /** Without one it holds for every store that has none of its own. */
    storeId: uuid().references(() => stores.id),
    trigger: oneOf(triggers).notNull(),
    /** Empty only of a promise, which names its own hour. */
    windowValue: integer(),
    windowUnit: oneOf(windowUnits),
    /** How long a phone rings and is silent, where the window is counted in rings. */
    ringSeconds: integer(),
    calendar: oneOf(clockCalendars).notNull(),
    calendarId: uuid().references(() => calendars.id),
    /** A calendar of its own by a country: its working days around the clock, on the clocks of `zone`. */
    country: text(),
    zone: text(),
    /** What comes at a weekend is due on Monday at this time of `zone`. */
    weekendDueAt: text(),
    stopsOn: text({ enum: stopOccasions as unknown as [StopOccasion] })
      .array()
      .notNull(),
    pausesOn: text({ enum: pauseReasons as unknown as [PauseReason] })
      .array()
      .notNull(),
    /** The longest that all pauses of one clock may be together. */
    pauseCapHours: integer(),
    /** Fractions of the window at which those concerned are warned, in order. */
    warnAt: doublePrecision().array().notNull(),
    escalations: jsonb().$type<Escalation[]>().notNull(),
    onExpiry: oneOf(expiries).notNull(),
    target: jsonb().$type<Target>(),
    severity: smallint().notNull(),
    /** Where the number comes from, and when somebody last looked. */
    source: text().notNull(),
    sourceUrl: text(),
    verifiedAt: date({ mode: 'string' }).notNull(),
    effectiveFrom: instant().notNull(),
    effectiveTo: instant(),
    createdAt: createdAt(),
  },
  t => [
    unique('clock_policies_once').on(t.code, t.version),
    index('clock_policies_of_channel').on(t.channel),
    uniqueIndex('clock_policies_of_store')
      .on(t.storeId, t.channel, t.kind, t.sites)
      .where(sql`effective_to is null`),
    uniqueIndex('clock_policies_of_company')
      .on(t.channel, t.kind, t.sites)
      .where(sql`effective_to is null and store_id is null`),
  ],
)

/** Text whose order is that of its bytes, in every house alike. */
const byteOrdered = customType<{ data: string }>({ dataType: () => 'text collate "C"' })

const byHours = sql`stopped_at is null and breached_at is null`

export const clocks = pgTable(
  'clocks',
  {
    id: id(),
    subjectId: uuid().notNull(),
    storeId: uuid().notNull(),
    kind: oneOf(clockKinds).notNull(),
    /** None where somebody promised something and no policy speaks of promises. */
    policyId: uuid().references(() => clockPolicies.id),
    startedAt: instant().notNull(),
    /** Milliseconds of its calendar that it may take, pauses apart. */
    windowMs: bigint({ mode: 'number' }).notNull(),
    /** By which hours it counts, and in which version of them. */
    calendarKey: byteOrdered().notNull(),
    followsStore: boolean().notNull(),
    /** `never` while a pause keeps it from being known. */
    dueAt: instant().notNull(),
    /** When it warns, escalates and is due, in the order of its policy's steps. */
    moments: instant().array().notNull(),
    /** How many of its moments have been told. */
    told: smallint().notNull().default(0),
    /** The first of its moments that has not been told. */
    nextAt: instant(),
    pausedAt: instant(),
    pauseReason: oneOf(pauseReasons),
    hasPaused: boolean().notNull().default(false),
    breachedAt: instant(),
    stoppedAt: instant(),
    stopReason: text(),
    /** What it took by its calendar less pauses, and what the customer felt. */
    ownMs: bigint({ mode: 'number' }),
    feltMs: bigint({ mode: 'number' }),
    /** What was promised, and by whom. */
    promise: text(),
    promisedBy: uuid(),
  },
  t => [
    uniqueIndex('clocks_running_once')
      .on(t.subjectId, t.kind)
      .where(sql`stopped_at is null and kind <> 'promise'`),
    index('clocks_of_subject').on(t.subjectId),
    index('clocks_by_start').using('brin', t.startedAt),
    index('clocks_due').on(t.nextAt).where(sql`stopped_at is null and next_at is not null`),
    // Disjoint, so that a clock is entered in one of them at most.
    index('clocks_by_store_hours').on(t.storeId, t.calendarKey).where(sql`${byHours} and follows_store`),
    index('clocks_by_own_hours')
      .on(t.calendarKey)
      .where(sql`${byHours} and not follows_store and calendar_key <> 'always'`),
  ],
)

/** Why a clock stood still, and from when to when: what is due is always reckoned from this again. */
export const clockPauses = pgTable(
  'clock_pauses',
  {
    id: id(),
    clockId: uuid()
      .notNull()
      .references(() => clocks.id),
    reason: oneOf(pauseReasons).notNull(),
    beganAt: instant().notNull(),
    endedAt: instant(),
    byId: uuid(),
  },
  t => [
    index('clock_pauses_of_clock').on(t.clockId, t.beganAt),
    uniqueIndex('clock_pauses_one_open').on(t.clockId).where(sql`ended_at is null`),
  ],
)

/** Which escalations were carried out, so that one told twice is done once. */
export const clockEscalations = pgTable(
  'clock_escalations',
  {
    clockId: uuid()
      .notNull()
      .references(() => clocks.id),
    step: smallint().notNull(),
    at: instant().notNull(),
  },
  t => [primaryKey({ columns: [t.clockId, t.step] })],
)
