import { createHash } from 'node:crypto'
import { findAction, perform } from '../../platform/actions.ts'
import type { Ctx } from '../../platform/context.ts'
import { Refusal } from '../../platform/errors.ts'
import type { Condition } from '../../platform/filters/conditions.ts'
import { wholly } from '../../platform/work.ts'
import { addBusinessTime } from '../settings/business-time.ts'
import { storeCalendars } from '../settings/calendars.ts'
import { type Place, placeAfter, placeInto, stepAt } from './places.ts'
import type { endings, flowSteps } from './tables.ts'
import type { Act, Step, Wait } from './terms.ts'

const minute = 60_000

type Ending = (typeof endings)[number]
export type Journalled = Pick<typeof flowSteps.$inferInsert, 'place' | 'outcome' | 'code' | 'words' | 'undo'>

/** What a stretch is walked with; a dry run brings its own. */
export type Walk = {
  record: string
  recordId: string
  storeId: string
  /** Names the run, so that what it says is said once. */
  key: string
  steps: readonly Step[]
  holds: (condition: Condition) => Promise<boolean | null>
  maySend: () => Promise<boolean>
  note: (step: Journalled) => void
}

export type Arrival =
  | { state: 'waiting'; place: Place; wakeAt: Date; wakesOn: string | null }
  | { state: 'done' }
  | { state: 'stopped'; ending: Ending }
  | { state: 'barred'; ending: 'over_send_budget' | 'not_understood' }

/** Goes from one step to the next until one waits or nothing is left. */
export async function walk(ctx: Ctx, from: Place | null, run: Walk): Promise<Arrival> {
  let place = from
  while (place) {
    const step = stepAt(run.steps, place)!
    if (step.do === 'stop') {
      run.note({ place, outcome: 'stopped' })
      return { state: 'stopped', ending: 'stop_step' }
    }
    if (step.do === 'wait') {
      run.note({ place, outcome: 'waits' })
      return { state: 'waiting', place, wakesOn: step.orUntil, wakeAt: await endOf(ctx, step, run.storeId) }
    }
    if (step.do === 'branch') {
      const holds = await run.holds(step.if)
      if (holds === null) return { state: 'barred', ending: 'not_understood' }
      const way = holds ? 'yes' : 'no'
      run.note({ place, outcome: way })
      place = placeInto(run.steps, place, way)
      continue
    }
    const did = await act(ctx, step, place, run)
    run.note(did)
    if (did.outcome === 'barred') return { state: 'barred', ending: 'over_send_budget' }
    if (did.outcome === 'refused' && step.ifRefused === 'stop') return { state: 'stopped', ending: 'refused' }
    place = placeAfter(run.steps, place)
  }
  return { state: 'done' }
}

async function act(ctx: Ctx, { action }: Act, place: Place, run: Walk): Promise<Journalled> {
  if (findAction(ctx, run.record, action.code)?.sends && !(await run.maySend()))
    return { place, outcome: 'barred', code: 'over_send_budget' }
  try {
    const { changed, undo } = await wholly(ctx, inside =>
      perform(inside, run.record, run.recordId, action, { once: uuidOf(`${run.key} ${place}`) }),
    )
    return { place, outcome: changed ? 'done' : 'nothing', undo }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { place, outcome: 'refused', code: error.code, words: error.message }
  }
}

/** Days are 24 hours. Business hours are those of the record's store; where it never opens again, plain ones. */
async function endOf(ctx: Ctx, { n, unit }: Wait, storeId: string): Promise<Date> {
  const ms =
    n * { minutes: minute, hours: 60 * minute, days: 1_440 * minute, business_hours: 60 * minute }[unit]
  const plain = new Date(ctx.now.getTime() + ms)
  if (unit !== 'business_hours') return plain
  const calendar = (await storeCalendars(ctx, [storeId])).get(storeId) ?? 'always'
  return addBusinessTime(calendar, ctx.now, ms) ?? plain
}

/** The same text is the same id (RFC 9562, version 8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  const variant = (0x8 | (Number.parseInt(hex[16]!, 16) & 0x3)).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
