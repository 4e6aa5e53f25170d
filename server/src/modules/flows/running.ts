import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { type Actor, type Ctx, system } from '../../platform/context.ts'
import { insertRows } from '../../platform/insert-rows.ts'
import { lockRecord, type Reach, whichHold } from './asking.ts'
import { isOverForRecord, spend, suspend } from './budget.ts'
import { firstPlace, placeAfter, stepAt } from './places.ts'
import { type Arrival, type Journalled, walk } from './stretch.ts'
import { type endings, flowRuns, flowSteps, flows, flowVersions } from './tables.ts'

type Run = typeof flowRuns.$inferSelect
type Ending = (typeof endings)[number]
type Held = { run: Run; flow: typeof flows.$inferSelect; version: typeof flowVersions.$inferSelect }

/** A flow signs with its own id, so that everybody sees who it was and it knows again what it brought about. */
export const actorOf = (flow: { id: string; name: string }): Actor => ({
  ...system,
  id: flow.id,
  name: flow.name,
})

/** What is due, oldest first, with what its events will name as their cause; one run for each record. */
export async function findDue(ctx: Ctx, limit: number) {
  const rows = await ctx.db
    .select({
      id: flowRuns.id,
      recordId: flowRuns.recordId,
      eventId: flowRuns.eventId,
      depth: flowRuns.depth,
      flow: { id: flows.id, name: flows.name },
    })
    .from(flowRuns)
    .innerJoin(flows, eq(flows.id, flowRuns.flowId))
    .where(lte(flowRuns.wakeAt, ctx.now))
    .orderBy(asc(flowRuns.id))
    .limit(limit)
  return [...Map.groupBy(rows, row => row.recordId).values()].map(of => of[0]!)
}

/**
 * Brings one run as far as it comes: in one transaction with its journal, so that a kill between two steps leaves
 * either both or neither. Answers false where another worker is at the record, or was.
 */
export async function advance(ctx: Ctx, runId: string, recordId: string): Promise<boolean> {
  if (!(await isAlone(ctx, recordId))) return false
  const held = await holdFirst(ctx, recordId)
  if (held?.run.id !== runId) return false
  const { run, flow, version } = held
  const hasBegun = run.startedAt !== null
  if (flow.state !== 'on') return hasBegun ? end(ctx, run, 'stopped', 'flow_off') : forget(ctx, run)
  const record = await lockRecord(ctx, flow.record, recordId)
  if (!record) return hasBegun ? end(ctx, run, 'stopped', 'record_gone') : forget(ctx, run)

  const reach: Reach = { record: flow.record, storeIds: version.storeIds }
  const holds = async (condition: Parameters<typeof whichHold>[2]) =>
    (await whichHold(ctx, reach, condition, [recordId]))?.has(recordId) ?? null
  const { steps, condition } = version.terms
  const waited = run.place === null ? undefined : stepAt(steps, run.place)
  const isAsked = !hasBegun || (waited?.do === 'wait' && waited.onlyIfStill)
  const still = isAsked ? await holds(condition) : true
  if (still === null) return bar(ctx, held, 'not_understood')
  if (!still) return hasBegun ? end(ctx, run, 'stopped', 'no_longer') : forget(ctx, run)
  if (!hasBegun) {
    if (run.barred) return end(ctx, run, 'barred', run.barred)
    if (await isOverForRecord(ctx, version, recordId)) return bar(ctx, held, 'over_record_budget')
    if (!(await spend(ctx, version, 'runs'))) return bar(ctx, held, 'over_run_budget')
    if (version.terms.stopsOthers) await dropThoseBelow(ctx, held)
  }

  const journal: Journalled[] = []
  const arrival = await walk(ctx, hasBegun ? placeAfter(steps, run.place!) : firstPlace(steps), {
    ...{ record: flow.record, recordId, storeId: record.storeId, key: run.id, steps, holds },
    maySend: () => spend(ctx, version, 'sends'),
    note: step => void journal.push(step),
  })
  await writeDown(ctx, run, journal)
  await arrive(ctx, held, arrival, journal)
  return true
}

/** Workers may meet at a record; who comes second leaves it to the first. */
async function isAlone(ctx: Ctx, recordId: string) {
  const { rows } = await ctx.db.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${`flows ${recordId}`}, 0)) as mine`,
  )
  return rows[0]!.mine
}

async function holdFirst(ctx: Ctx, recordId: string): Promise<Held | undefined> {
  const [held] = await ctx.db
    .select({ run: flowRuns, flow: flows, version: flowVersions })
    .from(flowRuns)
    .innerJoin(flows, eq(flows.id, flowRuns.flowId))
    .innerJoin(flowVersions, eq(flowVersions.id, flowRuns.versionId))
    .where(and(eq(flowRuns.recordId, recordId), lte(flowRuns.wakeAt, ctx.now)))
    .orderBy(asc(flowRuns.id))
    .limit(1)
    .for('update', { of: flowRuns })
  return held
}

/** What the same event would have started after it. */
const dropThoseBelow = (ctx: Ctx, { run }: Held) =>
  ctx.db
    .delete(flowRuns)
    .where(
      and(
        eq(flowRuns.recordId, run.recordId),
        run.eventId === null ? sql`false` : eq(flowRuns.eventId, run.eventId),
        gt(flowRuns.id, run.id),
        isNull(flowRuns.startedAt),
      ),
    )

async function writeDown(ctx: Ctx, run: Run, journal: readonly Journalled[]) {
  const before = await ctx.db.$count(flowSteps, eq(flowSteps.runId, run.id))
  const rows = journal.map(({ place, outcome, code = null, words = null, undo = null }, n) => ({
    ...{ runId: run.id, place, outcome, code, words, undo, n: before + n, at: ctx.now },
  }))
  if (rows.length > 0) await insertRows(ctx.db, flowSteps, rows)
}

async function arrive(ctx: Ctx, held: Held, arrival: Arrival, journal: readonly Journalled[]) {
  const { run } = held
  const hasActed = run.hasActed || journal.some(({ outcome }) => outcome === 'done')
  const begun = { hasActed, attempts: 0, startedAt: run.startedAt ?? ctx.now }
  if (arrival.state === 'waiting') {
    const { place, wakeAt, wakesOn } = arrival
    await ctx.db
      .update(flowRuns)
      .set({ ...begun, state: 'waiting', place, wakeAt, wakesOn })
      .where(eq(flowRuns.id, run.id))
    return
  }
  await ctx.db.update(flowRuns).set(begun).where(eq(flowRuns.id, run.id))
  if (arrival.state === 'barred') await bar(ctx, held, arrival.ending)
  else await end(ctx, run, arrival.state, arrival.state === 'stopped' ? arrival.ending : null)
}

async function bar(
  ctx: Ctx,
  { run, flow }: Held,
  why: 'over_record_budget' | 'over_run_budget' | 'over_send_budget' | 'not_understood',
) {
  await suspend(ctx, flow.id, why)
  return end(ctx, run, 'barred', why)
}

async function end(ctx: Ctx, run: Run, state: 'done' | 'stopped' | 'barred', ending: Ending | null) {
  await ctx.db
    .update(flowRuns)
    .set({ state, ending, wakeAt: null, wakesOn: null, place: null, endedAt: ctx.now })
    .where(eq(flowRuns.id, run.id))
  return true
}

/** It was none of its business: most events are not. */
async function forget(ctx: Ctx, run: Run) {
  await ctx.db.delete(flowRuns).where(eq(flowRuns.id, run.id))
  return true
}
