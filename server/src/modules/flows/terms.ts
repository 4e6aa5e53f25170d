import { z } from 'zod'
import { ActionCall, checkCall } from '../../platform/actions.ts'
import type { Ctx } from '../../platform/context.ts'
import { found, invalid } from '../../platform/errors.ts'
import { type Condition, checkCondition } from '../../platform/filters/conditions.ts'
import { readerWords } from '../../platform/filters/operators.ts'
import { findTrigger } from '../../platform/triggers.ts'
import { isZone } from '../settings/business-time.ts'
import { limits } from './limits.ts'
import { allSteps } from './places.ts'

export const waitUnits = ['minutes', 'hours', 'days', 'business_hours'] as const
export const barredReasons = [
  'own_doing',
  'too_deep',
  'over_record_budget',
  'over_run_budget',
  'over_send_budget',
] as const

export type Wait = {
  do: 'wait'
  n: number
  unit: (typeof waitUnits)[number]
  /** A trigger of the record that ends the wait before its time. */
  orUntil: string | null
  /** Afterwards the flow goes on only where its condition still holds. */
  onlyIfStill: boolean
}
export type Act = { do: 'act'; action: ActionCall; ifRefused: 'go_on' | 'stop' }
export type Branch = { do: 'branch'; if: Condition; yes: Step[]; no: Step[] }
export type Step = Act | Wait | Branch | { do: 'stop' }

export type Terms = {
  trigger: { code: string; params: Record<string, unknown> }
  condition: Condition
  steps: Step[]
  /** Flows that stand below it do not run for the same event. */
  stopsOthers: boolean
  limits: { perHour: number; sendsPerHour: number; perRecordHour: number }
}

const Ask = z.unknown().transform(input => input as Condition)
const Steps: z.ZodType<Step[]> = z.lazy(() => z.array(StepShape).max(limits.steps))
const StepShape = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('act'),
    action: ActionCall,
    ifRefused: z.enum(['go_on', 'stop']).default('go_on'),
  }),
  z.strictObject({
    do: z.literal('wait'),
    n: z.number().int().min(1),
    unit: z.enum(waitUnits),
    orUntil: z.string().max(60).nullable().default(null),
    onlyIfStill: z.boolean().default(false),
  }),
  z.strictObject({ do: z.literal('branch'), if: Ask, yes: Steps, no: Steps.default([]) }),
  z.strictObject({ do: z.literal('stop') }),
])

const count = ({ usual, farthest }: { usual: number; farthest: number }) =>
  z.number().int().min(1).max(farthest).default(usual)
const TermsShape = z.strictObject({
  trigger: z.strictObject({
    code: z.string().max(60),
    params: z.record(z.string(), z.unknown()).default({}),
  }),
  condition: Ask.default({ all: [] }),
  steps: Steps,
  stopsOthers: z.boolean().default(false),
  limits: z
    .strictObject({
      perHour: count(limits.perHour),
      sendsPerHour: count(limits.sendsPerHour),
      perRecordHour: count(limits.perRecordHour),
    })
    .prefault({}),
})

/** `zone` null is the company's. */
export const ScheduleParams = z.strictObject({
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  zone: z.string().max(60).refine(isZone).nullable().default(null),
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
})
export const ElapsedParams = z.strictObject({
  field: z.string().max(60),
  hours: z
    .number()
    .int()
    .min(1)
    .max(limits.longestWaitDays * 24),
})

/** What only the clock starts: these two are the flows' own, for every kind of record. */
export const clockTriggers = { schedule: ScheduleParams, elapsed: ElapsedParams } as const
export const isClockTrigger = (code: string): code is keyof typeof clockTriggers =>
  Object.hasOwn(clockTriggers, code)

/**
 * Refuses, with the path to it, what is no flow: shapes first, then what it waits for, asks and does. The actor must
 * be allowed to do each of its actions himself.
 */
