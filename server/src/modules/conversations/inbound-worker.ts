import { inArray } from 'drizzle-orm'
import { type Ctx, system } from '../../platform/context.ts'
import { isCollision, isDatabaseAway, reasonOf } from '../../platform/errors.ts'
import type { Worker } from '../../platform/module.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { adapterOf } from '../channels/adapters.ts'
import { claimInbound, failInbound, finishInbound, ignoreInbound, waitingLanes } from '../channels/ledger.ts'
import { channels } from '../channels/tables.ts'
import { noteContacts } from '../customers/identities.ts'
import { resolveCustomers } from '../customers/resolve.ts'
import { findHandedIn, keepAttachments } from './attachments.ts'
import { type Incoming, receiveMessages } from './incoming.ts'
import { reopenDays } from './widget.ts'

const batchSize = 200

/**
 * Takes what the ledger holds into conversations: every lane in order, the lanes side by side, whole batches in
 * one transaction. A batch that fails is taken again one by one, so the one bad item is found, tried five times
 * and parked, while the line goes on.
 */
export function startTakingIn(place: Workplace): Worker {
  let asked = false
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  async function takeAll() {
    while (!stopped) {
      const taken = await Promise.all((await look()).map(drain))
      // Nothing more, or another process holds what is left.
      if (!taken.some(count => count > 0)) return
    }
  }

  const look = () => waitingLanes(lookingContext(place, system))

  async function drain(lane: number): Promise<number> {
    let limit = batchSize
    let total = 0
    while (!stopped) {
      try {
        const taken = await transact(place, system, ctx => takeIn(ctx, lane, limit))
        if (taken === 0) break
        total += taken
      } catch (error) {
        if (isDatabaseAway(error) || isCollision(error)) break
        if (limit === 1) await transact(place, system, ctx => failInbound(ctx, lane, reasonOf(error)))
        limit = 1
      }
    }
    return total
  }

  function wake() {
    if (asked || stopped) return
    asked = true
    running = running.then(() => {
      asked = false
      return stopped
        ? undefined
        : takeAll().catch(error => place.log.warn({ err: error }, 'taking in paused'))
    })
  }

  return {
    wake,
    async stop() {
      stopped = true
      await running
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
        .where(inArray(channels.id, [...new Set(items.map(item => item.channelId))]))
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
