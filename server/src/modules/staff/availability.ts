import { and, eq, inArray, lt } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { staffAvailabilityChanged } from './events.ts'
import { type Availability, availabilityLog, staff } from './tables.ts'

const heartbeatLimitSeconds = 45
const batch = 100

/** One switch for all channels. Repeating it changes nothing and tells nobody; a new reason alone is kept quietly. */
export async function setAvailability(
  ctx: Ctx,
  staffId: string,
  state: Availability,
  reason: string | null = null,
) {
  const [before] = await ctx.db
    .select({ state: staff.availability })
    .from(staff)
    .where(eq(staff.id, staffId))
    .for('update')
  const isNew = found(before, 'staff').state !== state
  await ctx.db
    .update(staff)
    .set({
      availability: state,
      availabilityReason: reason,
      lastSeenAt: ctx.now,
      ...(isNew && { availabilitySince: ctx.now }),
    })
    .where(eq(staff.id, staffId))
  if (isNew) await ctx.db.insert(availabilityLog).values({ staffId, state, reason, at: ctx.now })
  if (isNew) ctx.emit(staffAvailabilityChanged, { staffId, state })
  return { state, reason }
}

/** The console beats every 15 seconds; it keeps a colleague where he is and never brings him back to work. */
export async function noteHeartbeat(ctx: Ctx, staffId: string) {
  await ctx.db.update(staff).set({ lastSeenAt: ctx.now }).where(eq(staff.id, staffId))
}

/** Answers true when there may be more. */
export async function markLostAway(ctx: Ctx) {
  const lost = await ctx.db
    .select({ id: staff.id })
    .from(staff)
    .where(
      and(
        inArray(staff.availability, ['online', 'busy']),
        lt(staff.lastSeenAt, new Date(ctx.now.getTime() - heartbeatLimitSeconds * 1_000)),
      ),
    )
    .limit(batch)
    .for('update', { skipLocked: true })
  if (lost.length === 0) return false
  const ids = lost.map(({ id }) => id)
  await ctx.db
    .update(staff)
    .set({ availability: 'away', availabilityReason: 'connection_lost', availabilitySince: ctx.now })
    .where(inArray(staff.id, ids))
  await ctx.db
    .insert(availabilityLog)
    .values(ids.map(staffId => ({ staffId, state: 'away' as const, reason: 'connection_lost', at: ctx.now })))
  for (const staffId of ids) ctx.emit(staffAvailabilityChanged, { staffId, state: 'away' as const })
  return ids.length === batch
}
