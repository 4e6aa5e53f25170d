import { sql } from 'drizzle-orm'
import { type Ctx, system } from '../../platform/context.ts'
import { isCollision, isDatabaseAway, reasonOf } from '../../platform/errors.ts'
import type { Worker } from '../../platform/module.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { adapterOf } from '../channels/adapters.ts'
import { claimInbound, failInbound, finishInbound, ignoreInbound, waitingLanes } from '../channels/ledger.ts'
import { channels, laneCount } from '../channels/tables.ts'
import { noteContacts } from '../customers/identities.ts'
import { resolveCustomers } from '../customers/resolve.ts'
import { findHandedIn, keepAttachments } from './attachments.ts'
import { type Incoming, receiveMessages } from './incoming.ts'
import { reopenDays } from './widget.ts'

const batchSize = 200

/**
 * Takes what the ledger holds into conversations: every lane in order and by itself, whole batches in one
 * transaction. A batch that fails is taken again one by one, so the one bad item is found, tried five times and
 * parked, while the line goes on.
 */
export function startTakingIn(place: Workplace): Worker {
  const draining = new Map<number, Promise<void>>()
  const askedAgain = new Set<number>()
  let isAsked = false
  let stopped = false
  let looking: Promise<void> = Promise.resolve()

  const notePause = (error: unknown) => place.log.warn({ err: error }, 'taking in paused')

  async function look() {
    isAsked = false
    if (stopped) return
    const lanes =
      draining.size === laneCount ? draining.keys() : await waitingLanes(lookingContext(place, system))
    for (const lane of lanes) start(lane)
  }

  /** No lane waits for another: one that always has something would starve the rest. */
  function start(lane: number) {
    if (stopped) return
    if (draining.has(lane)) return void askedAgain.add(lane)
    const drained = drain(lane)
      .catch(notePause)
      .then(() => {
        draining.delete(lane)
        if (askedAgain.delete(lane)) start(lane)
      })
    draining.set(lane, drained)
  }

  async function drain(lane: number) {
    let limit = batchSize
    while (!stopped) {
      try {
        const taken = await transact(place, system, ctx => takeIn(ctx, lane, limit))
        // Nothing more, or another process has the lane.
        if (taken === 0) return
        limit = Math.min(limit * 2, batchSize)
      } catch (error) {
        if (isDatabaseAway(error) || isCollision(error)) return
        if (limit === 1) await transact(place, system, ctx => failInbound(ctx, lane, reasonOf(error)))
        limit = 1
      }
    }
  }

  return {
    wake() {
      if (isAsked || stopped) return
      isAsked = true
      looking = looking.then(look).catch(notePause)
    },
    async stop() {
      stopped = true
      await looking
      await Promise.all(draining.values())
    },
  }
}

/** Takes the next items of a lane; answers how many. Throws as a whole. */
async function takeIn(ctx: Ctx, lane: number, limit: number): Promise<number> {
  const items = await claimInbound(ctx, lane, limit)
  if (items.length === 0) return 0
  const accounts = new Map(
    (
      await ctx.db
        .select()
        .from(channels)
        .where(
          sql`${channels.id} = any(${sql.param([...new Set(items.map(item => item.channelId))])}::uuid[])`,
        )
        .prepare('channels-of-inbound')
        .execute()
    ).map(row => [row.id, row]),
  )
  const understood = items.flatMap(item => {
    const channel = accounts.get(item.channelId)!
    return adapterOf(channel.kind)
      .parse(item, channel)
      .map(message => ({ item, channel, message }))
  })
  const people = await resolveCustomers(
    ctx,
    understood.map(({ message, channel }) => ({
      ...message.identity,
      name: message.name,
      language: message.language,
      source: channel.kind,
    })),
  )
  await noteContacts(
    ctx,
    understood.map(({ message, channel }, n) => ({
      ...message.contact,
      customerId: people[n]!.customerId,
      source: channel.kind,
    })),
  )
  const attached = await findHandedIn(
    ctx,
    understood.map(({ message, channel }, n) => ({
      storeId: channel.storeId,
      identityId: people[n]!.identityId,
      fileIds: message.attachments.map(({ fileId }) => fileId),
    })),
  )
  const incoming = understood.map(({ item, channel, message }, n): Incoming & { inboundId: number } => ({
    storeId: channel.storeId,
    channelId: channel.id,
    channelKind: channel.kind,
    identityId: people[n]!.identityId,
    customerId: people[n]!.customerId,
    text: message.text,
    attachments: attached[n]!,
    language: message.language ?? null,
    clientId: null,
    inboundId: item.id,
    reopenDays: reopenDays(channel.settings),
  }))
  const said = incoming.filter(saysSomething)
  const placed = said.length > 0 ? await receiveMessages(ctx, said) : []
  await keepAttachments(
    ctx,
    said.map(({ attachments }, n) => ({ attachments, conversationId: placed[n]!.conversationId })),
  )
  await finishInbound(
    ctx,
    said.map(({ inboundId }, n) => ({ ...placed[n]!, id: inboundId })),
  )
  for (const { inboundId } of incoming.filter(message => !saysSomething(message)))
    await ignoreInbound(ctx, inboundId, 'attachment_not_found')
  for (const item of items.filter(item => !understood.some(one => one.item === item)))
    await ignoreInbound(ctx, item.id, 'nothing_said')
  return items.length
}

const saysSomething = ({ text, attachments }: Incoming) => text.trim() !== '' || attachments.length > 0
