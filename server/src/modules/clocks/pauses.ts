import { and, inArray, isNull } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { lockRunning, nearestOf, type Running, reckonAgain } from './running.ts'
import { clockPauses, type PauseReason } from './tables.ts'

/**
 * Halts the clocks of these subjects whose policies grant a pause for this reason, and lets go on those that stood
 * still for another. When they are due is reckoned from all their pauses at once. Answers when the nearest of what
 * runs is due; a clock that stands still has no such instant, unless its policy caps its pauses.
 */
export const pauseClocks = (ctx: Ctx, subjectIds: readonly string[], reason: PauseReason) =>
  changePause(ctx, subjectIds, reason)

export const resumeClocks = (ctx: Ctx, subjectIds: readonly string[]) => changePause(ctx, subjectIds, null)

async function changePause(ctx: Ctx, subjectIds: readonly string[], reason: PauseReason | null) {
  const running = subjectIds.length > 0 ? await lockRunning(ctx, subjectIds) : []
  const wanted = ({ policy }: Running) => (reason && policy?.pausesOn.includes(reason) ? reason : null)
  const changing = running.filter(one => wanted(one) !== one.clock.pauseReason)
  if (changing.length === 0) return nearestOf(running)
  await endPauses(ctx, changing)
  const changed = changing.map(one => {
    const pauseReason = wanted(one)
    const pausedAt = pauseReason && ctx.now
    const hasPaused = one.clock.hasPaused || pausedAt !== null
    return { ...one, clock: { ...one.clock, pauseReason, pausedAt, hasPaused } }
  })
  await beginPauses(ctx, changed)
  const reckoned = new Map((await reckonAgain(ctx, changed)).map(one => [one.clock.id, one]))
  return nearestOf(running.map(one => reckoned.get(one.clock.id) ?? one))
}

async function endPauses(ctx: Ctx, running: readonly Running[]) {
  const ids = running.flatMap(({ clock }) => (clock.pausedAt ? clock.id : []))
  if (ids.length === 0) return
  await ctx.db
    .update(clockPauses)
    .set({ endedAt: ctx.now })
    .where(and(inArray(clockPauses.clockId, ids), isNull(clockPauses.endedAt)))
}

async function beginPauses(ctx: Ctx, running: readonly Running[]) {
  const rows = running.flatMap(({ clock: { id, pauseReason } }) =>
    pauseReason ? [{ clockId: id, reason: pauseReason, beganAt: ctx.now, byId: ctx.actor.id }] : [],
  )
  if (rows.length > 0) await ctx.db.insert(clockPauses).values(rows)
}
