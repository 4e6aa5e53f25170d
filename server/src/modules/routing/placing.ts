import { and, asc, eq, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { conversations, isUnplacedSql, isWaitingSql } from '../conversations/tables.ts'
import { customers } from '../customers/tables.ts'
import { type BusinessCalendar, isOpen, nextOpening, type OpeningHours } from '../settings/business-time.ts'
import { chooseQueue, primary, type Queue } from './choosing.ts'

export type Stores = ReadonlyMap<string, { language: string; isOpen: boolean; calendar: BusinessCalendar }>

/** Where something waits now that did not wait there before. */
type Moved = { queueIds: readonly (string | null)[]; hasMore: boolean }
export const nothingMoved: Moved = { queueIds: [], hasMore: false }

const mostAtOnce = 500

export async function storesNow(ctx: Ctx): Promise<Stores> {
  const { rows } = await executeNamed<StoreHours>(
    ctx.db,
    'stores-of-routing',
    sql`select stores.id, stores.languages, calendars.zone, weekly, closed, special
      from stores left join calendars on calendars.id = calendar_id`,
  )
  return new Map(
    rows.map(({ id, languages, zone, ...hours }) => {
      const calendar: BusinessCalendar = zone === null ? 'always' : { zone, ...hours }
      return [id, { language: primary(languages[0] ?? 'en'), calendar, isOpen: isOpen(calendar, ctx.now) }]
    }),
  )
}

type StoreHours = Omit<OpeningHours, 'zone'> & { id: string; languages: string[]; zone: string | null }

/** Gives everything that waits and has no queue yet the first one that fits. */
export async function placeWaiting(ctx: Ctx, inOrder: readonly Queue[], known: Stores): Promise<Moved> {
  // What somebody holds at this moment, say because the customer is writing on, is placed a second later.
  const rows = await ctx.db
    .select({
      id: conversations.id,
      storeId: conversations.storeId,
      channelKind: conversations.channelKind,
      language: conversations.language,
      reason: conversations.reason,
      waitingSince: conversations.waitingSince,
      tags: customers.tags,
    })
    .from(conversations)
    .innerJoin(customers, eq(customers.id, conversations.customerId))
    .where(and(isWaitingSql, isUnplacedSql))
    .orderBy(asc(conversations.waitingSince))
    .limit(mostAtOnce)
    .for('update', { of: conversations, skipLocked: true })
  const places = rows.map(({ id, tags, waitingSince, ...row }) => {
    const language = primary(row.language ?? known.get(row.storeId)!.language)
    const fitting = chooseQueue(inOrder, { ...row, language, customerTags: tags })
    return {
      id,
      at: waitingSince! > ctx.now ? waitingSince! : ctx.now,
      ...entrance(ctx, fitting, row.storeId, inOrder, known),
      isVip: fitting ? fitting.vipTags.some(tag => tags.includes(tag)) : false,
    }
  })
  await writePlaces(ctx, places)
  return { queueIds: places.map(({ queueId }) => queueId), hasMore: rows.length === mostAtOnce }
}

/** Sends on what waited too long in its queue, or waits where its store has closed. */
export async function moveOn(
  ctx: Ctx,
  inOrder: readonly Queue[],
  known: Stores,
  hasDue: boolean,
): Promise<Moved> {
  const byId = new Map(inOrder.map(queue => [queue.id, queue]))
  const due = hasDue ? await waitingIn(ctx, lte(conversations.overflowAt, ctx.now)) : []
  const closing = inOrder.filter(queue => queue.outOfHours === 'other_queue')
  const closed = [...known].filter(([, store]) => !store.isOpen).map(([id]) => id)
  const shut =
    closing.length === 0 || closed.length === 0
      ? []
      : await waitingIn(
          ctx,
          inArray(
            conversations.queueId,
            closing.map(({ id }) => id),
          ),
          inArray(conversations.storeId, closed),
        )
  const moved = new Map(
    [
      ...due.map(row => ({ row, why: 'overflow' as const })),
      ...shut.map(row => ({ row, why: 'out_of_hours' as const })),
    ].map(({ row, why }) => {
      const from = byId.get(row.queueId!)
      const isHeld = why === 'overflow' && from?.outOfHours === 'hold' && !known.get(row.storeId)!.isOpen
      const to =
        why === 'out_of_hours'
          ? byId.get(from?.outOfHoursQueueId ?? '')
          : isHeld
            ? from
            : byId.get(from?.overflowQueueId ?? '')
      return [
        row.id,
        {
          id: row.id,
          at: ctx.now,
          isVip: row.isVip,
          ...entrance(ctx, to ?? from, row.storeId, inOrder, known, isHeld ? row.queuedWhy! : why),
        },
      ]
    }),
  )
  const places = [...moved.values()]
  await writePlaces(ctx, places)
  return {
    queueIds: places.map(({ queueId }) => queueId),
    hasMore: due.length === mostAtOnce || shut.length === mostAtOnce,
  }
}

/** Puts it into the queue that a person named, until its customer waits anew. The caller holds its row. */
export async function moveToQueue(
  ctx: Ctx,
  { id, storeId, isVip, waitingSince }: typeof conversations.$inferSelect,
  queue: Queue,
  inOrder: readonly Queue[],
) {
  const at = waitingSince && waitingSince > ctx.now ? waitingSince : ctx.now
  const place = entrance(ctx, queue, storeId, inOrder, await storesNow(ctx), 'moved')
  await writePlaces(ctx, [{ id, at, isVip, ...place }])
}

/**
 * What it is like to enter a queue: where the store is closed, the queue that takes over then; where it holds until
 * the store opens, its overflow is counted from there.
 */
function entrance(
  ctx: Ctx,
  queue: Queue | undefined,
  storeId: string,
  inOrder: readonly Queue[],
  known: Stores,
  why: QueuedWhy = 'terms',
): { queueId: string | null; why: QueuedWhy; overflowAt: Date | null } {
  const store = known.get(storeId)!
  if (queue?.outOfHours === 'other_queue' && !store.isOpen) {
    const other = inOrder.find(({ id }) => id === queue.outOfHoursQueueId)
    if (other) return entrance(ctx, other, storeId, inOrder, known, 'out_of_hours')
  }
  const from = queue?.outOfHours === 'hold' && !store.isOpen ? nextOpening(store.calendar, ctx.now) : ctx.now
  const overflowAt =
    from && queue?.overflowSeconds ? new Date(from.getTime() + queue.overflowSeconds * 1_000) : null
  return { queueId: queue?.id ?? null, why, overflowAt }
}

type QueuedWhy = NonNullable<(typeof conversations.$inferSelect)['queuedWhy']>
type Place = ReturnType<typeof entrance> & { id: string; at: Date; isVip: boolean }

async function writePlaces(ctx: Ctx, places: readonly Place[]) {
  if (places.length === 0) return
  const column = (pick: (place: Place) => unknown) => sql.param(places.map(pick))
  await ctx.db.execute(sql`
    update conversations set queue_id = n.queue_id, queued_at = n.at, queued_why = n.why, overflow_at = n.overflow_at, is_vip = n.is_vip
    from unnest(${column(p => p.id)}::uuid[], ${column(p => p.queueId)}::uuid[], ${column(p => p.at)}::timestamptz[],
      ${column(p => p.why)}::text[], ${column(p => p.overflowAt)}::timestamptz[], ${column(p => p.isVip)}::boolean[])
      as n(id, queue_id, at, why, overflow_at, is_vip)
    where conversations.id = n.id`)
}

const waitingIn = (ctx: Ctx, ...conditions: SQL[]) =>
  ctx.db
    .select()
    .from(conversations)
    .where(and(isWaitingSql, ...conditions))
    .orderBy(asc(conversations.id))
    .limit(mostAtOnce)
    .for('update', { skipLocked: true })
