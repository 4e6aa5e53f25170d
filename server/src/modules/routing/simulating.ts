import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { inVisibleStores } from '../conversations/conversations.ts'
import { conversations, priorities } from '../conversations/tables.ts'
import { customers } from '../customers/tables.ts'
import { assertSeesStores, readerLocale } from '../staff/roles.ts'
import { availabilityLog } from '../staff/tables.ts'
import { listAgents } from './agents.ts'
import { primary, type Queue } from './choosing.ts'
import { storesNow } from './placing.ts'
import { queueName, queuesInOrder, refuseUnknown } from './queues.ts'
import type { NewSimulation } from './schemas.ts'
import { type Arrival, figuresOf, type Player, play, type Shift, type Waited } from './simulation.ts'
import { loopThrough } from './warnings.ts'
import { unitsOf, weightsInForce } from './weights.ts'

const longest = 7 * 86_400_000
const most = 20_000

/** Replays what came in a stretch of the past under these queues, beside what really became of it. */
export async function simulate(ctx: Ctx, input: NewSimulation) {
  if (input.to <= input.from || input.to.getTime() - input.from.getTime() > longest)
    throw invalid('stretch_impossible', 'A stretch ends after it begins, and within a week.')
  if (input.to > ctx.now) throw invalid('stretch_in_future', 'Only what has happened can be replayed.')
  await refuseUnknown(ctx, { storeIds: [], teamIds: [], staffIds: input.assumedAgentIds })
  const queues = await queuesToPlay(ctx, input)
  const weights = await weightsInForce(ctx)
  const known = await storesNow(ctx)
  const { arrivals, real } = await pastArrivals(ctx, input, known)
  const players = await playersOf(ctx, input, arrivals)
  const patienceMs = input.patienceSeconds * 1_000
  const waited = play({
    queues,
    players,
    arrivals,
    weights,
    patienceMs,
    calendars: new Map([...known].map(([id, { calendar }]) => [id, calendar])),
    from: input.from.getTime(),
    until: input.to.getTime(),
  })
  const pushed = new Set(waited.filter(({ end }) => end !== 'held').map(({ id }) => id))
  const locale = await readerLocale(ctx)
  const byQueue = Map.groupBy(waited, ({ queueId }) => queueId)
  const handled = new Map(arrivals.map(arrival => [arrival.id, arrival]))
  return {
    arrivals: arrivals.length,
    simulated: figuresOf(waited, patienceMs),
    real: figuresOf(
      real.map(one => (pushed.has(one.id) ? one : { ...one, end: 'held' as const })),
      patienceMs,
    ),
    queues: [...queues, null].flatMap(queue => {
      const of = byQueue.get(queue?.id ?? null)
      if (!of && !queue) return []
      const name = queue && queueName(queue, locale)
      return [{ id: queue?.id ?? null, name, figures: figuresOf(of ?? [], patienceMs) }]
    }),
    agents: players
      .filter(({ shifts }) => shifts.length > 0)
      .map(({ id, name, capacity, shifts, isAssumed }) => {
        const atWork = shifts.reduce((sum, { from, to }) => sum + to - from, 0)
        const taken = waited.filter(({ agentId }) => agentId === id)
        const held = taken.reduce((sum, one) => {
          const { handleMs, channelKind, at } = handled.get(one.id)!
          const began = at + one.waitedMs
          const ended = Math.min(began + handleMs, input.to.getTime())
          return sum + (ended - began) * unitsOf(weights, channelKind)
        }, 0)
        return {
          id,
          name,
          isAssumed,
          atWorkSeconds: Math.round(atWork / 1_000),
          taken: taken.length,
          takenReally: real.filter(({ agentId }) => agentId === id).length,
          occupancy: atWork === 0 || capacity === 0 ? 0 : held / (atWork * capacity),
        }
      }),
  }
}

async function queuesToPlay(ctx: Ctx, { queues }: NewSimulation): Promise<Queue[]> {
  const present = await queuesInOrder(ctx)
  if (!queues) return present
  for (const queue of queues) {
    if (queue.storeIds.length > 0) assertSeesStores(ctx.actor, queue.storeIds)
    await refuseUnknown(ctx, queue)
  }
  const edited: Queue[] = queues.map((queue, position) => ({
    code: present.find(({ id }) => id === queue.id)?.code ?? null,
    version: 1,
    createdAt: ctx.now,
    archivedAt: null,
    ...queue,
    position,
  }))
  if (edited.some(queue => loopThrough(queue, edited).length > 0))
    throw invalid('queue_loop', 'Conversations would go round in a circle.')
  return edited
}

/**
 * What came in the stretch, and who really took it after how long. Work is counted from the first taking to the
 * resolve (from the opening where nobody is noted), never more than the cap, which also stands for what is open yet.
 */