export function checkTerms(ctx: Ctx, record: string, input: unknown): Terms {
  const kind = ctx.records.get(record)
  if (!kind?.rows) throw invalid('unknown_record', 'Flows know no such record.', { path: 'record' })
  refuseDepth(input)
  const { data, error } = TermsShape.safeParse(input)
  if (!data) throw malformed(error.issues, '')
  const terms: Terms = {
    ...data,
    trigger: checkTrigger(ctx, record, data.trigger),
    condition: checkAsked(ctx, record, data.condition, 'condition'),
  }
  let steps = 0
  for (const [place, step] of allSteps(terms.steps)) {
    if (++steps > limits.steps)
      throw invalid('too_many_steps', 'A flow has 50 steps at most.', { path: place })
    if (step.do === 'act') checkCall(ctx, record, step.action, `${place}.action`)
    if (step.do === 'branch') step.if = checkAsked(ctx, record, step.if, `${place}.if`)
    if (step.do === 'wait') checkWait(ctx, record, step, place)
  }
  return terms
}

/** As `checkTerms`, of what is put away to be gone on with: it need not be whole. */
export function readDraft(input: unknown): unknown {
  if (JSON.stringify(input).length > 100_000) throw invalid('flow_too_long', 'This flow is too long.')
  return input
}

function checkTrigger(ctx: Ctx, record: string, { code, params }: Terms['trigger']): Terms['trigger'] {
  const shape = isClockTrigger(code) ? clockTriggers[code] : findTrigger(ctx.triggers, record, code)?.params
  if (!shape) throw invalid('unknown_trigger', 'There is no such trigger.', { path: 'trigger.code' })
  const read = (shape as z.ZodObject).strict().safeParse(params)
  if (!read.success) throw malformed(read.error.issues, 'trigger.params.')
  if (code === 'elapsed') {
    const field = ctx.records.get(record)!.fields.find(field => field.code === read.data.field)
    if (field?.type !== 'instant')
      throw invalid('unknown_field', 'There is no such moment.', { path: 'trigger.params.field' })
  }
  return { code, params: read.data }
}

function checkAsked(ctx: Ctx, record: string, input: unknown, path: string): Condition {
  let condition: Condition
  try {
    condition = checkCondition(found(ctx.records.get(record), 'record'), ctx.actor, input)
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: { path: string } }
    throw invalid(code, message, { path: details.path.replace(/^condition/, path) })
  }
  const text = JSON.stringify(condition)
  if (readerWords.some(word => text.includes(`"${word}"`)))
    throw invalid('nobody_reads', 'A flow has no “me”; name a colleague or team.', { path })
  return condition
}

function checkWait(ctx: Ctx, record: string, { n, unit, orUntil }: Wait, path: string) {
  const days = { minutes: n / 1_440, hours: n / 24, days: n, business_hours: n / 24 }[unit]
  if (days > limits.longestWaitDays)
    throw invalid('wait_too_long', 'A flow waits 90 days at most.', { path: `${path}.n` })
  if (orUntil !== null && !findTrigger(ctx.triggers, record, orUntil))
    throw invalid('unknown_trigger', 'There is no such trigger.', { path: `${path}.orUntil` })
}

/** Before anything follows it down: a level of branches is two of JSON. */
function refuseDepth(input: unknown) {
  const branches = (node: unknown, depth: number): void => {
    if (depth > limits.branchesDeep)
      throw invalid('branches_too_deep', 'Branches stand five deep at most.', { path: 'steps' })
    if (!Array.isArray(node)) return
    for (const step of node) {
      const { yes, no } = (step ?? {}) as { yes?: unknown; no?: unknown }
      if (yes !== undefined) branches(yes, depth + 1)
      if (no !== undefined) branches(no, depth + 1)
    }
  }
  branches((input as { steps?: unknown } | null)?.steps, 0)
}

const malformed = (issues: readonly z.core.$ZodIssue[], at: string) => {
  const issue = issues[0]!
  return invalid('malformed_flow', issue.message, { path: `${at}${issue.path.join('.')}` })
}
