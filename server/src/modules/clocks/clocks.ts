import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { addBusinessTime, type BusinessCalendar } from '../settings/business-time.ts'
import { storeCalendars } from '../settings/calendars.ts'
import { clockBreached, clockWarned } from './events.ts'
import { type Policy, policiesInForce } from './policies.ts'
import { type ClockKind, clockPolicies, clocks } from './tables.ts'

export type Start = { subjectId: string; storeId: string; channelKind: string; kind: ClockKind; at: Date }

/**
 * Starts the clock that is owed to each subject, unless it runs already, and answers when the running one is
 * due. Where no policy asks for one the subject is absent from the answer. A clock keeps the policy version it
 * started under, whatever is decided later.
 */
export async function startClocks(ctx: Ctx, starts: readonly Start[]): Promise<Map<string, Date>> {
  const policies = await policiesInForce(ctx)
  const owed = starts.flatMap(start => {
    const policy = policyFor(policies, start)
    return policy ? [{ ...start, policy }] : []
  })
  if (owed.length === 0) return new Map()
  const byStore = owed.filter(({ policy }) => policy.calendar === 'store').map(({ storeId }) => storeId)
  const calendars = byStore.length > 0 ? await storeCalendars(ctx, byStore) : new Map<string, BusinessCalendar>()
  const rows = owed.flatMap(start => {
    const calendar = start.policy.calendar === 'store' ? (calendars.get(start.storeId) ?? 'always') : 'always'
    const moments = momentsOf(start.policy, calendar, start.at)
    if (!moments) return []
    return [{ id: uuidv7(), subjectId: start.subjectId, storeId: start.storeId, kind: start.kind, policyId: start.policy.id, startedAt: start.at, dueAt: moments.at(-1)!, comingAt: moments, nextAt: moments[0]! }]
  })
  if (rows.length === 0) return new Map()
  const kept = await ctx.db
    .insert(clocks)
    .values(rows)
    .onConflictDoUpdate({ target: [clocks.subjectId, clocks.kind], targetWhere: isNull(clocks.stoppedAt), set: { startedAt: sql`${clocks.startedAt}` } })
    .returning({ subjectId: clocks.subjectId, dueAt: clocks.dueAt })
  return new Map(kept.map(clock => [clock.subjectId, clock.dueAt]))
}

/** Stops what runs for these subjects; what was due meanwhile and had not fired yet no longer does. */
export async function stopClocks(ctx: Ctx, subjectIds: readonly string[], kinds: readonly ClockKind[] | 'all', reason: string) {
  await ctx.db
    .update(clocks)
    .set({ stoppedAt: ctx.now, stopReason: reason, nextAt: null })
    .where(and(inArray(clocks.subjectId, [...subjectIds]), isNull(clocks.stoppedAt), kinds === 'all' ? undefined : inArray(clocks.kind, [...kinds])))
}

const mostAtOnce = 500

/**
 * Fires what is due: a warning for the latest fraction that has passed, and the breach once its second has come.
 * A clock that slept through several warnings gives the last one only. Answers whether more may be due.
 */
export async function fireDueClocks(ctx: Ctx): Promise<boolean> {
  const due = await ctx.db
    .select({ clock: clocks, warnAt: clockPolicies.warnAt })
    .from(clocks)
    .innerJoin(clockPolicies, eq(clockPolicies.id, clocks.policyId))
    .where(and(isNull(clocks.stoppedAt), lte(clocks.nextAt, ctx.now)))
    .orderBy(clocks.nextAt)
    .limit(mostAtOnce)
    .for('update', { of: clocks, skipLocked: true })
  if (due.length === 0) return false
  const fired = due.map(({ clock, warnAt }) => {
    const coming = clock.comingAt.filter(moment => moment > ctx.now)
    const passed = fractionsOf(warnAt).slice(0, warnAt.length + 1 - coming.length)
    return { clock, coming, fraction: passed.at(-1) ?? 0, breached: clock.dueAt <= ctx.now }
  })
  await ctx.db.execute(sql`
    update clocks set next_at = f.next_at, warned = f.warned, breached_at = f.breached_at,
      coming_at = (select coalesce(array_agg(moment order by moment), '{}') from unnest(clocks.coming_at) as moment where moment > ${ctx.now})
    from unnest(${sql.param(fired.map(f => f.clock.id))}::uuid[], ${sql.param(fired.map(f => f.coming[0] ?? null))}::timestamptz[],
      ${sql.param(fired.map(f => Math.max(f.clock.warned, Math.min(f.fraction, 1))))}::float8[],
      ${sql.param(fired.map(f => (f.breached ? ctx.now : null)))}::timestamptz[]) as f(id, next_at, warned, breached_at)
    where clocks.id = f.id`)
  for (const { clock, fraction, breached } of fired) {
    const about = { clockId: clock.id, conversationId: clock.subjectId, storeId: clock.storeId, kind: clock.kind }
    if (breached) ctx.emit(clockBreached, { ...about, dueAt: clock.dueAt.toISOString() }, { conversationId: clock.subjectId })
    else ctx.emit(clockWarned, { ...about, fraction }, { conversationId: clock.subjectId })
  }
  return due.length === mostAtOnce
}

/** The warnings and the breach of a clock that starts at `from`, or null where its calendar never opens again. */
function momentsOf(policy: Policy, calendar: BusinessCalendar, from: Date): Date[] | null {
  const moments = fractionsOf(policy.warnAt).map(fraction => addBusinessTime(calendar, from, policy.windowSeconds * 1_000 * fraction))
  return moments.every(moment => moment !== null) ? moments : null
}

const fractionsOf = (warnAt: readonly number[]) => [...[...warnAt].sort((a, b) => a - b), 1]

const policyFor = (policies: readonly Policy[], { storeId, channelKind, kind }: Start) =>
  policies.find(policy => policy.kind === kind && policy.channelKind === channelKind && policy.storeId === storeId) ??
  policies.find(policy => policy.kind === kind && policy.channelKind === channelKind && policy.storeId === null)
