import { and, inArray, isNotNull, min, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { inVisibleStores } from '../conversations/conversations.ts'
import { conversations, isWaitingSql } from '../conversations/tables.ts'
import { readerLocale } from '../staff/roles.ts'
import { listAgents } from './agents.ts'
import { isMember } from './choosing.ts'
import { isVisible, queueName, queuesInOrder } from './queues.ts'
import { weightsInForce } from './weights.ts'

/** Each queue as it is this moment: who waits, since when, and who is there to take it. */
export async function listLiveQueues(ctx: Ctx) {
  const inOrder = (await queuesInOrder(ctx)).filter(queue => isVisible(ctx, queue))
  const agents = await listAgents(ctx, await weightsInForce(ctx))
  const locale = await readerLocale(ctx)
  const waiting = await ctx.db
    .select({
      queueId: conversations.queueId,
      n: sql<number>`count(*)::int`,
      since: min(conversations.waitingSince),
    })
    .from(conversations)
    .where(
      and(
        isWaitingSql,
        isNotNull(conversations.queueId),
        inArray(
          conversations.queueId,
          inOrder.map(({ id }) => id),
        ),
        inVisibleStores(ctx),
      ),
    )
    .groupBy(conversations.queueId)
  return inOrder.map(queue => {
    const members = agents.filter(agent => isMember(queue, agent))
    const line = waiting.find(({ queueId }) => queueId === queue.id)
    const inState = (state: string) => members.filter(agent => agent.state === state).length
    return {
      id: queue.id,
      name: queueName(queue, locale),
      pushes: queue.pushes,
      waiting: line?.n ?? 0,
      longestWaitingSince: line?.since ?? null,
      online: inState('online'),
      busy: inState('busy'),
      away: inState('away'),
      members: members
        .filter(({ state }) => state !== 'offline')
        .map(({ id, name, state, units, capacity, openChats, chatLimit, wrapUpUntil }) => ({
          id,
          name,
          state,
          units,
          capacity,
          openChats,
          chatLimit,
          wrapUpUntil: wrapUpUntil > ctx.now.getTime() ? new Date(wrapUpUntil) : null,
        })),
    }
  })
}
