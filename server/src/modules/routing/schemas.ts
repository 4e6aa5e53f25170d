import { z } from 'zod'
import { channelKinds } from '../channels/tables.ts'
import { outOfHoursPaths, strategies, weighedKinds } from './tables.ts'

const Ids = z.array(z.uuid()).max(200)
const Words = z.array(z.string().trim().min(1).max(60)).max(50)
const week = 7 * 86_400

export const reasons = [
  ...strategies,
  'last_agent',
  'nobody_free',
  'waits_for_last_agent',
  'closed',
  'held',
  'no_queue',
] as const

export const QueueWarning = z
  .object({
    code: z.enum(['no_members', 'nobody_with_skills', 'no_member_sees_store', 'unreachable', 'overlaps']),
    queueId: z.uuid().nullable(),
    queue: z.string().nullable(),
  })
  .meta({ id: 'QueueWarning' })

const Seconds = z.number().int().min(0).max(3_600)
const Settings = z.object({
  name: z.string().trim().min(1).max(80),
  channelKinds: z.array(z.enum(channelKinds)).max(20),
  storeIds: Ids,
  languages: z.array(z.string().regex(/^[a-z]{2,3}$/)).max(50),
  reasons: Words,
  customerTags: Words,
  vipTags: Words,
  teamIds: Ids,
  staffIds: Ids,
  skills: Words,
  strategy: z.enum(strategies),
  pushes: z.boolean(),
  stickyHours: z.number().int().min(1).max(8_760).nullable(),
  stickyWaitSeconds: Seconds,
  overflowSeconds: z.number().int().min(1).max(week).nullable(),
  overflowQueueId: z.uuid().nullable(),
  outOfHours: z.enum(outOfHoursPaths),
  outOfHoursQueueId: z.uuid().nullable(),
  wrapUpSeconds: Seconds,
})
const { shape } = Settings

export const NewQueue = z.object({
  name: shape.name,
  channelKinds: shape.channelKinds.default([]),
  storeIds: Ids.default([]),
  languages: shape.languages.default([]),
  reasons: Words.default([]),
  customerTags: Words.default([]),
  vipTags: Words.default([]),
  teamIds: Ids.default([]),
  staffIds: Ids.default([]),
  skills: Words.default([]),
  strategy: shape.strategy.default('least_loaded'),
  pushes: z.boolean().default(true),
  stickyHours: shape.stickyHours.default(null),
  stickyWaitSeconds: Seconds.default(0),
  overflowSeconds: shape.overflowSeconds.default(null),
  overflowQueueId: shape.overflowQueueId.default(null),
  outOfHours: shape.outOfHours.default('keep_waiting'),
  outOfHoursQueueId: shape.outOfHoursQueueId.default(null),
  wrapUpSeconds: Seconds.default(0),
})
export type NewQueue = z.output<typeof NewQueue>

export const QueueChange = Settings.partial().extend({ expectedVersion: z.number().int().optional() })
export type QueueChange = z.output<typeof QueueChange>

export const Queue = z
  .object({
    id: z.uuid(),
    code: z.string().nullable(),
    name: z.string(),
    position: z.number().int(),
    channelKinds: z.array(z.string()),
    storeIds: z.array(z.uuid()),
    languages: z.array(z.string()),
    reasons: z.array(z.string()),
    customerTags: z.array(z.string()),
    vipTags: z.array(z.string()),
    teamIds: z.array(z.uuid()),
    staffIds: z.array(z.uuid()),
    skills: z.array(z.string()),
    strategy: z.enum(strategies),
    pushes: z.boolean(),
    stickyHours: z.number().int().nullable(),
    stickyWaitSeconds: z.number().int(),
    overflowSeconds: z.number().int().nullable(),
    overflowQueueId: z.uuid().nullable(),
    outOfHours: z.enum(outOfHoursPaths),
    outOfHoursQueueId: z.uuid().nullable(),
    wrapUpSeconds: z.number().int(),
    version: z.number().int(),
    warnings: z.array(QueueWarning),
  })
  .meta({ id: 'Queue' })
export type Queue = z.output<typeof Queue>

export const QueueOrder = z.object({ ids: Ids })

export const ChannelWeight = z
  .object({
    channelKind: z.enum(weighedKinds),
    units: z.number().int(),
    source: z.string(),
    effectiveFrom: z.date(),
  })
  .meta({ id: 'ChannelWeight' })
export const WeightKind = z.object({ channelKind: z.enum(weighedKinds) })
export const NewWeight = z.object({
  units: z.number().int().min(0).max(1_000),
  source: z.string().trim().min(1).max(500),
})

export const WaitingChat = z
  .object({
    conversationId: z.uuid(),
    number: z.number().int(),
    storeId: z.uuid(),
    queueId: z.uuid().nullable(),
    language: z.string(),
    place: z.number().int(),
    waitingSince: z.date(),
    reason: z.enum(reasons),
  })
  .meta({ id: 'WaitingChat' })

const Moment = z.iso.datetime({ offset: true }).transform(text => new Date(text))

/** `queues` are those to play with, in order; without them it is the present ones. */
export const NewSimulation = z.object({
  from: Moment,
  to: Moment,
  queues: z
    .array(Settings.extend({ id: z.uuid() }))
    .max(100)
    .optional(),
  /** Who is taken to have been at work throughout where nothing was recorded of him. */
  assumedAgentIds: Ids.default([]),
  /** Who waits longer hangs up. */
  patienceSeconds: z.number().int().min(1).max(86_400).default(300),
  /** What one conversation may have cost at most: many stay open for days without any work on them. */
  handlingCapSeconds: z.number().int().min(10).max(86_400).default(1_800),
})
export type NewSimulation = z.output<typeof NewSimulation>

const WaitFigures = z.object({
  count: z.number().int(),
  p50Seconds: z.number(),
  p90Seconds: z.number(),
  maxSeconds: z.number(),
  abandonedShare: z.number(),
})
export const Simulation = z
  .object({
    arrivals: z.number().int(),
    simulated: WaitFigures,
    /** What happened on that day, of the same conversations. */
    real: WaitFigures,
    queues: z.array(z.object({ id: z.uuid().nullable(), name: z.string().nullable(), figures: WaitFigures })),
    agents: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        atWorkSeconds: z.number(),
        isAssumed: z.boolean(),
        taken: z.number().int(),
        takenReally: z.number().int(),
        /** Units of work held on average while at work, as a share of his capacity. */
        occupancy: z.number(),
      }),
    ),
  })
  .meta({ id: 'Simulation' })

const Member = z.object({
  id: z.uuid(),
  name: z.string(),
  state: z.enum(['online', 'busy', 'away', 'offline']),
  units: z.number(),
  capacity: z.number(),
  openChats: z.number(),
  chatLimit: z.number(),
  /** Nothing new comes to him until then. */
  wrapUpUntil: z.date().nullable(),
})
export const LiveQueue = z
  .object({
    id: z.uuid(),
    name: z.string(),
    pushes: z.boolean(),
    waiting: z.number().int(),
    longestWaitingSince: z.date().nullable(),
    online: z.number().int(),
    busy: z.number().int(),
    away: z.number().int(),
    members: z.array(Member),
  })
  .meta({ id: 'LiveQueue' })
