import { z } from 'zod'
import { WireCondition } from '../../platform/filters/conditions.ts'
import { masked, Page, pageOf } from '../../platform/route.ts'
import { availabilities } from '../staff/tables.ts'
import { cuts } from './metrics/metric.ts'

const Day = z.iso
  .date()
  .refine(day => day >= '2000-01-01' && day < '2100-01-01', { message: 'A day of this century.' })
export const CutName = z.enum(cuts)
const Named = z.object({ id: z.uuid(), name: z.string() })

export const Target = z.object({ op: z.enum(['<=', '>=']), value: z.number() }).meta({ id: 'MetricTarget' })

export const MetricOut = z
  .object({
    code: z.string(),
    name: z.string(),
    /** What numerator and denominator count, and what is left out. */
    meaning: z.string(),
    unit: z.enum(['seconds', 'share', 'count']),
    shows: z.enum(['median', 'mean', 'share', 'count']),
    /** By whose midnight its days begin; cut by people it is always the company's. */
    days: z.enum(['store', 'company']),
    cuts: z.array(CutName),
    /** Looks at this moment, whatever the period. */
    isNow: z.boolean(),
    target: Target.nullable(),
  })
  .meta({ id: 'Metric' })

const question = {
  metric: z.string().max(60),
  /** Days, both counted in. */
  from: Day,
  to: Day,
  by: CutName.nullable().default(null),
  /** Of the conversations that count. */
  condition: WireCondition.optional(),
  savedViewId: z.uuid().optional(),
  /** Only the part that is still today, by each store's or the company's own clock; `from` and `to` say nothing then. */
  isToday: z.boolean().default(false),
}
export const Question = z.object(question)
export type Question = z.output<typeof Question>

/** `key` names a part of the cut: null for what has none. */
export const RowsQuestion = z.object({
  ...question,
  key: z.string().max(200).nullable().optional(),
  ...Page.shape,
})
export type RowsQuestion = z.output<typeof RowsQuestion>

const figure = {
  n: z.number().int(),
  numerator: z.number(),
  denominator: z.number(),
  /** What is told first: a median, a mean, a share or a count. Null where nothing counts. */
  value: z.number().nullable(),
  mean: z.number().nullable(),
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
  /** Of times: how many of those that have a target kept it. */
  withinTarget: z
    .object({ numerator: z.number().int(), denominator: z.number().int(), value: z.number() })
    .nullable(),
}
export const Figure = z.object(figure).meta({ id: 'Figure' })
export type Figure = z.output<typeof Figure>

export const Figures = z
  .object({
    metric: z.string(),
    by: CutName.nullable(),
    from: z.string(),
    to: z.string(),
    dayZone: z.object({ of: z.enum(['store', 'company']), zone: z.string().nullable() }),
    target: Target.nullable(),
    total: Figure,
    items: z.array(z.object({ key: z.string().nullable(), name: z.string().nullable(), ...figure })),
    isMore: z.boolean(),
  })
  .meta({ id: 'Figures' })

export const FigureRow = z
  .object({
    key: z.string(),
    at: z.date(),
    numerator: z.number(),
    denominator: z.number(),
    target: z.number().nullable(),
    staff: Named.nullable(),
    conversation: z
      .object({
        id: z.uuid(),
        number: z.number().int(),
        store: z.string(),
        channelKind: z.string(),
        language: z.string().nullable(),
        reason: z.string().nullable(),
        category: z.string(),
        customer: masked(z.string(), 'conversations:read', 'text').nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'FigureRow' })
export type FigureRow = z.output<typeof FigureRow>
export const FigureRows = pageOf(FigureRow)

const Customer = masked(z.string(), 'conversations:read', 'text').nullable()
const Line = z.object({ waiting: z.number().int(), since: z.date().nullable() })

export const Wall = z
  .object({
    at: z.date(),
    waiting: Line,
    byQueue: z.array(Line.extend({ key: z.uuid().nullable(), name: z.string().nullable() })),
    byChannel: z.array(Line.extend({ key: z.string() })),
    byLanguage: z.array(Line.extend({ key: z.string().nullable() })),
    /** Who has waited the longest, the first of them first. */
    longest: z.array(
      z.object({
        conversationId: z.uuid(),
        number: z.number().int(),
        customer: Customer,
        channelKind: z.string(),
        language: z.string().nullable(),
        queue: z.string().nullable(),
        since: z.date(),
      }),
    ),
    agents: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        state: z.enum(availabilities),
        reason: z.string().nullable(),
        since: z.date(),
        units: z.number(),
        capacity: z.number(),
        openChats: z.number().int(),
        chatLimit: z.number().int(),
        has: z.array(
          z.object({
            conversationId: z.uuid(),
            number: z.number().int(),
            customer: Customer,
            channelKind: z.string(),
            waitingSince: z.date().nullable(),
          }),
        ),
      }),
    ),
    clocks: z.object({
      withinMinutes: z.number().int(),
      atRisk: z.number().int(),
      breached: z.number().int(),
      nearest: z.array(
        z.object({
          conversationId: z.uuid(),
          number: z.number().int(),
          customer: Customer,
          kind: z.string(),
          startedAt: z.date(),
          dueAt: z.date(),
          breachedAt: z.date().nullable(),
          assignee: Named.nullable(),
        }),
      ),
    }),
    /** Of each store's own day so far. */
    today: z.object({
      contacts: z.number().int(),
      answered: z.number().int(),
      abandoned: z.number().int(),
      resolved: z.number().int(),
      serviceLevel: Figure,
      firstResponse: Figure,
    }),
  })
  .meta({ id: 'Wall' })
