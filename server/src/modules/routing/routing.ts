import { and, eq, inArray, isNotNull, notInArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { assignByRouting, requeue } from '../conversations/assignment.ts'
import type { ConversationRow } from '../conversations/conversations.ts'
import { conversations, isUnplacedSql, isWaitingSql } from '../conversations/tables.ts'
import { lineOrder, listWaitingChats, prioritySql } from '../conversations/waiting-line.ts'
import { listAgents, noteBusy } from './agents.ts'
import {
  type Agent,
  type Choice,
  chooseAgent,
  hasRoom,
  isMember,
  liveKinds,
  primary,
  type Queue,
  takeOn,
} from './choosing.ts'
import { queueMoved } from './events.ts'
import { moveOn, nothingMoved, placeWaiting, type Stores, storesNow } from './placing.ts'
import { forgetPlaces, queuesInOrder } from './queues.ts'
import { unitsOf, type Weights, weightsInForce } from './weights.ts'

const allocatorLock = 0x0afa_0010
const mostAtOnce = 200
const named = 5

/**
 * Places what waits, sends on what is due, and gives everything somebody can take to that person, queue by queue in
 * their order. One allocator at a time for the whole company: queues share their agents, and so nobody is counted
 * twice (docs/decisions/0010). A person who takes a conversation by hand meanwhile keeps it. Answers true when there
 * may be more to do.
 */
export async function allocate(ctx: Ctx): Promise<boolean> {
  const work = await findWork(ctx)
  if (!work) return false
  await lockAllocator(ctx)
  return allocateLocked(ctx, work)
}

/** The same for the clock, which comes again in a second: it does not wait where another allocator is at work. */
export async function lookAgain(ctx: Ctx): Promise<boolean> {
  const work = await findWork(ctx)
  if (!work) return false
  const { rows } = await ctx.db.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(${allocatorLock}) as mine`,
  )
  return rows[0]!.mine ? allocateLocked(ctx, work) : false
}

/** What an agent who drops off was about to answer goes back to the front of its queue. */
export async function requeueWaitingChats(ctx: Ctx, staffId: string): Promise<void> {
  await lockAllocator(ctx)
  const left = await ctx.db
    .select()
    .from(conversations)
    .where(
      and(
        eq(conversations.assigneeId, staffId),
        inArray(conversations.channelKind, liveKinds),
        isNotNull(conversations.waitingSince),
        sql`${conversations.category} in ('new', 'open')`,
      ),
    )
    .orderBy(conversations.waitingSince)
  for (const chat of left) await requeue(ctx, chat, 'agent_left', { staffId })
}

/** What waits finds its queue anew and goes to whom the settings of now choose. */
export async function placeAnew(ctx: Ctx): Promise<void> {
  await lockAllocator(ctx)
  await forgetPlaces(ctx)
  await allocate(ctx)
}

/** One that is another case now, by its reason or language, finds its queue anew. */
export async function placeOneAnew(ctx: Ctx, conversationId: string): Promise<void> {
  await lockAllocator(ctx)
  await ctx.db
    .update(conversations)
    .set({ queuedAt: null, overflowAt: null })
    .where(and(eq(conversations.id, conversationId), isWaitingSql))
  await allocate(ctx)
}

/** Those who wait behind one that a person took ask for their place. */
export async function tellLineOf(ctx: Ctx, conversationId: string): Promise<void> {
  const [row] = await ctx.db
    .select({ queueId: conversations.queueId })
    .from(conversations)
    .where(eq(conversations.id, conversationId))
  if (row?.queueId) await tellLine(ctx, row.queueId)
}

/** The waiting chats with who could take each, and why nobody does. */
export async function listQueue(ctx: Ctx) {
  const { inOrder, known, agents, weights } = await look(ctx)
  const waiting = await listWaitingChats(ctx)
  return {
    items: waiting.map((chat, n) => {
      const queue = inOrder.find(({ id }) => id === chat.queueId)
      const { language, ...choice } = choose(ctx, queue, agents, { chat, lastAgentId: null }, known, weights)
      return {
        conversationId: chat.id,
        number: chat.number,
        storeId: chat.storeId,
        queueId: chat.queueId,
        language,
        place: n + 1,
        waitingSince: chat.waitingSince!,
        reason: queue ? (queue.pushes ? choice.reason : ('held' as const)) : ('no_queue' as const),
      }
    }),
  }
}

const lockAllocator = (ctx: Ctx) => ctx.db.execute(sql`select pg_advisory_xact_lock(${allocatorLock})`)

/** What there is to do; cheap where nothing waits, and asked each second, so no moment of becoming free is missed. */
async function findWork(ctx: Ctx): Promise<Work | null> {
  const { rows } = await executeNamed<Work>(
    ctx.db,
    'work-of-routing',
    sql`select
      exists (select from conversations where ${isWaitingSql} and ${isUnplacedSql}) as "hasUnplaced",
      exists (select from conversations where ${isWaitingSql} and overflow_at <= ${ctx.now}) as "hasDue",
      array(select id from queues where archived_at is null and (pushes or out_of_hours = 'other_queue')
        and exists (select from conversations where ${isWaitingSql} and queue_id = queues.id)) as "queueIds"`,
  )
  const work = rows[0]!
  return work.hasUnplaced || work.hasDue || work.queueIds.length > 0 ? work : null
}

type Work = { hasUnplaced: boolean; hasDue: boolean; queueIds: string[] }

async function look(ctx: Ctx) {
  const weights = await weightsInForce(ctx)
  return {
    weights,
    inOrder: await queuesInOrder(ctx),
    known: await storesNow(ctx),
    agents: await listAgents(ctx, weights),
  }
}

async function allocateLocked(ctx: Ctx, { hasUnplaced, hasDue, queueIds }: Work): Promise<boolean> {
  const { inOrder, known, agents, weights } = await look(ctx)
  const placed = hasUnplaced ? await placeWaiting(ctx, inOrder, known) : nothingMoved
  const moved = await moveOn(ctx, inOrder, known, hasDue)
  const waited = new Set([...queueIds, ...placed.queueIds, ...moved.queueIds])
  const busy = new Set<string>()
  let hasMore = placed.hasMore || moved.hasMore
  for (const queue of inOrder) {
    if (!queue.pushes || !waited.has(queue.id)) continue
    const { taken, isEmpty } = await serve(ctx, queue, agents, known, weights)
    for (const { id } of taken) busy.add(id)
    if (taken.length > 0 && !isEmpty) await tellLine(ctx, queue.id)
    hasMore ||= taken.length >= mostAtOnce
  }
  await noteBusy(ctx, [...busy])
  return hasMore
}

/** Gives a queue's line to its members as long as there is room; answers whom it gave something, once each time. */
async function serve(ctx: Ctx, queue: Queue, agents: readonly Agent[], known: Stores, weights: Weights) {
  const members = agents.filter(agent => agent.isOnline && isMember(queue, agent))
  const places = placesOf(members, weights)
  const line = await waitingFor(ctx, queue, places, known)
  const gifts = []
  for (const { chat, lastAgentId } of line) {
    const { language, units, ...choice } = choose(ctx, queue, agents, { chat, lastAgentId }, known, weights)
    const { agent, reason } = choice
    if (!agent) continue
    const params = explain(queue, chat, choice, language)
    gifts.push({ conversation: chat, agent, staffId: agent.id, reason, params })
    takeOn(agent, chat.channelKind, units, ctx.now.getTime())
  }
  const given = await assignByRouting(ctx, gifts)
  return {
    taken: gifts.filter(({ conversation }) => given.has(conversation.id)).map(({ agent }) => agent),
    isEmpty: given.size === line.length && line.length < places,
  }
}

function choose(
  ctx: Ctx,
  queue: Queue | undefined,
  agents: readonly Agent[],
  { chat, lastAgentId }: { chat: ConversationRow; lastAgentId: string | null },
  known: Stores,
  weights: Weights,
): Choice & { language: string; units: number } {
  const store = known.get(chat.storeId)!
  const language = primary(chat.language ?? store.language)
  const units = unitsOf(weights, chat.channelKind)
  if (!queue) return { agent: null, reason: 'nobody_free', isSpoken: true, candidates: [], language, units }
  const waiting = {
    storeId: chat.storeId,
    channelKind: chat.channelKind,
    language,
    queuedAt: chat.queuedAt?.getTime() ?? ctx.now.getTime(),
    isStoreOpen: store.isOpen,
    lastAgentId,
  }
  return { ...chooseAgent(queue, agents, waiting, { now: ctx.now.getTime(), units }), language, units }
}

/** Why this queue, why this agent, who else could have and what each of them held. */
const explain = (
  queue: Queue,
  chat: ConversationRow,
  { agent, isSpoken, candidates }: Choice,
  language: string,
) => ({
  queueId: queue.id,
  queueCode: queue.code,
  queue: queue.name,
  queuedWhy: chat.queuedWhy,
  priority: chat.priority,
  isVip: chat.isVip,
  language,
  isSpoken,
  units: agent!.units,
  capacity: agent!.capacity,
  openChats: agent!.openChats,
  chatLimit: agent!.chatLimit,
  candidates: candidates.length,
  others: candidates
    .filter(one => one !== agent)
    .slice(0, named)
    .map(({ id, name, units, capacity }) => ({ id, name, units, capacity })),
})

/** How many conversations these could still take, all together and of the lightest kind. */
function placesOf(members: readonly Agent[], weights: Weights) {
  const lightest = Math.max(1, Math.min(...weights.values()))
  return members.reduce(
    (sum, agent) => sum + (hasRoom(agent, '', 0) ? Math.floor((agent.capacity - agent.units) / lightest) : 0),
    0,
  )
}

/**
 * The head of the line of each kind of waiting: same store, language, channel and last agent. What holds for one of
 * a kind holds for all of it, so no more than there are places need be looked at of each, and however long a line
 * nobody can serve, it hides nothing behind it.
 */
async function waitingFor(ctx: Ctx, queue: Queue, places: number, known: Stores) {
  const closed =
    queue.outOfHours === 'hold' ? [...known].filter(([, { isOpen }]) => !isOpen).map(([id]) => id) : []
  if (places === 0) return []
  const isSticky = queue.stickyHours !== null
  const lastAgent = isSticky
    ? sql<
        string | null
      >`(select earlier.assignee_id from conversations earlier where earlier.customer_id = conversations.customer_id
        and earlier.id < conversations.id and earlier.assignee_id is not null
        and earlier.last_activity_at > ${new Date(ctx.now.getTime() - queue.stickyHours! * hour)} order by earlier.id desc limit 1)`
    : sql<string | null>`null::uuid`
  const waitsNoMore = sql`${conversations.queuedAt} <= ${new Date(ctx.now.getTime() - queue.stickyWaitSeconds * 1_000)}`
  const ranked = ctx.db
    .select({
      id: conversations.id,
      lastAgentId: lastAgent.as('last_agent_id'),
      place:
        sql<number>`row_number() over (partition by store_id, language, channel_kind, ${lastAgent}, ${waitsNoMore}
          order by ${prioritySql} desc, is_vip desc, waiting_since, ${conversations.id})`.as('place'),
    })
    .from(conversations)
    .where(
      and(
        isWaitingSql,
        eq(conversations.queueId, queue.id),
        sql`not ${isUnplacedSql}`,
        closed.length > 0 ? notInArray(conversations.storeId, closed) : undefined,
      ),
    )
    .as('ranked')
  return ctx.db
    .select({ chat: conversations, lastAgentId: ranked.lastAgentId })
    .from(ranked)
    .innerJoin(conversations, eq(conversations.id, ranked.id))
    .where(sql`ranked.place <= ${Math.min(places, mostAtOnce)}`)
    .orderBy(...lineOrder)
    .limit(mostAtOnce * 10)
}

async function tellLine(ctx: Ctx, queueId: string) {
  const rows = await ctx.db
    .select({ storeId: conversations.storeId, identityId: conversations.identityId })
    .from(conversations)
    .where(and(isWaitingSql, eq(conversations.queueId, queueId), eq(conversations.channelKind, 'web_chat')))
    .orderBy(...lineOrder)
    .limit(mostAtOnce)
  for (const [storeId, line] of Map.groupBy(rows, ({ storeId }) => storeId))
    ctx.emit(queueMoved, { queueId, storeId, identityIds: line.map(({ identityId }) => identityId) })
}

const hour = 3_600_000
