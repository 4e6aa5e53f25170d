import { z } from 'zod'
import { WireCondition } from '../../platform/filters/conditions.ts'
import { endings, flowStates, outcomes, runStates, suspensions } from './tables.ts'

/** Checked by `checkTerms`, which says where something is wrong. */
export const WireSteps = z.array(z.unknown()).meta({
  id: 'FlowSteps',
  description:
    'Each `{do: "act", action: {code, params}, ifRefused}`, `{do: "wait", n, unit, orUntil, onlyIfStill}`, `{do: "branch", if: Condition, yes: [], no: []}` or `{do: "stop"}`; 50 at most, branches five deep.',
})

/** What a flow is made of. Of what is left out the usual is taken when it is published. */
export const WireTerms = z
  .looseObject({
    trigger: z.object({ code: z.string(), params: z.record(z.string(), z.unknown()).optional() }).optional(),
    condition: WireCondition.optional(),
    steps: WireSteps.optional(),
    stopsOthers: z.boolean().optional(),
    limits: z
      .object({
        perHour: z.number().optional(),
        sendsPerHour: z.number().optional(),
        perRecordHour: z.number().optional(),
      })
      .optional(),
  })
  .meta({ id: 'FlowTerms' })

export const FlowVersion = z
  .object({
    id: z.uuid(),
    number: z.number().int(),
    name: z.string(),
    terms: WireTerms,
    publishedBy: z.object({ id: z.uuid(), name: z.string() }),
    publishedAt: z.date(),
  })
  .meta({ id: 'FlowVersion' })

export const Flow = z
  .object({
    id: z.uuid(),
    name: z.string(),
    record: z.string(),
    position: z.number().int(),
    state: z.enum(flowStates),
    suspendedWhy: z.enum(suspensions).nullable(),
    suspendedAt: z.date().nullable(),
    draft: WireTerms,
    /** What is at work, and what a newer draft would take the place of. */
    published: FlowVersion.nullable(),
    isChanged: z.boolean(),
    nextAt: z.date().nullable(),
    version: z.number().int(),
    /** Of the last 24 hours, `waiting` of now. */
    counts: z.object({
      runs: z.number().int(),
      refused: z.number().int(),
      failed: z.number().int(),
      waiting: z.number().int(),
    }),
    lastRunAt: z.date().nullable(),
    /** Whoever published it is gone, or may not do himself any more what it does. */
    warnings: z.array(z.enum(['publisher_gone', 'publisher_lacks'])),
  })
  .meta({ id: 'Flow' })
export type Flow = z.output<typeof Flow>

export const Flows = z.object({ items: z.array(Flow) })
export const FlowVersions = z.object({ items: z.array(FlowVersion) })

const name = z.string().trim().min(1).max(120)
export const NewFlow = z.object({
  name,
  record: z.string().max(60).default('conversation'),
  draft: WireTerms.default({}),
})
export type NewFlow = z.output<typeof NewFlow>
export const FlowChange = z.object({
  name: name.optional(),
  draft: WireTerms.optional(),
  expectedVersion: z.number().int().optional(),
})
export type FlowChange = z.output<typeof FlowChange>

export const NewFlowState = z.object({ state: z.enum(['on', 'off']) })
export const FlowOrder = z.object({ ids: z.array(z.uuid()).max(500) })

const Step = z.object({
  place: z.string(),
  outcome: z.enum(outcomes),
  /** What the step is, as it stood in the version that ran. */
  step: z.unknown(),
  code: z.string().nullable(),
  words: z.string().nullable(),
  at: z.date(),
})
export const FlowRun = z
  .object({
    id: z.uuid(),
    flow: z.object({ id: z.uuid(), name: z.string(), version: z.number().int() }),
    recordId: z.uuid(),
    recordName: z.string().nullable(),
    state: z.enum(runStates),
    ending: z.enum(endings).nullable(),
    reason: z.string().nullable(),
    wakeAt: z.date().nullable(),
    startedAt: z.date().nullable(),
    endedAt: z.date().nullable(),
    steps: z.array(Step),
  })
  .meta({ id: 'FlowRun' })
export type FlowRun = z.output<typeof FlowRun>

export const DryRunRequest = z.object({
  record: z.string().max(60).default('conversation'),
  draft: WireTerms,
  /** The newest events of its trigger to try it on. */
  events: z.number().int().min(1).max(1_000).default(200),
  /** One record instead, whatever has happened to it. */
  recordId: z.uuid().optional(),
})
export type DryRunRequest = z.output<typeof DryRunRequest>

export const DryRun = z
  .object({
    /** How many events were looked at, of how many records; `isCut` where the time was over before the end. */
    events: z.number().int(),
    records: z.number().int(),
    matched: z.number().int(),
    isCut: z.boolean(),
    /** Conditions are asked of the records as they are now, not as they were at the event. */
    asOf: z.literal('now'),
    samples: z.array(
      z.object({
        recordId: z.uuid(),
        name: z.string().nullable(),
        at: z.date().nullable(),
        matches: z.boolean(),
        steps: z.array(
          z.object({
            place: z.string(),
            outcome: z.enum(outcomes),
            step: z.unknown(),
            code: z.string().nullable(),
            words: z.string().nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'FlowDryRun' })
export type DryRun = z.output<typeof DryRun>