export type Wall = z.output<typeof Wall>
export const WallQuestion = z.object({ minutes: z.coerce.number().int().min(1).max(1_440).default(15) })

export const NewWhisper = z.object({ clientId: z.uuid(), text: z.string().trim().min(1).max(2_000) })
export type NewWhisper = z.output<typeof NewWhisper>

const Receiver = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('staff'), id: z.uuid() }),
  z.object({ kind: z.literal('team'), id: z.uuid() }),
  z.object({ kind: z.literal('queue'), id: z.uuid() }),
])
/** Named one by one, or all that a colleague holds or that waits in a queue: at most 200 at once. */
const Moved = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('conversations'), ids: z.array(z.uuid()).min(1).max(200) }),
  z.object({ kind: z.literal('staff'), id: z.uuid() }),
  z.object({ kind: z.literal('queue'), id: z.uuid() }),
])
export const NewMove = z.object({ what: Moved, to: Receiver, note: z.string().trim().min(1).max(500) })
export type NewMove = z.output<typeof NewMove>
export const MoveResult = z
  .object({
    moved: z.array(z.uuid()),
    left: z.array(z.object({ id: z.uuid(), code: z.string() })),
    /** Whether there was more than is moved at once. */
    isMore: z.boolean(),
  })
  .meta({ id: 'MoveResult' })

/** Nobody is put to work who may not be there. */
export const AwayState = z.object({
  state: z.enum(['away', 'offline']),
  reason: z.string().trim().max(60).optional(),
})
export type AwayState = z.output<typeof AwayState>

export const DayQuestion = z.object({ date: Day })
export const WorkDays = z
  .object({
    date: z.string(),
    zone: z.string(),
    from: z.date(),
    to: z.date(),
    items: z.array(
      z.object({
        staff: Named,
        spans: z.array(
          z.object({
            state: z.enum(availabilities),
            reason: z.string().nullable(),
            from: z.date(),
            to: z.date(),
          }),
        ),
        onlineSeconds: z.number().int(),
        awaySeconds: z.number().int(),
        answers: z.array(z.number().int()),
        response: Figure.nullable(),
        firstResponse: Figure.nullable(),
        resolution: Figure.nullable(),
        handling: Figure.nullable(),
        occupancy: Figure.nullable(),
        conversations: z.number().int(),
        reasons: z.array(
          z.object({ code: z.string().nullable(), name: z.string().nullable(), n: z.number().int() }),
        ),
      }),
    ),
  })
  .meta({ id: 'WorkDays' })
export type WorkDays = z.output<typeof WorkDays>

export const ExportMatter = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('figures'), question: Question }),
  z.object({
    kind: z.literal('rows'),
    question: z.object({ ...question, key: z.string().max(200).nullable().optional() }),
  }),
  z.object({ kind: z.literal('view'), savedViewId: z.uuid() }),
  z.object({ kind: z.literal('days'), date: Day }),
])
export type ExportMatter = z.output<typeof ExportMatter>
export const NewExport = z.object({ matter: ExportMatter, format: z.enum(['csv', 'xlsx']) })
export type NewExport = z.output<typeof NewExport>
export const DataExport = z
  .object({
    id: z.uuid(),
    kind: z.enum(['figures', 'rows', 'view', 'days']),
    format: z.enum(['csv', 'xlsx']),
    name: z.string(),
    state: z.enum(['waiting', 'working', 'done', 'failed', 'expired']),
    rowsDone: z.number().int(),
    isCut: z.boolean(),
    size: z.number().int().nullable(),
    reason: z.string().nullable(),
    createdAt: z.date(),
    finishedAt: z.date().nullable(),
    expiresAt: z.date().nullable(),
    url: z.string().nullable(),
  })
  .meta({ id: 'DataExport' })
