import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import { z } from 'zod'
import { maskCardNumbers } from '../../platform/card-numbers.ts'
import type { Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { laneOf } from '../channels/ledger.ts'
import { channels, inbound } from '../channels/tables.ts'
import { staff } from '../staff/tables.ts'
import { claimAttachments, keepAttachments, presentAttachment } from './attachments.ts'
import { keepFromBlocked } from './blocked-senders/visitors.ts'
import { type ConversationRow, isOpen } from './conversations.ts'
import { type Incoming, latestOf, lockSenders, receiveMessages } from './incoming.ts'
import { markReadByCustomer } from './reading.ts'
import { AttachmentOut } from './schemas.ts'
import { type Attachment, conversations, messages } from './tables.ts'
import { findQueuePlace } from './waiting-line.ts'

export const WidgetConversation = z
  .object({
    id: z.uuid(),
    status: z.enum(['waiting', 'open', 'resolved']),
    lastSeq: z.number().int(),
    agent: z.object({ name: z.string(), avatarUrl: z.string().nullable() }).nullable(),
    queue: z.object({ place: z.number().int(), estimateSeconds: z.number().nullable() }).nullable(),
    agentReadSeq: z.number().int(),
    customerReadSeq: z.number().int(),
    mode: z.enum(['chat', 'message']),
  })
  .meta({ id: 'WidgetConversation' })
export type WidgetConversation = z.output<typeof WidgetConversation>

export const WidgetMessage = z
  .object({
    id: z.uuid(),
    seq: z.number().int(),
    from: z.enum(['customer', 'agent', 'system']),
    author: z.object({ name: z.string() }).nullable(),
    text: z.string(),
    attachments: z.array(AttachmentOut),
    clientId: z.uuid().nullable(),
    createdAt: z.date(),
  })
  .meta({ id: 'WidgetMessage' })

export const NewWidgetMessage = z
  .object({
    clientId: z.uuid(),
    text: z.string().max(10_000),
    attachmentIds: z.array(z.uuid()).max(5).default([]),
    page: z
      .object({
        url: z.string().max(2_000),
        title: z.string().max(300).optional(),
        referrer: z.string().max(2_000).optional(),
      })
      .optional(),
  })
  .strict()
  .refine(said => said.text.trim() !== '' || said.attachmentIds.length > 0, {
    message: 'Write something or attach a file.',
  })
export type NewWidgetMessage = z.output<typeof NewWidgetMessage>

/** The visitor's present conversation, as he may see it. */
export async function findOwnConversation(ctx: Ctx): Promise<WidgetConversation | null> {
  const [row] = await latestOf(ctx, boundTo(ctx).identityId)
  return row ? presentToVisitor(ctx, row) : null
}

/** What was said in public after `afterSeq`; notes and system lines leave gaps in the numbers. */
export async function listOwnMessages(ctx: Ctx, { afterSeq, limit }: { afterSeq: number; limit: number }) {
  const [conversation] = await latestOf(ctx, boundTo(ctx).identityId)
  if (!conversation) return { items: [], lastSeq: 0 }
  const rows = await selectPublic(ctx, conversation)
    .where(and(isPublic(conversation), gt(messages.seq, afterSeq)))
    .orderBy(asc(messages.seq))
    .limit(limit)
  return { items: rows.map(presentPublic), lastSeq: conversation.lastSeq }
}

/**
 * Takes in what a visitor wrote: message, clock, events and ledger row in one commit. The same `clientId` again,
 * at once or hours later, answers the message that is there.
 */
export async function receiveFromVisitor(ctx: Ctx, input: NewWidgetMessage) {
  const { identityId, channelId, visitorId } = boundTo(ctx)
  const [channel] = await ctx.db.select().from(channels).where(eq(channels.id, channelId))
  if (!channel?.active) throw invalid('channel_closed', 'This chat is switched off.')
  const senders = await lockSenders(ctx, [{ identityId }])
  const { customerId, isBlocked } = senders.get(identityId)!
  const [earlier] = await findByClientId(ctx, identityId, input.clientId)
  if (earlier) return { message: presentPublic(earlier), conversation: await findOwnConversation(ctx) }

  const before = (await latestOf(ctx, identityId))[0]
  const attachments = await claimAttachments(
    ctx,
    input.attachmentIds,
    { kind: 'visitor', id: ctx.actor.id! },
    before && isOpen(before) && !isBlocked ? before.id : null,
  )
  if (isBlocked)
    return {
      message: {
        ...(await keepFromBlocked(ctx, input, before?.lastSeq ?? 0)),
        attachments: present(attachments),
      },
      conversation: await findOwnConversation(ctx),
    }
  const incoming: Incoming = {
    storeId: channel.storeId,
    channelId,
    channelKind: channel.kind,
    identityId,
    customerId,
    text: input.text,
    attachments,
    language: null,
    clientId: input.clientId,
    inboundId: null,
    reopenDays: reopenDays(channel.settings),
  }
  const [placed] = await receiveMessages(ctx, [incoming], senders)
  await keepAttachments(ctx, [{ ...placed!, attachments }])
  const { messageId, conversationId } = placed!
  const done = { messageId, conversationId, state: 'done' as const, doneAt: ctx.now }
  // What he sent while he was blocked and sends again now is this very message.
  await ctx.db
    .insert(inbound)
    .values({
      channelId,
      externalId: `${visitorId}:${input.clientId}`,
      line: identityId,
      lane: laneOf(identityId),
      raw: Buffer.from(JSON.stringify({ ...input, text: maskCardNumbers(input.text) })),
      headers: {},
      receivedAt: ctx.now,
      ...done,
    })
    .onConflictDoUpdate({
      target: [inbound.channelId, inbound.externalId],
      set: { ...done, reason: null, identityId: null, nextAt: null },
    })
  const [message] = await findByClientId(ctx, identityId, input.clientId)
  return { message: presentPublic(message!), conversation: await findOwnConversation(ctx) }
}

export async function readByVisitor(ctx: Ctx, seq: number) {
  const [conversation] = await latestOf(ctx, boundTo(ctx).identityId)
  if (conversation) await markReadByCustomer(ctx, conversation, seq)
}

/** Days within which a message reopens what was resolved; a channel may set its own. */
export const reopenDays = (settings: unknown) => (settings as { reopenDays?: number }).reopenDays ?? 7

const boundTo = (ctx: Ctx) =>
  ctx.actor.bound as { visitorId: string; identityId: string; channelId: string; storeId: string }

const isPublic = (conversation: ConversationRow) =>
  and(eq(messages.conversationId, conversation.id), inArray(messages.kind, ['customer', 'reply']))

const selectPublic = (ctx: Ctx, _conversation?: ConversationRow) =>
  ctx.db
    .select({ message: messages, staffName: staff.name })
    .from(messages)
    .leftJoin(staff, eq(staff.id, messages.authorId))

const findByClientId = (ctx: Ctx, identityId: string, clientId: string) =>
  selectPublic(ctx)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .where(
      and(
        eq(conversations.identityId, identityId),
        eq(messages.clientId, clientId),
        eq(messages.kind, 'customer'),
      ),
    )
    .limit(1)

const present = (attachments: readonly Attachment[]) =>
  attachments.map(file => presentAttachment(file, '/api/widget/files'))

function presentPublic({
  message,
  staffName,
}: {
  message: typeof messages.$inferSelect
  staffName: string | null
}) {
  return {
    id: message.id,
    seq: message.seq,
    from: message.kind === 'customer' ? ('customer' as const) : ('agent' as const),
    author: message.kind === 'reply' && staffName ? { name: staffName } : null,
    text: message.text,
    attachments: present(message.attachments),
    clientId: message.kind === 'customer' ? message.clientId : null,
    createdAt: message.createdAt,
  }
}

async function presentToVisitor(ctx: Ctx, row: ConversationRow): Promise<WidgetConversation> {
  const [agent] = row.assigneeId
    ? await ctx.db.select({ name: staff.name }).from(staff).where(eq(staff.id, row.assigneeId))
    : []
  return {
    id: row.id,
    status: !isOpen(row) ? 'resolved' : row.assigneeId ? 'open' : 'waiting',
    lastSeq: row.lastSeq,
    agent: agent ? { name: agent.name, avatarUrl: null } : null,
    queue: await findQueuePlace(ctx, row),
    agentReadSeq: row.agentReadSeq,
    customerReadSeq: row.customerReadSeq,
    mode: 'chat',
  }
}
