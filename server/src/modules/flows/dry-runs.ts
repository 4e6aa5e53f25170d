import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { notFound } from '../../platform/errors.ts'
import { events } from '../../platform/events.ts'
import { findTrigger } from '../../platform/triggers.ts'
import { inPretence } from '../../platform/work.ts'
import { holdsSql, isInSight, lockRecord, namesOf, type Reach, rowsOf, whichHold } from './asking.ts'
import { limits } from './limits.ts'
import { firstPlace, placeAfter, stepAt } from './places.ts'
import { actorOf } from './running.ts'
import type { DryRun, DryRunRequest } from './schemas.ts'
import { type Journalled, walk } from './stretch.ts'
import { checkTerms, isClockTrigger, type Terms } from './terms.ts'

/** Events are not kept by their names; a look goes through so many of them at most. */
const farthestBack = 200_000

type Occasion = { recordId: string; at: Date | null }

/**
 * What a draft would have done on the newest events of its trigger, or would do to one record: everything is done as
 * in earnest and taken back, so nobody hears of it and nothing is sent. What comes after a wait is shown as though the
 * time had passed and nothing else had happened.
 */
export async function dryRun(
  ctx: Ctx,
  { record, draft, events: n, recordId }: DryRunRequest,
): Promise<DryRun> {
  const terms = checkTerms(ctx, record, draft)
  const reach: Reach = { record, storeIds: ctx.actor.storeIds === 'all' ? null : ctx.actor.storeIds }
  const until = performance.now() + limits.dryRun.milliseconds
  const occasions = recordId
    ? [await oneRecord(ctx, record, recordId)]
    : await pastOccasions(ctx, reach, terms, n)
  const ids = await inSight(ctx, record, [...new Set(occasions.map(({ recordId }) => recordId))])
  const holding = (await whichHold(ctx, reach, terms.condition, ids)) ?? new Set()
  const matching = occasions.filter(({ recordId }) => holding.has(recordId))
  const shown = recordId ? occasions : matching.slice(0, limits.dryRun.shown)
  const samples: DryRun['samples'] = []
  for (const { recordId, at } of shown) {
    if (performance.now() > until) break
    const matches = holding.has(recordId)
    const steps = matches ? await pretend(ctx, reach, terms, recordId) : []
    samples.push({ recordId, at, matches, steps, name: null })
  }
  const names = await namesOf(
    ctx,
    record,
    samples.map(({ recordId }) => recordId),
  )
  return {
    events: occasions.length,
    records: ids.length,
    matched: matching.length,
    isCut: samples.length < shown.length,
    asOf: 'now',
    samples: samples.map(sample => ({ ...sample, name: names.get(sample.recordId) ?? null })),
  }
}

async function oneRecord(ctx: Ctx, record: string, recordId: string): Promise<Occasion> {
  const { table, id } = rowsOf(ctx, record)
  const [row] = await ctx.db
    .select({ id: sql<string>`${id}` })
    .from(table)
    .where(and(eq(id, recordId), isInSight(ctx, record, id)))
  if (!row) throw notFound(record)
  return { recordId, at: null }
}

/** Of a trigger of the clock there are no events; what its condition holds for now takes their place. */
async function pastOccasions(
  ctx: Ctx,
  reach: Reach,
  { trigger, condition }: Terms,
  n: number,
): Promise<Occasion[]> {
  const { table, id } = rowsOf(ctx, reach.record)
  if (isClockTrigger(trigger.code)) {
    const rows = await ctx.db
      .select({ recordId: sql<string>`${id}` })
      .from(table)
      .where((await holdsSql(ctx, reach, condition)) ?? sql`false`)
      .orderBy(desc(id))
      .limit(n)
    return rows.map(({ recordId }) => ({ recordId, at: null }))
  }
  const { event, fits, recordOf } = findTrigger(ctx.triggers, reach.record, trigger.code)!
  const rows = await ctx.db
    .select({ at: events.at, payload: events.payload })
    .from(events)
    .where(
      and(eq(events.name, event.name), sql`${events.id} > (select max(id) from events) - ${farthestBack}`),
    )
    .orderBy(desc(events.id))
    .limit(limits.dryRun.events)
  return rows
    .filter(({ payload }) => fits?.(payload, trigger.params) ?? true)
    .slice(0, n)
    .map(({ at, payload }) => ({ at, recordId: recordOf(payload) }))
}

function pretend(
  ctx: Ctx,
  reach: Reach,
  { steps }: Terms,
  recordId: string,
): Promise<DryRun['samples'][number]['steps']> {
  return inPretence({ ...ctx, actor: actorOf({ id: ctx.actor.id!, name: ctx.actor.name }) }, async inside => {
    const record = await lockRecord(inside, reach.record, recordId)
    if (!record) return []
    const journal: Journalled[] = []
    let place = firstPlace(steps)
    while (place) {
      const arrival = await walk(inside, place, {
        ...{ record: reach.record, recordId, storeId: record.storeId, key: `dry ${recordId}`, steps },
        holds: async condition =>
          (await whichHold(inside, reach, condition, [recordId]))?.has(recordId) ?? null,
        maySend: async () => true,
        note: step => void journal.push(step),
      })
      place = arrival.state === 'waiting' ? placeAfter(steps, arrival.place) : null
    }
    return journal.map(({ place, outcome, code = null, words = null }) => ({
      ...{ place, outcome, code, words },
      step: stepAt(steps, place),
    }))
  })
}

/** Those of the records that whoever tries the draft may see. */
async function inSight(ctx: Ctx, record: string, ids: readonly string[]): Promise<string[]> {
  const { table, id } = rowsOf(ctx, record)
  const rows = await ctx.db
    .select({ id: sql<string>`${id}` })
    .from(table)
    .where(and(inArray(id, [...ids]), isInSight(ctx, record, id)))
  return rows.map(row => row.id)
}
