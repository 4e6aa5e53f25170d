import { and, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { Workplace } from '../../platform/work.ts'
import { inVisibleStores } from '../conversations/conversations.ts'
import { isWaitingSql } from '../conversations/tables.ts'
import { listAgents } from '../routing/agents.ts'
import { weightsInForce } from '../routing/weights.ts'
import { readerLocale } from '../staff/roles.ts'
import { getFigures } from './figures.ts'
import { isNoSpam } from './metrics/metric.ts'
import { namesOf } from './naming.ts'
import type { Wall } from './schemas.ts'

const keptMs = 1_000
const shown = 12
const mostInHand = 300

const kept = new WeakMap<Workplace, Map<string, { at: number; wall: Promise<Wall> }>>()

/** The floor as it is. Who sees the same stores in the same language sees the same wall, reckoned once a second. */
export async function watchWall(ctx: Ctx, place: Workplace, minutes: number): Promise<Wall> {
  const walls = kept.get(place) ?? new Map<string, { at: number; wall: Promise<Wall> }>()
  kept.set(place, walls)
  const { storeIds } = ctx.actor
  const key = JSON.stringify([
    storeIds === 'all' ? 'all' : [...storeIds].sort(),
    await readerLocale(ctx),
    minutes,
  ])
  const now = performance.now()
  for (const [key, { at }] of walls) if (now - at >= keptMs) walls.delete(key)
  const known = walls.get(key)
  if (known) return structuredClone(await known.wall)
  const wall = lookAtFloor(ctx, minutes)
  walls.set(key, { at: now, wall })
  wall.catch(() => walls.delete(key))
  return structuredClone(await wall)
}

async function lookAtFloor(ctx: Ctx, minutes: number): Promise<Wall> {
  const [line, agents, clocks, today] = await Promise.all([
    lookAtLine(ctx),
    lookAtAgents(ctx),
    lookAtClocks(ctx, minutes),
    lookAtToday(ctx),
  ])
  return { at: ctx.now, ...line, agents, clocks, today }
}

type LineRow = {
  queueId: string | null
  channelKind: string
  language: string | null
  n: number
  since: string
}

async function lookAtLine(ctx: Ctx) {
  const waits = and(isWaitingSql, isNoSpam(), inVisibleStores(ctx))
  const { rows } = await ctx.db.execute<LineRow>(sql`
    select queue_id as "queueId", channel_kind as "channelKind", language, count(*)::int as n, min(waiting_since) as since
    from conversations where ${waits} group by 1, 2, 3`)
  const first = await ctx.db.execute<{
    conversationId: string
    number: number
    customer: string | null
    channelKind: string
    language: string | null
    queueId: string | null
    since: string
  }>(sql`
    select conversations.id as "conversationId", number, customers.name as customer, channel_kind as "channelKind", conversations.language,
      queue_id as "queueId", waiting_since as since from conversations join customers on customers.id = customer_id
    where conversations.id = any(array(select id from conversations where ${waits} order by waiting_since, id limit ${shown}))
    order by waiting_since, conversations.id`)
  const queueIds = rows.map(({ queueId }) => queueId)
  const name = await namesOf(ctx, 'queue', [...new Set(queueIds)])
  const by = <K extends string | null>(pick: (row: LineRow) => K) =>
    [...Map.groupBy(rows, pick)]
      .map(([key, some]) => ({ key, ...sumOf(some) }))
      .sort((a, b) => b.waiting - a.waiting || (a.key ?? '').localeCompare(b.key ?? ''))
  return {
    waiting: sumOf(rows),
    byQueue: by(({ queueId }) => queueId).map(line => ({ ...line, name: name(line.key) })),
    byChannel: by(({ channelKind }) => channelKind),
    byLanguage: by(({ language }) => language),
    longest: first.rows.map(({ queueId, since, ...row }) => ({
      ...row,
      queue: name(queueId),
      since: new Date(since),
    })),
  }
}

function sumOf(rows: readonly LineRow[]) {
  const times = rows.map(({ since }) => Date.parse(since))
  return {
    waiting: rows.reduce((sum, { n }) => sum + n, 0),
    since: times.length > 0 ? new Date(Math.min(...times)) : null,
  }
}

async function lookAtAgents(ctx: Ctx) {
  const { storeIds } = ctx.actor
  const all = await listAgents(ctx, await weightsInForce(ctx))
  const agents = all.filter(
    agent =>
      storeIds === 'all' ||
      agent.storeIds === null ||
      agent.storeIds.some((id: string) => storeIds.includes(id)),
  )
  const ids = sql.param(agents.map(({ id }) => id))
  const states = await ctx.db.execute<{ id: string; reason: string | null; since: string }>(
    sql`select id, availability_reason as reason, availability_since as since from staff where id = any(${ids}::uuid[])`,
  )
  const held = await ctx.db.execute<{
    staffId: string
    conversationId: string
    number: number
    customer: string | null
    channelKind: string
    waitingSince: string | null
  }>(sql`
    select assignee_id as "staffId", conversations.id as "conversationId", number, customers.name as customer,
      channel_kind as "channelKind", waiting_since as "waitingSince"
    from conversations join customers on customers.id = customer_id
    where assignee_id = any(${ids}::uuid[]) and ${and(sql`category in ('new', 'open')`, isNoSpam(), inVisibleStores(ctx))}
    order by waiting_since nulls last, conversations.id limit ${mostInHand}`)
  const stateOf = new Map(states.rows.map(row => [row.id, row]))
  const heldBy = Map.groupBy(held.rows, ({ staffId }) => staffId)
  const rank = { online: 0, busy: 1, away: 2, offline: 3 }
  return agents
    .map(({ id, name, state, units, capacity, openChats, chatLimit }) => ({
      ...{ id, name, state, units, capacity, openChats, chatLimit },
      reason: stateOf.get(id)!.reason,
      since: new Date(stateOf.get(id)!.since),
      has: (heldBy.get(id) ?? []).map(({ staffId: _, waitingSince, ...row }) => ({
        ...row,
        waitingSince: waitingSince === null ? null : new Date(waitingSince),
      })),
    }))
    .sort((a, b) => rank[a.state] - rank[b.state] || a.name.localeCompare(b.name))
}

async function lookAtClocks(ctx: Ctx, minutes: number) {
  const isOpen = sql`conversations.category not in ('resolved', 'closed')`
  const until = new Date(ctx.now.getTime() + minutes * 60_000)
  const near: SQL = and(isOpen, isNoSpam(), sql`conversations.due_at <= ${until}`, inVisibleStores(ctx))!
  const counts = await ctx.db.execute<{ atRisk: number; breached: number }>(sql`
    select count(*) filter (where due_at > ${ctx.now})::int as "atRisk", count(*) filter (where due_at <= ${ctx.now})::int as breached
    from conversations where ${near}`)
  const { rows } = await ctx.db.execute<{
    conversationId: string
    number: number
    customer: string | null
    kind: string
    startedAt: string
    dueAt: string
    breachedAt: string | null
    assigneeId: string | null
    assigneeName: string | null
  }>(sql`
    select conversations.id as "conversationId", number, customers.name as customer, clock.kind, clock.started_at as "startedAt",
      clock.due_at as "dueAt", clock.breached_at as "breachedAt", staff.id as "assigneeId", staff.name as "assigneeName"
    from conversations join customers on customers.id = customer_id left join staff on staff.id = assignee_id
      cross join lateral (select kind, started_at, due_at, breached_at from clocks where subject_id = conversations.id and stopped_at is null order by due_at limit 1) as clock
    where conversations.id = any(array(select id from conversations where ${near} order by due_at > ${ctx.now} desc, due_at, id limit ${shown}))
    order by clock.due_at > ${ctx.now} desc, clock.due_at, conversations.id`)
  return {
    withinMinutes: minutes,
    ...counts.rows[0]!,
    nearest: rows.map(({ assigneeId, assigneeName, startedAt, dueAt, breachedAt, ...row }) => ({
      ...row,
      startedAt: new Date(startedAt),
      dueAt: new Date(dueAt),
      breachedAt: breachedAt === null ? null : new Date(breachedAt),
      assignee: assigneeId ? { id: assigneeId, name: assigneeName ?? '' } : null,
    })),
  }
}

/** The same figures as anywhere else, of each store's day so far. */
async function lookAtToday(ctx: Ctx): Promise<Wall['today']> {
  const day = ctx.now.toISOString().slice(0, 10)
  const ask = async (metric: string) =>
    (await getFigures(ctx, { metric, from: day, to: day, by: null, isToday: true })).total
  const [contacts, firstResponse, serviceLevel, abandonment, resolution] = await Promise.all(
    ['contacts', 'first_response', 'service_level', 'abandonment', 'resolution'].map(ask),
  )
  return {
    contacts: contacts!.n,
    answered: firstResponse!.n,
    abandoned: abandonment!.numerator,
    resolved: resolution!.n,
    serviceLevel: serviceLevel!,
    firstResponse: firstResponse!,
  }
}
