import { crc32 } from 'node:zlib'
import { and, asc, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { conflict } from '../../platform/errors.ts'
import type { RawItem } from './adapter.ts'
import { inboundParked, inboundRetried } from './events.ts'
import { getInbound } from './listing.ts'
import { channels, inbound, laneCount, lanes, type Traffic } from './tables.ts'

const attemptsBeforeParking = 5
const second = 1_000
const laneLocks = 0x0afa_0100

/** An item without its bytes: `size` says how many they are, wherever they lie. */
export type InboundHead = Pick<
  typeof inbound.$inferSelect,
  'id' | 'channelId' | 'externalId' | 'line' | 'lane' | 'rawFile' | 'headers' | 'receivedAt' | 'attempts'
> & { size: number }

export type ClaimedInbound = InboundHead & RawItem

/** Stable for ever: rows keep the lane they were given. */
export const laneOf = (line: string, traffic: Traffic = 'live') =>
  lanes[traffic][crc32(line) % lanes[traffic].length]!

/** The lanes in which something may be done now. */
export async function waitingLanes(ctx: Ctx): Promise<number[]> {
  const { rows } = await executeNamed<{ lane: number }>(
    ctx.db,
    'waiting-lanes',
    sql`
    select l.lane from generate_series(0, ${sql.raw(`${laneCount - 1}`)}) as l(lane) cross join lateral (
      select from inbound where ${isIn(sql`l.lane`)} and ${isDue(ctx.now)} order by lane, id limit 1) as first`,
  )
  return rows.map(row => row.lane)
}

/**
 * The oldest items of a lane, for this transaction alone: until it ends nobody else gets anything from the
 * lane, so what it does to them it does once and in order. A line whose first item failed waits with it.
 * Empty when another process has the lane.
 */
export async function claimInbound(ctx: Ctx, lane: number, limit: number): Promise<ClaimedInbound[]> {
  if (!(await lockLane(ctx, lane))) return []
  return ctx.db
    .select({ ...head, raw: inbound.raw })
    .from(inbound)
    .where(isNext(ctx, lane))
    .orderBy(...inOrder)
    .limit(limit)
    .prepare('claim-inbound')
    .execute()
}

/** As `claimInbound`, where the bytes have been looked at before. */
export async function claimHeads(ctx: Ctx, lane: number, limit: number): Promise<InboundHead[]> {
  return (await lockLane(ctx, lane)) ? peekInbound(ctx, lane, { limit }) : []
}

/** What would be claimed now, without claiming it: to prepare what takes longer than a transaction may. */
export const peekInbound = (
  ctx: Ctx,
  lane: number,
  { after, limit }: { after?: number; limit: number },
): Promise<InboundHead[]> =>
  ctx.db
    .select(head)
    .from(inbound)
    .where(isNext(ctx, lane, after))
    .orderBy(...inOrder)
    .limit(limit)
    .prepare('peek-inbound')
    .execute()

/** The bytes of items whose bytes are few. */
export async function readRaw(ctx: Ctx, ids: readonly number[]): Promise<Map<number, Buffer>> {
  const rows = await ctx.db
    .select({ id: inbound.id, raw: inbound.raw })
    .from(inbound)
    .where(sql`${inbound.id} = any(${sql.param(ids)}::bigint[])`)
    .prepare('read-raw')
    .execute()
  return new Map(rows.map(({ id, raw }) => [id, raw]))
}

async function lockLane(ctx: Ctx, lane: number) {
  const { rows } = await executeNamed<{ mine: boolean }>(
    ctx.db,
    'lock-lane',
    sql`select pg_try_advisory_xact_lock(${laneLocks}, ${lane}) as mine`,
  )
  return rows[0]!.mine
}

const head = {
  id: inbound.id,
  channelId: inbound.channelId,
  externalId: inbound.externalId,
  line: inbound.line,
  lane: inbound.lane,
  rawFile: inbound.rawFile,
  headers: inbound.headers,
  receivedAt: inbound.receivedAt,
  attempts: inbound.attempts,
  size: sql<number>`coalesce((${inbound.rawFile} ->> 'size')::bigint, octet_length(${inbound.raw}))`,
}

const isNext = (ctx: Ctx, lane: number, after = 0) =>
  and(
    isIn(sql`${lane}`),
    sql`${inbound.id} > ${after}`,
    isDue(ctx.now),
    sql`not exists (${earlierOnTheLine(ctx)})`,
  )

const inOrder = [asc(inbound.lane), asc(inbound.id)]

/** Every item must still stand open; else it was finished twice and the transaction is wrong as a whole. */
export async function finishInbound(
  ctx: Ctx,
  items: readonly { id: number; messageId: string; conversationId: string }[],
) {
  if (items.length === 0) return
  const column = (pick: (item: (typeof items)[number]) => unknown) => sql.param(items.map(pick))
  const { rowCount } = await executeNamed(
    ctx.db,
    'finish-inbound',
    sql`
    update inbound set state = 'done', message_id = n.message_id, conversation_id = n.conversation_id,
      done_at = ${ctx.now}, next_at = null, reason = null
    from unnest(${column(i => i.id)}::bigint[], ${column(i => i.messageId)}::uuid[],
      ${column(i => i.conversationId)}::uuid[]) as n(id, message_id, conversation_id)
    where inbound.id = n.id and inbound.state = 'received'`,
  )
  if (rowCount !== items.length) throw new Error('An item of the inbound ledger was finished twice.')
}

export async function ignoreInbound(ctx: Ctx, id: number, reason: string) {
  await ctx.db
    .update(inbound)
    .set({ state: 'ignored', reason: short(reason), doneAt: ctx.now, nextAt: null })
    .where(and(eq(inbound.id, id), eq(inbound.state, 'received')))
}

/** Sets aside what a blocked sender wrote: nobody sees it, and it can be taken in once he is no longer blocked. */
export async function ignoreBlocked(ctx: Ctx, items: readonly { id: number; identityId: string }[]) {
  if (items.length === 0) return
  const column = (pick: (item: (typeof items)[number]) => unknown) => sql.param(items.map(pick))
  await executeNamed(
    ctx.db,
    'ignore-blocked',
    sql`
    update inbound set state = 'ignored', reason = 'sender_blocked', identity_id = n.identity_id, done_at = ${ctx.now}, next_at = null
    from unnest(${column(i => i.id)}::bigint[], ${column(i => i.identityId)}::uuid[]) as n(id, identity_id)
    where inbound.id = n.id and inbound.state = 'received'`,
  )
}

/** Where a card number could not be masked in them the bytes are gone. */
export const hasOriginal = sql`(octet_length(inbound.raw) > 0 or inbound.raw_file is not null)`

/** Puts all that these senders wrote while they were blocked back at its place, and answers how much that is. */
export async function retryBlocked(ctx: Ctx, identityIds: readonly string[]): Promise<number> {
  const items = await ctx.db
    .update(inbound)
    .set({ state: 'received', attempts: 0, reason: null, identityId: null, nextAt: null, doneAt: null })
    .from(channels)
    .where(
      and(eq(channels.id, inbound.channelId), inArray(inbound.identityId, [...identityIds]), hasOriginal),
    )
    .returning({ inboundId: inbound.id, channelId: inbound.channelId, storeId: channels.storeId })
  for (const item of items) {
    ctx.emit(inboundRetried, item)
    ctx.audit('inbound.retried', `inbound:${item.inboundId}`)
  }
  return items.length
}

/**
 * Notes that the first item of a lane could not be taken in, in a transaction of its own after the failed one.
 * Its line waits 2, 4, 8, 16 s; the fifth time it is parked and the line goes on.
 */
export async function failInbound(
  ctx: Ctx,
  lane: number,
  reason: string,
): Promise<'waits' | 'parked' | null> {
  const [item] = await claimHeads(ctx, lane, 1)
  if (!item) return null
  const attempts = item.attempts + 1
  if (attempts >= attemptsBeforeParking) {
    await parkInbound(ctx, item.id, reason, attempts)
    return 'parked'
  }
  await ctx.db
    .update(inbound)
    .set({ attempts, reason: short(reason), nextAt: new Date(ctx.now.getTime() + second * 2 ** attempts) })
    .where(eq(inbound.id, item.id))
  return 'waits'
}

/** Sets an item aside for a person, with the reason; what stood behind it in its line goes on. */
export async function parkInbound(ctx: Ctx, id: number, reason: string, attempts?: number) {
  const [parked] = await ctx.db
    .update(inbound)
    .set({
      state: 'parked',
      reason: short(reason),
      nextAt: null,
      ...(attempts !== undefined && { attempts }),
    })
    .where(and(eq(inbound.id, id), eq(inbound.state, 'received')))
    .returning({ channelId: inbound.channelId })
  if (parked) ctx.emit(inboundParked, await aboutInbound(ctx, id, parked.channelId))
}

/** Puts a parked or ignored item back at its place, as if it had just come. */
export async function retryInbound(ctx: Ctx, id: number) {
  await getInbound(ctx, id)
  const [retried] = await ctx.db
    .update(inbound)
    .set({ state: 'received', attempts: 0, reason: null, identityId: null, nextAt: null, doneAt: null })
    .where(and(eq(inbound.id, id), inArray(inbound.state, ['parked', 'ignored'])))
    .returning({ channelId: inbound.channelId })
  if (!retried)
    throw conflict('inbound_not_set_aside', 'Only what is parked or was ignored can be tried again.')
  ctx.emit(inboundRetried, await aboutInbound(ctx, id, retried.channelId))
  ctx.audit('inbound.retried', `inbound:${id}`)
  return getInbound(ctx, id)
}

/**
 * Written as a range, and ordered by both columns, so that only the small index of what waits gives the order:
 * statistics from another hour must not lead the planner through millions of finished rows instead.
 */
const isIn = (lane: SQL) => sql`${inbound.lane} >= ${lane} and ${inbound.lane} <= ${lane}`

/** The state is written out: as a parameter it hid the index from any plan that is kept, and each claim was planned anew. */
const isDue = (now: Date) =>
  and(sql`${inbound.state} = 'received'`, or(isNull(inbound.nextAt), lte(inbound.nextAt, now)))

const earlier = alias(inbound, 'earlier')

const earlierOnTheLine = (ctx: Ctx) =>
  ctx.db
    .select({ id: earlier.id })
    .from(earlier)
    .where(
      and(
        sql`${earlier.state} = 'received'`,
        eq(earlier.lane, inbound.lane),
        eq(earlier.channelId, inbound.channelId),
        eq(earlier.line, inbound.line),
        sql`${earlier.id} < ${inbound.id}`,
        sql`${earlier.nextAt} > ${ctx.now}`,
      ),
    )

async function aboutInbound(ctx: Ctx, id: number, channelId: string) {
  const [channel] = await ctx.db
    .select({ storeId: channels.storeId })
    .from(channels)
    .where(eq(channels.id, channelId))
  return { inboundId: id, channelId, storeId: channel!.storeId }
}

const short = (reason: string) => reason.replaceAll('\u0000', '').slice(0, 500)
