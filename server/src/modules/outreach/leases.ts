import { randomUUID } from 'node:crypto'
import { and, eq, gt, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import type { ChannelFacts, Sending, SendResult } from '../channels/adapter.ts'
import { channels } from '../channels/tables.ts'
import { deliveryChanged } from './events.ts'
import { type DeliveryState, deliveries, deliveryBreakers } from './tables.ts'

const second = 1_000
const claimLock = 0x0afa_0200
/**
 * Longer than any sending may take, so a lease that ran out means that the sender died. A mail of 20 MB over a slow
 * line takes minutes.
 */
const leaseSeconds = sql`case when channel_id in (select id from channels where kind = 'mail') then 600 else 60 end`
const atOncePerChannel = 8
const failuresBeforePause = 5
const longestPauseSeconds = 60
const shortestWaitSeconds = 0.1
const longestWaitSeconds = 3_600

export type Claimed = Sending & {
  leaseToken: string
  attempts: number
  giveUpAt: Date
  /** Its last sender died with it in hand, so it may have arrived. */
  wasLost: boolean
  channel: ChannelFacts & { secretSealed: string | null; previousSecretSealed: string | null }
}

/** Whether anything may be sent now; cheap, for asking often. */
export async function hasDueDeliveries(ctx: Ctx): Promise<boolean> {
  const { rows } = await executeNamed(
    ctx.db,
    'due-deliveries',
    sql`
    select c.id from channels c left join delivery_breakers b on b.channel_id = c.id cross join lateral (
      select from deliveries where ${isOf(sql`c.id`)} and ${isFree(ctx)} order by channel_id, position limit 1) as first
    where ${isOpenFor(ctx)} limit 1`,
  )
  return rows.length > 0
}

/**
 * Takes what may go now, each for one sender and a limited time: the first open one of each conversation, some
 * of each channel, so that a channel that hangs keeps nobody else waiting. Claiming is one at a time, which
 * makes the counts exact; it takes milliseconds.
 */
export async function claimDeliveries(ctx: Ctx, limit: number): Promise<Claimed[]> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(${claimLock})`)
  const token = randomUUID()
  const { rows } = await ctx.db.execute<{ id: string; wasLost: boolean }>(sql`
    with room as (
      select c.id, case when b.failures >= ${failuresBeforePause} then 1 else ${atOncePerChannel} end
        - (select count(*) from deliveries d where d.channel_id = c.id and d.state = 'leased' and d.lease_until > ${ctx.now}) as places
      from channels c left join delivery_breakers b on b.channel_id = c.id
      where ${isOpenFor(ctx)}
    ), chosen as (
      select due.id, due.state = 'leased' as was_lost from room cross join lateral (
        select id, state, position from deliveries
        where ${isOf(sql`room.id`)} and ${isFree(ctx)}
          and not exists (select from deliveries earlier where earlier.conversation_id = deliveries.conversation_id
            and earlier.state in ('pending', 'leased') and earlier.position < deliveries.position)
        order by channel_id, position limit greatest(room.places, 0)
      ) as due order by due.position limit ${limit}
    )
    update deliveries set state = 'leased', attempts = attempts + 1, lease_token = ${token},
      lease_until = ${ctx.now}::timestamptz + ${leaseSeconds} * interval '1 second'
    from chosen where deliveries.id = chosen.id
    returning deliveries.id, chosen.was_lost as "wasLost"`)
  if (rows.length === 0) return []
  const lost = new Set(rows.filter(row => row.wasLost).map(row => row.id))
  const claimed = await ctx.db
    .select({ delivery: deliveries, channel: channels })
    .from(deliveries)
    .innerJoin(channels, eq(channels.id, deliveries.channelId))
    .where(eq(deliveries.leaseToken, token))
    .orderBy(deliveries.position)
  return claimed.map(({ delivery, channel }) => ({
    ...delivery,
    channel,
    leaseToken: token,
    wasLost: lost.has(delivery.id),
  }))
}

/** Writes down what became of a sending, unless the lease ran out meanwhile and it is another sender's now. */
export async function settleDelivery(ctx: Ctx, claimed: Claimed, result: SendResult) {
  const isGivenUp = result.outcome === 'later' && ctx.now >= claimed.giveUpAt
  const state = isGivenUp ? 'dead' : result.outcome === 'later' ? 'pending' : result.outcome
  const [settled] = await ctx.db
    .update(deliveries)
    .set({
      state,
      leaseToken: null,
      leaseUntil: null,
      reason: result.outcome === 'done' ? null : result.reason.slice(0, 500),
      ...(result.outcome === 'done' && {
        providerRef: result.providerRef ?? null,
        refusedRecipients: result.refusedRecipients ?? null,
      }),
      ...(state === 'pending' ? { notBefore: nextTry(ctx, claimed.attempts, result) } : { doneAt: ctx.now }),
    })
    .where(
      and(
        eq(deliveries.id, claimed.id),
        eq(deliveries.leaseToken, claimed.leaseToken),
        eq(deliveries.state, 'leased'),
      ),
    )
    .returning()
  if (!settled) return
  if (state !== 'pending') announce(ctx, settled, claimed.channel.storeId)
  if (result.outcome !== 'later') await noteAnswer(ctx, claimed.channel.id)
  else if (!result.isOnlyThis) await noteFailure(ctx, claimed.channel.id, result.pauseSeconds)
}

/** Gives up what nobody took in its time, also where it was never its turn. */
export async function giveUpDeliveries(ctx: Ctx) {
  const dead = await ctx.db
    .update(deliveries)
    .set({ state: 'dead', doneAt: ctx.now, reason: sql`coalesce(${deliveries.reason}, 'not_sent_in_time')` })
    .where(and(eq(deliveries.state, 'pending'), lte(deliveries.giveUpAt, ctx.now)))
    .returning()
  const stores = await ctx.db
    .select({ id: channels.id, storeId: channels.storeId })
    .from(channels)
    .where(inArray(channels.id, [...new Set(dead.map(row => row.channelId))]))
  const storeOf = new Map(stores.map(channel => [channel.id, channel.storeId]))
  for (const row of dead) announce(ctx, row, storeOf.get(row.channelId)!)
}

/**
 * Written as a range, and ordered by both columns, so that only the small index of what is open gives the order:
 * statistics from another hour must not lead the planner through millions of finished rows instead.
 */
const isOf = (channelId: SQL) =>
  sql`state in ('pending', 'leased') and channel_id >= ${channelId} and channel_id <= ${channelId}`

const isFree = (ctx: Ctx) =>
  sql`((state = 'pending' and not_before <= ${ctx.now}) or (state = 'leased' and lease_until <= ${ctx.now}))`

const isOpenFor = (ctx: Ctx) => sql`(c.active and (b.paused_until is null or b.paused_until <= ${ctx.now}))`

/** Full jitter: anywhere up to a bound that doubles from 1 s to 1 h. */
function nextTry(ctx: Ctx, attempts: number, result: SendResult) {
  const bound = Math.min(longestWaitSeconds, 2 ** (attempts - 1))
  const asked = 'pauseSeconds' in result ? (result.pauseSeconds ?? 0) : 0
  return new Date(ctx.now.getTime() + Math.max(Math.random() * bound, shortestWaitSeconds, asked) * second)
}

function announce(ctx: Ctx, row: typeof deliveries.$inferSelect, storeId: string) {
  const { id: deliveryId, messageId, conversationId, channelId, state } = row
  ctx.emit(
    deliveryChanged,
    { deliveryId, messageId, conversationId, channelId, storeId, state: state as DeliveryState },
    { conversationId },
  )
}

async function noteFailure(ctx: Ctx, channelId: string, pauseSeconds: number | undefined) {
  const asked = pauseSeconds === undefined ? null : new Date(ctx.now.getTime() + pauseSeconds * second)
  const failures = sql`${deliveryBreakers.failures} + 1`
  const pause = sql`${ctx.now}::timestamptz + least(${longestPauseSeconds}, 2 ^ (${failures} - ${failuresBeforePause})) * (0.5 + random() / 2) * interval '1 second'`
  await ctx.db
    .insert(deliveryBreakers)
    .values({ channelId, failures: 1, pausedUntil: asked })
    .onConflictDoUpdate({
      target: deliveryBreakers.channelId,
      set: {
        failures,
        pausedUntil: sql`greatest(case when ${failures} >= ${failuresBeforePause} then ${pause} end, ${asked}::timestamptz)`,
      },
    })
}

/** The other side is there. What it kept waiting by its absence need not wait out its own pause. */
async function noteAnswer(ctx: Ctx, channelId: string) {
  const [breaker] = await ctx.db
    .delete(deliveryBreakers)
    .where(eq(deliveryBreakers.channelId, channelId))
    .returning()
  if (!breaker || breaker.failures < failuresBeforePause) return
  await ctx.db
    .update(deliveries)
    .set({ notBefore: ctx.now })
    .where(
      and(
        eq(deliveries.channelId, channelId),
        eq(deliveries.state, 'pending'),
        gt(deliveries.notBefore, ctx.now),
      ),
    )
}
