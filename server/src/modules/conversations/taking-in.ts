import { sql } from 'drizzle-orm'
import { findCardNumbers } from '../../platform/card-numbers.ts'
import type { Ctx } from '../../platform/context.ts'
import { adapterOf } from '../channels/adapters.ts'
import { type ClaimedInbound, finishInbound, ignoreBlocked, ignoreInbound } from '../channels/ledger.ts'
import { scrubInbound } from '../channels/scrubbing.ts'
import { channels } from '../channels/tables.ts'
import { noteContacts } from '../customers/identities.ts'
import { resolveCustomers } from '../customers/resolve.ts'
import { findHandedIn, keepAttachments } from './attachments.ts'
import { type Incoming, lockSenders, receiveMessages } from './incoming.ts'
import { reopenDays } from './widget.ts'

/** Takes what came by webhook into conversations, and says so in the ledger. Throws as a whole. */
export async function takeInMessages(ctx: Ctx, items: readonly ClaimedInbound[]) {
  const accounts = await channelsOf(ctx, items)
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
    understood.flatMap(({ message, channel }, n) => {
      const { customerId, isBlocked } = people[n]!
      return isBlocked ? [] : { ...message.contact, customerId, source: channel.kind }
    }),
  )
  const attached = await findHandedIn(
    ctx,
    understood.map(({ message, channel }, n) => ({
      storeId: channel.storeId,
      identityId: people[n]!.identityId,
      fileIds: message.attachments.map(({ fileId }) => fileId),
      isVouchedFor: message.isVouchedFor ?? false,
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
    clientId: message.clientId ?? null,
    inboundId: item.id,
    reopenDays: reopenDays(channel.settings),
  }))
  const senders = await lockSenders(ctx, incoming)
  const { blocked = [], heard = [] } = Object.groupBy(incoming, ({ identityId }) =>
    senders.get(identityId)!.isBlocked ? 'blocked' : 'heard',
  )
  const said = heard.filter(saysSomething)
  const placed = said.length > 0 ? await receiveMessages(ctx, said, senders) : []
  await keepAttachments(
    ctx,
    said.map(({ attachments }, n) => ({ attachments, conversationId: placed[n]!.conversationId })),
  )
  await finishInbound(
    ctx,
    said.map(({ inboundId }, n) => ({ ...placed[n]!, id: inboundId })),
  )
  await scrubInbound(
    ctx,
    [...said, ...blocked]
      .filter(({ text }) => findCardNumbers(text).length > 0)
      .map(({ inboundId }) => inboundId),
  )
  await ignoreBlocked(
    ctx,
    blocked.map(({ inboundId, identityId }) => ({ id: inboundId, identityId })),
  )
  for (const { inboundId } of heard.filter(message => !saysSomething(message)))
    await ignoreInbound(ctx, inboundId, 'attachment_not_found')
  for (const item of items.filter(item => !understood.some(one => one.item === item)))
    await ignoreInbound(ctx, item.id, 'nothing_said')
}

const saysSomething = ({ text, attachments }: Incoming) => text.trim() !== '' || attachments.length > 0

export async function channelsOf(ctx: Ctx, items: readonly { channelId: string }[]) {
  const ids = [...new Set(items.map(item => item.channelId))]
  const rows = await ctx.db
    .select()
    .from(channels)
    .where(sql`${channels.id} = any(${sql.param(ids)}::uuid[])`)
    .prepare('channels-of-inbound')
    .execute()
  return new Map(rows.map(row => [row.id, row]))
}