async function pastArrivals(
  ctx: Ctx,
  { from, to, handlingCapSeconds }: NewSimulation,
  known: Awaited<ReturnType<typeof storesNow>>,
) {
  const rows = await ctx.db
    .select({
      id: conversations.id,
      openedAt: conversations.openedAt,
      resolvedAt: conversations.resolvedAt,
      storeId: conversations.storeId,
      channelKind: conversations.channelKind,
      language: conversations.language,
      reason: conversations.reason,
      priority: conversations.priority,
      customerId: conversations.customerId,
      customerTags: customers.tags,
      queueId: conversations.queueId,
      taken: sql<{
        at: string
        staffId: string
      } | null>`(select jsonb_build_object('at', a.at, 'staffId', a.staff_id)
        from assignments a where a.conversation_id = ${conversations.id} and a.staff_id is not null order by a.at, a.id limit 1)`,
      last: sql<{
        at: string
        agentId: string
      } | null>`(select jsonb_build_object('at', e.last_activity_at, 'agentId', e.assignee_id)
        from conversations e where e.customer_id = ${conversations.customerId} and e.id < ${conversations.id}
          and e.assignee_id is not null and e.opened_at < ${from} order by e.id desc limit 1)`,
    })
    .from(conversations)
    .innerJoin(customers, eq(customers.id, conversations.customerId))
    .where(
      and(
        gte(conversations.openedAt, from),
        lt(conversations.openedAt, to),
        inVisibleStores(ctx),
        // What was there before Afar was came without anybody waiting for it.
        sql`not (${conversations.category} in ('resolved', 'closed') and ${conversations.resolvedAt} = ${conversations.openedAt})`,
      ),
    )
    .orderBy(asc(conversations.openedAt), asc(conversations.id))
    .limit(most + 1)
  if (rows.length > most)
    throw invalid(
      'stretch_too_busy',
      'More came in this stretch than is replayed at once; take a shorter one.',
    )
  const cap = handlingCapSeconds * 1_000
  const arrivals: Arrival[] = []
  const real: Waited[] = []
  for (const { taken, last, openedAt, resolvedAt, language, priority, queueId, ...row } of rows) {
    const at = openedAt.getTime()
    const takenAt = taken && Date.parse(taken.at)
    const endedAt = resolvedAt?.getTime() ?? null
    arrivals.push({
      ...row,
      at,
      language: primary(language ?? known.get(row.storeId)!.language),
      priority: priorities.indexOf(priority),
      handleMs: endedAt === null ? cap : Math.min(cap, Math.max(0, endedAt - (takenAt ?? at))),
      last: last && { agentId: last.agentId, at: Date.parse(last.at) },
    })
    real.push({
      id: row.id,
      queueId,
      agentId: taken?.staffId ?? null,
      waitedMs: (takenAt ?? endedAt ?? to.getTime()) - at,
      end: taken ? 'taken' : endedAt === null ? 'waiting' : 'abandoned',
    })
  }
  return { arrivals, real }
}

/** Everybody who answers customers today, at work when the log says so; or throughout, where it says nothing of him. */
async function playersOf(
  ctx: Ctx,
  { from, to, assumedAgentIds }: NewSimulation,
  arrivals: readonly Arrival[],
): Promise<(Player & { isAssumed: boolean })[]> {
  const agents = await listAgents(ctx, new Map())
  const log = await ctx.db
    .select()
    .from(availabilityLog)
    .where(
      and(
        lt(availabilityLog.at, to),
        inArray(
          availabilityLog.staffId,
          agents.map(({ id }) => id),
        ),
        sql`${availabilityLog.at} >= coalesce((select max(earlier.at) from availability_log earlier
          where earlier.staff_id = ${availabilityLog.staffId} and earlier.at <= ${from}), ${from})`,
      ),
    )
    .orderBy(asc(availabilityLog.at), asc(availabilityLog.id))
  const byAgent = Map.groupBy(log, ({ staffId }) => staffId)
  const stretch = { from: from.getTime(), to: to.getTime() }
  return agents.map(({ id, name, languages, skills, storeIds, teamIds, chatLimit, capacity }) => {
    const noted = byAgent.get(id)
    const isAssumed = !noted && assumedAgentIds.includes(id)
    return {
      ...{ id, name, languages, skills, storeIds, teamIds, chatLimit, capacity, isAssumed },
      shifts: noted ? shiftsOf(noted, stretch) : isAssumed && arrivals.length > 0 ? [stretch] : [],
    }
  })
}

function shiftsOf(noted: readonly { state: string; at: Date }[], { from, to }: Shift): Shift[] {
  return noted
    .map(({ state, at }, n) => ({
      state,
      from: Math.max(from, at.getTime()),
      to: Math.min(to, noted[n + 1]?.at.getTime() ?? to),
    }))
    .filter(shift => shift.state === 'online' && shift.to > shift.from)
    .map(shift => ({ from: shift.from, to: shift.to }))
}
