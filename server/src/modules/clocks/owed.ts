import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { addBusinessTime, type BusinessCalendar } from '../settings/business-time.ts'
import { edition, hoursOf } from '../settings/hours.ts'
import { calendars, stores } from '../settings/tables.ts'
import { inForce } from './policies.ts'
import { type ClockKind, clockPolicies, clocks } from './tables.ts'

export type Start = { subjectId: string; storeId: string; channelKind: string; kind: ClockKind; at: Date }

/**
 * For each start the clock that runs already, the policy it would fall under, the store's before the company's,
 * and the store's calendar where the policy goes by it. The statement has a name, so that PostgreSQL plans it
 * once: planning takes longer than looking.
 */
export async function findOwed(ctx: Ctx, starts: readonly Start[]) {
  const column = (pick: (start: Start) => string) => sql.param(starts.map(pick))
  const wanted = sql`unnest(${column(start => start.subjectId)}::uuid[], ${column(start => start.storeId)}::uuid[],
    ${column(start => start.channelKind)}::text[], ${column(start => start.kind)}::text[])
    with ordinality as wanted(subject_id, store_id, channel_kind, kind, n)`
  const running = ctx.db
    .select({ dueAt: clocks.dueAt })
    .from(clocks)
    .where(
      and(
        eq(clocks.subjectId, sql`wanted.subject_id`),
        eq(clocks.kind, sql`wanted.kind`),
        isNull(clocks.stoppedAt),
      ),
    )
    .limit(1)
    .as('running')
  const policy = ctx.db
    .select()
    .from(clockPolicies)
    .where(
      and(
        inForce(ctx),
        eq(clockPolicies.channelKind, sql`wanted.channel_kind`),
        eq(clockPolicies.kind, sql`wanted.kind`),
        or(eq(clockPolicies.storeId, sql`wanted.store_id`), isNull(clockPolicies.storeId)),
      ),
    )
    .orderBy(sql`${clockPolicies.storeId} nulls last`)
    .limit(1)
    .as('policy')
  const rows = await ctx.db
    .select({
      n: sql<number>`wanted.n`.mapWith(Number),
      runningDueAt: running.dueAt,
      policy: { id: policy.id, windowSeconds: policy.windowSeconds, warnAt: policy.warnAt },
      calendarId: calendars.id,
      edition,
    })
    .from(wanted)
    .leftJoinLateral(running, sql`true`)
    .leftJoinLateral(policy, sql`true`)
    .leftJoin(stores, and(eq(stores.id, sql`wanted.store_id`), eq(policy.calendar, 'store')))
    .leftJoin(calendars, eq(calendars.id, stores.calendarId))
    .prepare('clocks-owed')
    .execute()
  return rows.map(({ n, ...owed }) => ({ ...starts[n - 1]!, ...owed }))
}

type Owed = Awaited<ReturnType<typeof findOwed>>[number]

/** The rows of the clocks to start; none where no policy asks for one or the store never opens again. */
export async function newClocks(ctx: Ctx, owed: readonly Owed[]) {
  const hours = await hoursOf(ctx, owed)
  return owed.flatMap(({ subjectId, storeId, kind, at, policy, calendarId }) => {
    const moments = policy && momentsOf(policy, hours.get(calendarId ?? '') ?? 'always', at)
    if (!moments) return []
    const [nextAt, dueAt] = [moments[0]!, moments.at(-1)!]
    return [{ subjectId, storeId, kind, policyId: policy.id, startedAt: at, dueAt, moments, nextAt }]
  })
}

/** When a clock that starts at `from` warns and, last, is due; null where its calendar never opens again. */
function momentsOf(
  { windowSeconds, warnAt }: { windowSeconds: number; warnAt: readonly number[] },
  calendar: BusinessCalendar,
  from: Date,
): Date[] | null {
  const moments = [...warnAt, 1].map(fraction =>
    addBusinessTime(calendar, from, Math.round(windowSeconds * 1_000 * fraction)),
  )
  return moments.every(moment => moment !== null) ? moments : null
}
