import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { type Ctx, sees } from '../../platform/context.ts'
import { conflict, found, notFound } from '../../platform/errors.ts'
import type { OutboundMessage } from '../channels/adapter.ts'
import { channels } from '../channels/tables.ts'
import { readCursor, writeCursor } from '../customers/cursors.ts'
import { deliveryChanged } from './events.ts'
import type { Delivery, DeliveryFilter } from './schemas.ts'
import { deliveries } from './tables.ts'

/** Long enough for a receiver's bad night; what is still not taken then waits for a person. */
const givenUpAfter = 24 * 3_600_000

export type NewDelivery = {
  channelId: string
  messageId: string
  conversationId: string
  /** Says what this is the sending of; the same again is nothing new. */
  idemKey: string
  payload: OutboundMessage
}

/**
 * Has something sent after this commit. Call it with the conversation's row locked: deliveries of a
 * conversation go out one after the other, in the order in which they were queued.
 */
export async function queueDelivery(ctx: Ctx, delivery: NewDelivery) {
  const times = { createdAt: ctx.now, notBefore: ctx.now, giveUpAt: givenUpAt(ctx) }
  await ctx.db
    .insert(deliveries)
    .values({ ...delivery, ...times })
    .onConflictDoNothing({ target: deliveries.idemKey })
}

/** Newest first. */
export async function listDeliveries(ctx: Ctx, { state, channelId, cursor, limit }: DeliveryFilter) {
  const before = readCursor(cursor, 'position')
  const { storeIds } = ctx.actor
  const rows = await selectDeliveries(ctx)
    .where(
      and(
        // Said so that the planner finds the small index of what was set aside.
        state && isSetAside(state) ? inArray(deliveries.state, [...setAside]) : undefined,
        state ? eq(deliveries.state, state) : undefined,
        channelId ? eq(deliveries.channelId, channelId) : undefined,
        before === undefined ? undefined : lt(deliveries.position, before),
        storeIds === 'all' ? undefined : inArray(channels.storeId, [...storeIds]),
        inSeenHands(ctx),
      ),
    )
    .orderBy(desc(deliveries.position))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  return {
    items: page.map(present),
    next: rows.length > limit ? writeCursor(page.at(-1)!.delivery.position) : null,
  }
}

/** Sends again, by a person's decision, what was refused, given up, or may have arrived. */
export async function replayDelivery(ctx: Ctx, id: string): Promise<Delivery> {
  const before = await getDelivery(ctx, id)
  const [replayed] = await ctx.db
    .update(deliveries)
    .set({
      state: 'pending',
      attempts: 0,
      notBefore: ctx.now,
      giveUpAt: givenUpAt(ctx),
      reason: null,
      doneAt: null,
    })
    .where(and(eq(deliveries.id, id), inArray(deliveries.state, [...setAside])))
    .returning({ id: deliveries.id })
  if (!replayed)
    throw conflict(
      'delivery_not_set_aside',
      'Only what was refused, given up or is uncertain can be sent again.',
    )
  const { messageId, conversationId, channelId } = before.delivery
  const about = { deliveryId: id, messageId, conversationId, channelId, storeId: before.storeId }
  ctx.emit(deliveryChanged, { ...about, state: 'pending' }, { conversationId })
  ctx.audit('delivery.replayed', `delivery:${id}`)
  return present(await getDelivery(ctx, id))
}

const setAside = ['refused', 'uncertain', 'dead'] as const
const isSetAside = (state: string) => (setAside as readonly string[]).includes(state)

const givenUpAt = ({ now }: Ctx) => new Date(now.getTime() + givenUpAfter)

const selectDeliveries = (ctx: Ctx) =>
  ctx.db
    .select({ delivery: deliveries, storeId: sql<string>`${channels.storeId}` })
    .from(deliveries)
    .innerJoin(channels, eq(channels.id, deliveries.channelId))

type Selected = Awaited<ReturnType<typeof selectDeliveries>>[number]

async function getDelivery(ctx: Ctx, id: string): Promise<Selected> {
  const [row] = await selectDeliveries(ctx).where(and(eq(deliveries.id, id), inSeenHands(ctx)))
  const selected = found(row, 'delivery')
  if (!sees(ctx.actor, selected.storeId)) throw notFound('delivery')
  return selected
}

const inSeenHands = (ctx: Ctx) =>
  ctx.records.get('conversation')?.seen?.(ctx.actor, sql`${deliveries.conversationId}`)

const present = ({
  delivery: { payload, position, idemKey, leaseToken, leaseUntil, refusedRecipients, ...delivery },
}: Selected): Delivery => ({
  ...delivery,
  to: payload.to,
  text: payload.text,
})
