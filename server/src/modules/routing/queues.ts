import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Ctx, sees } from '../../platform/context.ts'
import { conflict, found, invalid } from '../../platform/errors.ts'
import { conversations, isWaitingSql } from '../conversations/tables.ts'
import { stores } from '../settings/tables.ts'
import { assertSeesStores, readerLocale } from '../staff/roles.ts'
import { type Locale, staff, teams } from '../staff/tables.ts'
import { listAgents } from './agents.ts'
import type { Queue } from './choosing.ts'
import { queuesSaved } from './events.ts'
import type { NewQueue, QueueChange } from './schemas.ts'
import { queues } from './tables.ts'
import { exitsOf, loopThrough, warningsOf } from './warnings.ts'
import { weightsInForce } from './weights.ts'

/** Those that take conversations, in the order they are asked. */
export const queuesInOrder = (ctx: Ctx): Promise<Queue[]> =>
  ctx.db.select().from(queues).where(isNull(queues.archivedAt)).orderBy(asc(queues.position), asc(queues.id))

export async function listQueues(ctx: Ctx) {
  const present = await presenter(ctx)
  return present.inOrder.filter(queue => isVisible(ctx, queue)).map(queue => present.queue(queue))
}

export async function getQueue(ctx: Ctx, id: string) {
  const present = await presenter(ctx)
  return present.queue(
    found(
      present.inOrder.find(queue => queue.id === id && isVisible(ctx, queue)),
      'queue',
    ),
  )
}

/** It comes first: a new queue is mostly narrower than those there are, and behind them nothing would reach it. */
export async function createQueue(ctx: Ctx, input: NewQueue) {
  assertSeesTerms(ctx, input)
  await lockSettings(ctx)
  const inOrder = await queuesInOrder(ctx)
  const [queue] = await ctx.db
    .insert(queues)
    .values({ ...input, position: (inOrder[0]?.position ?? 1) - 1, createdAt: ctx.now })
    .returning()
  await refuseImpossible(ctx, queue!, [queue!, ...inOrder])
  ctx.emit(queuesSaved, { queueId: queue!.id })
  ctx.audit('queue.created', `queue:${queue!.id}`)
  return getQueue(ctx, queue!.id)
}

export async function changeQueue(ctx: Ctx, id: string, { expectedVersion, ...change }: QueueChange) {
  await lockSettings(ctx)
  const inOrder = await queuesInOrder(ctx)
  const before = found(
    inOrder.find(queue => queue.id === id && isVisible(ctx, queue)),
    'queue',
  )
  assertSeesTerms(ctx, before)
  if (expectedVersion !== undefined && expectedVersion !== before.version)
    throw conflict('changed_meanwhile', 'Somebody changed this queue meanwhile.', { version: before.version })
  const fields = Object.keys(change)
  if (fields.length === 0) return getQueue(ctx, id)
  assertSeesTerms(ctx, { ...before, ...change } as Queue)
  const [after] = await ctx.db
    .update(queues)
    .set({ ...change, version: before.version + 1 })
    .where(eq(queues.id, id))
    .returning()
  await refuseImpossible(
    ctx,
    after!,
    inOrder.map(queue => (queue.id === id ? after! : queue)),
  )
  ctx.emit(queuesSaved, { queueId: id })
  ctx.audit('queue.changed', `queue:${id}`, fields)
  return getQueue(ctx, id)
}

/** All of them, in the order in which they shall be asked. */
export async function orderQueues(ctx: Ctx, ids: readonly string[]) {
  assertSeesStores(ctx.actor, null)
  await lockSettings(ctx)
  const known = (await queuesInOrder(ctx)).map(({ id }) => id)
  if (known.length !== ids.length || !known.every(id => ids.includes(id)))
    throw conflict('changed_meanwhile', 'The order names other queues than there are.')
  await ctx.db
    .update(queues)
    .set({ position: sql`array_position(${sql.param([...ids])}::uuid[], ${queues.id})` })
    .where(inArray(queues.id, [...ids]))
  ctx.emit(queuesSaved, { queueId: null })
  ctx.audit('queue.ordered', 'queues')
  return listQueues(ctx)
}

/** What waits in it is placed anew. One that others send on to stays. */
export async function deleteQueue(ctx: Ctx, id: string) {
  await lockSettings(ctx)
  const inOrder = await queuesInOrder(ctx)
  const queue = found(
    inOrder.find(one => one.id === id && isVisible(ctx, one)),
    'queue',
  )
  assertSeesTerms(ctx, queue)
  const user = inOrder.find(one => one.id !== id && [one.overflowQueueId, one.outOfHoursQueueId].includes(id))
  if (user)
    throw conflict('queue_in_use', 'Another queue sends its conversations on to this one.', {
      queueId: user.id,
    })
  await ctx.db.update(queues).set({ archivedAt: ctx.now }).where(eq(queues.id, id))
  ctx.emit(queuesSaved, { queueId: id })
  ctx.audit('queue.deleted', `queue:${id}`)
}

