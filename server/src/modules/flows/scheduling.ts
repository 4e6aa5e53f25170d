import { and, asc, eq, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { isTimeout } from '../../platform/errors.ts'
import { wholly } from '../../platform/work.ts'
import { holdsSql, rowsOf } from './asking.ts'
import { suspend } from './budget.ts'
import type { LiveFlow } from './live.ts'
import { startingAt } from './publishing.ts'
import { flowRuns, flows, flowVersions } from './tables.ts'

const hour = 3_600_000
const minute = 60_000
const flowsAtOnce = 20
/** Each second so many records of each flow at most: a walk through all of them starves nobody. */
const pageSize = 200
const afterAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

type Clocked = { flow: typeof flows.$inferSelect; version: LiveFlow['version'] }
type Found = { id: string; moment: Date | null }

/** Takes each flow that the clock starts one page further through the records that it is for. */
export async function startByClock(ctx: Ctx) {
  const due: Clocked[] = await ctx.db
    .select({ flow: flows, version: flowVersions })
    .from(flows)
    .innerJoin(flowVersions, eq(flowVersions.id, flows.publishedId))
    .where(and(eq(flows.state, 'on'), isNotNull(flows.nextAt), lte(flows.nextAt, ctx.now)))
    .orderBy(asc(flows.nextAt), asc(flows.id))
    .limit(flowsAtOnce)
    .for('update', { of: flows, skipLocked: true })
  for (const clocked of due) {
    try {
      await wholly(ctx, inside => walkOn(inside, clocked))
    } catch (error) {
      if (!isTimeout(error)) throw error
      await suspend(ctx, clocked.flow.id, 'too_slow')
    }
  }
}

async function walkOn(ctx: Ctx, clocked: Clocked) {
  const { flow, version } = clocked
  await ctx.db.execute(sql`set local statement_timeout = '3s'`)
  const holds = await holdsSql(
    ctx,
    { record: flow.record, storeIds: version.storeIds },
    version.terms.condition,
  )
  if (!holds) return suspend(ctx, flow.id, 'not_understood')
  return version.terms.trigger.code === 'elapsed'
    ? walkElapsed(ctx, clocked, holds)
    : walkOccurrence(ctx, clocked, holds)
}

/** An occurrence slept through is made up for once, whatever came after it. */
async function walkOccurrence(ctx: Ctx, { flow, version }: Clocked, holds: SQL) {
  const at = flow.walkAt ?? flow.nextAt!
  const { table, id } = rowsOf(ctx, flow.record)
  const page: Found[] = await ctx.db
    .select({ id: sql<string>`${id}`, moment: sql<null>`null` })
    .from(table)
    .where(and(holds, flow.walkedTo ? sql`${id} > ${flow.walkedTo}` : undefined))
    .orderBy(asc(id))
    .limit(pageSize)
  await enrolAll(ctx, { flow, version }, page, () => `at:${at.toISOString()}`)
  const next =
    page.length < pageSize ? await startingAt(ctx, version.terms) : { walkAt: at, walkedTo: page.at(-1)!.id }
  await ctx.db.update(flows).set(next).where(eq(flows.id, flow.id))
}

/** `walkAt` is the moment up to which it has looked; whose hours were over by then were asked then. */
async function walkElapsed(ctx: Ctx, { flow, version }: Clocked, holds: SQL) {
  const { field, hours } = version.terms.trigger.params as { field: string; hours: number }
  const { table, id } = rowsOf(ctx, flow.record)
  const moment = ctx.records.get(flow.record)!.fields.find(({ code }) => code === field)?.sql
  if (!moment) return suspend(ctx, flow.id, 'not_understood')
  const ago = (at: Date) => new Date(at.getTime() - hours * hour)
  const page: Found[] = await ctx.db
    .select({ id: sql<string>`${id}`, moment: sql`${moment}`.mapWith(value => new Date(value)) })
    .from(table)
    .where(
      and(
        holds,
        sql`${moment} <= ${ago(ctx.now)}`,
        sql`(${moment}, ${id}) > (${ago(flow.walkAt ?? ctx.now)}::timestamptz, ${flow.walkedTo ?? afterAll}::uuid)`,
      ),
    )
    .orderBy(moment, asc(id))
    .limit(pageSize)
  await enrolAll(ctx, { flow, version }, page, ({ moment }) => `after:${moment!.toISOString()}`)
  const last = page.at(-1)
  const next =
    page.length < pageSize || !last
      ? { walkAt: ctx.now, walkedTo: null, nextAt: new Date(ctx.now.getTime() + minute) }
      : { walkAt: new Date(last.moment!.getTime() + hours * hour), walkedTo: last.id }
  await ctx.db.update(flows).set(next).where(eq(flows.id, flow.id))
}

/** Once for each record and occasion, however often it is come by. */
async function enrolAll(
  ctx: Ctx,
  { flow, version }: Clocked,
  page: readonly Found[],
  occasion: (found: Found) => string,
) {
  if (page.length === 0) return
  await ctx.db
    .insert(flowRuns)
    .values(
      page.map(found => ({
        ...{ id: uuidv7(), flowId: flow.id, versionId: version.id, recordId: found.id },
        enrolment: `${flow.id}:${occasion(found)}:${found.id}`,
        wakeAt: ctx.now,
        enrolledAt: ctx.now,
      })),
    )
    .onConflictDoNothing()
}
