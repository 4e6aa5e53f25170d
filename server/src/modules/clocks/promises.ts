import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { found, invalid } from '../../platform/errors.ts'
import { momentsOf } from './arithmetic.ts'
import { endClocks } from './clocks.ts'
import { policiesFor } from './policies-in-force.ts'
import { breachIn, lockRunning, nearestOf, type Running, stepsUnder } from './running.ts'
import { clockPolicies, clocks } from './tables.ts'

type Place = { subjectId: string; storeId: string; channelKind: string; channelId: string }
export type Promised = { text: string; dueAt: Date }

/**
 * A promise made to a customer, with an hour of its own; several may run at once. It is broken when its hour passes,
 * whatever happens to it later.
 */
export async function startPromise(ctx: Ctx, place: Place, { text, dueAt }: Promised) {
  if (dueAt <= ctx.now) throw invalid('promise_in_past', 'A promise is for a moment to come.')
  const asked = { ...place, kind: 'promise' as const, at: ctx.now }
  const policyId = (await policiesFor(ctx, [asked]))(asked)?.id ?? null
  const [policy] = policyId
    ? await ctx.db.select().from(clockPolicies).where(sql`${clockPolicies.id} = ${policyId}`)
    : []
  const windowMs = dueAt.getTime() - ctx.now.getTime()
  const steps = stepsUnder(policy ?? null)
  const moments = momentsOf(steps, 'always', ctx.now, windowMs)!
  const [clock] = await ctx.db
    .insert(clocks)
    .values({
      ...{ subjectId: place.subjectId, storeId: place.storeId, kind: 'promise', policyId, windowMs, moments },
      ...{ startedAt: ctx.now, dueAt: moments[breachIn(steps)]!, nextAt: moments[0]! },
      ...{ calendarKey: 'always', followsStore: false, promise: text, promisedBy: ctx.actor.id },
    })
    .returning()
  return clock!
}

/** Answers the promise, and when the nearest of what runs on is due. */
export async function endPromise(ctx: Ctx, subjectId: string, id: string, how: 'kept' | 'withdrawn') {
  const running = await lockRunning(ctx, [subjectId])
  const isIt = ({ clock }: Running) => clock.id === id && clock.kind === 'promise'
  const promise = found(running.find(isIt), 'promise')
  await endClocks(ctx, [promise], how)
  return { promise: promise.clock, dueAt: nearestOf(running.filter(one => !isIt(one))).get(subjectId) }
}

export type Fate = 'open' | 'kept' | 'broken' | 'withdrawn' | 'ended'

/** What became of it: as long as its hour has not passed nothing is broken, and what was broken stays so. */
export function fateOf({ breachedAt, stoppedAt, stopReason }: Running['clock']): Fate {
  if (breachedAt) return 'broken'
  if (!stoppedAt) return 'open'
  return stopReason === 'withdrawn' ? 'withdrawn' : stopReason === 'kept' ? 'kept' : 'ended'
}