/** What waits finds its queue anew, by the settings as they are now. */
export async function forgetPlaces(ctx: Ctx) {
  await ctx.db
    .update(conversations)
    .set({ queuedAt: null, overflowAt: null })
    .where(and(isWaitingSql, isNotNull(conversations.queuedAt)))
}

const seededName = { zh: '在线聊天', en: 'Chats' }

/** Named in the reader's language until somebody renames it. */
export const queueName = ({ code, name }: Pick<Queue, 'code' | 'name'>, locale: Locale) =>
  code === 'chats' && name === seededName.en ? seededName[locale] : name

/** Web chats are given out, everything else waits for whoever pulls it: what a house did before it had queues. */
export async function seedQueue(ctx: Ctx) {
  await ctx.db
    .insert(queues)
    .values({ code: 'chats', name: seededName.en, position: 1_000, channelKinds: ['web_chat'] })
    .onConflictDoNothing()
}

/** A queue of some stores is there for who sees one of them. */
export const isVisible = (ctx: Ctx, { storeIds }: Pick<Queue, 'storeIds'>) =>
  storeIds.length === 0 || storeIds.some(id => sees(ctx.actor, id))

const settingsLock = 0x0afa_0011

/** Two who change queues at once could close a loop that neither of them sees. */
const lockSettings = (ctx: Ctx) => ctx.db.execute(sql`select pg_advisory_xact_lock(${settingsLock})`)

const assertSeesTerms = (ctx: Ctx, { storeIds }: Pick<Queue, 'storeIds'>) =>
  assertSeesStores(ctx.actor, storeIds.length > 0 ? storeIds : null)

async function refuseImpossible(ctx: Ctx, queue: Queue, inOrder: readonly Queue[]) {
  const known = new Set(inOrder.map(({ id }) => id))
  if (exitsOf(queue).some(id => !known.has(id)))
    throw invalid('queue_not_found', 'There is no such queue to send on to.')
  if ((queue.overflowSeconds === null) !== (queue.overflowQueueId === null))
    throw invalid('overflow_incomplete', 'An overflow needs both a time and a queue to go to.')
  if (queue.outOfHours === 'other_queue' && queue.outOfHoursQueueId === null)
    throw invalid('out_of_hours_incomplete', 'Say which queue takes over out of hours.')
  const loop = loopThrough(queue, inOrder)
  if (loop.length > 0)
    throw invalid('queue_loop', 'Conversations would go round in a circle.', { queueIds: loop })
  await refuseUnknown(ctx, queue)
}

/** Stores, teams and people that a queue names must be there. */
export async function refuseUnknown(
  ctx: Ctx,
  { storeIds, teamIds, staffIds }: Pick<Queue, 'storeIds' | 'teamIds' | 'staffIds'>,
) {
  const counts = await ctx.db.execute<{ stores: number; teams: number; staff: number }>(sql`select
    (select count(*) from ${stores} where ${stores.id} = any(${sql.param(storeIds)}::uuid[])) as stores,
    (select count(*) from ${teams} where ${teams.id} = any(${sql.param(teamIds)}::uuid[])) as teams,
    (select count(*) from ${staff} where ${staff.id} = any(${sql.param(staffIds)}::uuid[])) as staff`)
  const known = counts.rows[0]!
  if (known.stores < new Set(storeIds).size)
    throw invalid('unknown_store', 'One of these stores does not exist.')
  if (known.teams < new Set(teamIds).size) throw invalid('unknown_team', 'One of these teams does not exist.')
  if (known.staff < new Set(staffIds).size)
    throw invalid('unknown_staff', 'One of these colleagues does not exist.')
}

async function presenter(ctx: Ctx) {
  const inOrder = await queuesInOrder(ctx)
  const agents = await listAgents(ctx, await weightsInForce(ctx))
  const locale = await readerLocale(ctx)
  const named = inOrder.map(queue => ({ ...queue, name: queueName(queue, locale) }))
  return {
    inOrder: named,
    queue: ({ createdAt: _, archivedAt: __, ...queue }: Queue) => ({
      ...queue,
      warnings: warningsOf(named.find(({ id }) => id === queue.id)!, named, agents),
    }),
  }
}
