import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { type Ctx, system } from '../../platform/context.ts'
import { reasonOf } from '../../platform/errors.ts'
import type { Worker } from '../../platform/module.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { limits } from './limits.ts'
import { actorOf, advance, findDue } from './running.ts'
import { flowRuns } from './tables.ts'

const atOnce = 50
const lanes = 4
/** What wakes it wakes the reactions too, and they write down first what there is to do. */
const looksAfterMs = 40

/** Runs what is due, each stretch in a transaction of its own, some records side by side, until nothing is left. */
export function startRunning(place: Workplace): Worker {
  let running: Promise<void> | null = null
  let isAsked = false
  let isStopped = false

  async function look() {
    while (isAsked && !isStopped) {
      await sleep(looksAfterMs)
      isAsked = false
      while (!isStopped && (await runDue(place))) {}
    }
  }

  return {
    wake() {
      isAsked = true
      if (isStopped) return
      running ??= look()
        .catch(error => place.log.warn({ err: error }, 'the flows paused'))
        .finally(() => {
          running = null
        })
    },
    async stop() {
      isStopped = true
      await running
    },
  }
}

/** One look; answers whether anything came further, so that there may be more. */
export async function runDue(place: Workplace): Promise<boolean> {
  const due = await findDue(lookingContext(place, system), atOnce)
  let hasMoved = false
  const lane = async () => {
    for (let one = due.shift(); one; one = due.shift()) if (await runOne(place, one)) hasMoved = true
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return hasMoved
}

type Due = Awaited<ReturnType<typeof findDue>>[number]

async function runOne(place: Workplace, { id, recordId, eventId, depth, flow }: Due): Promise<boolean> {
  const cause = eventId === null ? undefined : { id: eventId, depth }
  try {
    return await transact(place, actorOf(flow), ctx => advance(ctx, id, recordId), cause)
  } catch (error) {
    place.log.warn({ run: id, flow: flow.id, err: error }, 'a run of a flow failed')
    await transact(place, system, ctx => setAside(ctx, id, reasonOf(error)))
    return true
  }
}

/** Tried again with growing patience, then left to a person; what came after it goes on meanwhile. */
const setAside = (ctx: Ctx, runId: string, reason: string) => {
  const isOver = sql`attempts + 1 >= ${limits.attempts}`
  return ctx.db
    .update(flowRuns)
    .set({
      attempts: sql`attempts + 1`,
      reason: reason.slice(0, 500),
      wakeAt: sql`case when ${isOver} then null else ${ctx.now}::timestamptz + power(2, attempts + 1) * interval '1 second' end`,
      state: sql`case when ${isOver} then 'failed' else state end`,
      ending: sql`case when ${isOver} then 'error' end`,
      endedAt: sql`case when ${isOver} then ${ctx.now}::timestamptz end`,
    })
    .where(eq(flowRuns.id, runId))
}
