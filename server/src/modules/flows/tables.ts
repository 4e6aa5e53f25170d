import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import type { ActionCall } from '../../platform/actions.ts'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { barredReasons, type Terms } from './terms.ts'

export const flowStates = ['off', 'on', 'suspended'] as const
export const suspensions = [
  'over_run_budget',
  'over_send_budget',
  'over_record_budget',
  'not_understood',
  'too_slow',
] as const

/** A rule of the house: what starts it, for which records, what it does. People work on its draft. */
export const flows = pgTable(
  'flows',
  {
    id: id(),
    name: text().notNull(),
    record: text().notNull(),
    /** Those above come first. */
    position: integer().notNull(),
    state: oneOf(flowStates).notNull().default('off'),
    suspendedWhy: oneOf(suspensions),
    suspendedAt: instant(),
    draft: jsonb().notNull(),
    publishedId: uuid(),
    /** Of one that a new house starts with. */
    seed: text().unique(),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
    deletedAt: instant(),
    /** By its schedule; how far it has come through the records of the present time. */
    nextAt: instant(),
    walkAt: instant(),
    walkedTo: uuid(),
  },
  t => [index('flows_due').on(t.nextAt).where(sql`state = 'on' and next_at is not null`)],
)

/** What a flow was when it was published; nothing changes it, and a run keeps to the one it began with. */
export const flowVersions = pgTable(
  'flow_versions',
  {
    id: id(),
    flowId: uuid()
      .notNull()
      .references(() => flows.id),
    number: integer().notNull(),
    name: text().notNull(),
    terms: jsonb().$type<Terms>().notNull(),
    /** The stores that whoever published it could see; null is all of them. */
    storeIds: uuid().array(),
    publishedBy: uuid().notNull(),
    publishedAt: instant().notNull(),
  },
  t => [unique('flow_versions_once').on(t.flowId, t.number)],
)

export const runStates = ['due', 'waiting', 'done', 'stopped', 'barred', 'failed'] as const
export const endings = [
  'stop_step',
  'no_longer',
  'refused',
  'flow_off',
  'record_gone',
  ...barredReasons,
  'not_understood',
  'error',
] as const

/** One flow at work on one record for one occasion, named by `enrolment`, so that it comes once. */
export const flowRuns = pgTable(
  'flow_runs',
  {
    id: id(),
    flowId: uuid()
      .notNull()
      .references(() => flows.id),
    versionId: uuid()
      .notNull()
      .references(() => flowVersions.id),
    recordId: uuid().notNull(),
    enrolment: text().notNull().unique(),
    /** What started it; none where the clock did. */
    eventId: bigint({ mode: 'number' }),
    depth: integer().notNull().default(0),
    /** Why it must do nothing, should its condition hold. */
    barred: oneOf(barredReasons),
    state: oneOf(runStates).notNull().default('due'),
    ending: oneOf(endings),
    /** What it failed of, for a person to read. */
    reason: text(),
    /** The step it does next. */
    place: text(),
    wakeAt: instant(),
    /** A trigger that ends its wait before the time. */
    wakesOn: text(),
    attempts: integer().notNull().default(0),
    /** Whether it has changed anything yet. */
    hasActed: boolean().notNull().default(false),
    enrolledAt: instant().notNull(),
    startedAt: instant(),
    endedAt: instant(),
  },
  t => [
    index('flow_runs_due').on(t.wakeAt, t.id).where(sql`wake_at is not null`),
    index('flow_runs_of_record').on(t.recordId, t.id),
    index('flow_runs_of_flow').on(t.flowId, t.id),
    index('flow_runs_acted').on(t.flowId, t.recordId, t.startedAt).where(sql`has_acted`),
    index('flow_runs_started').on(t.flowId, t.startedAt),
    index('flow_runs_waiting_for').on(t.recordId, t.wakesOn).where(sql`wakes_on is not null`),
  ],
)

export const outcomes = ['done', 'nothing', 'refused', 'waits', 'yes', 'no', 'stopped', 'barred'] as const

/** The journal: what a run did at each place it came to. */
export const flowSteps = pgTable(
  'flow_steps',
  {
    runId: uuid()
      .notNull()
      .references(() => flowRuns.id),
    place: text().notNull(),
    n: integer().notNull(),
    outcome: oneOf(outcomes).notNull(),
    /** Of a refusal. */
    code: text(),
    words: text(),
    /** What would bring the record back; null where nothing can. */
    undo: jsonb().$type<readonly ActionCall[]>(),
    at: instant().notNull(),
  },
  t => [primaryKey({ columns: [t.runId, t.place] })],
)

/** What a flow has spent of its hourly budgets. */
export const flowSpending = pgTable(
  'flow_spending',
  {
    flowId: uuid()
      .notNull()
      .references(() => flows.id),
    hour: instant().notNull(),
    runs: integer().notNull().default(0),
    sends: integer().notNull().default(0),
  },
  t => [primaryKey({ columns: [t.flowId, t.hour] })],
)
