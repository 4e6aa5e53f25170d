import { and, asc, eq, gt, ne, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found } from '../../platform/errors.ts'
import { refuseUnfilled } from '../../platform/variables.ts'
import { refuseBlocked } from '../customers/blocking.ts'
import { identities } from '../customers/tables.ts'
import { queueDelivery } from '../outreach/deliveries.ts'
import { recordAssignment } from './assignment.ts'
import { claimAttachments } from './attachments.ts'
import { refuseForbiddenReply } from './content-check.ts'
import {
  aboutOf,
  type ConversationRow,
  isOpen,
  lockConversation,
  sayingOf,
  setFields,
  subjectOf,
} from './conversations.ts'
import { conversationAssigned, conversationResolved, messageAdded } from './events.ts'
import { preview } from './incoming.ts'
import { planFollowUp } from './mail/following-up.ts'
import { writeMail } from './mail/replying.ts'
import { refuseAnsweringRobot } from './mail/robots.ts'
import { getMessage, presentMessage, selectMessages } from './messages.ts'
import { originalOf } from './originals.ts'
import { refuseWithoutFields } from './own-fields/own-fields.ts'
import { refuseWithoutReason } from './reasons/reasons.ts'
import type { Message, NewReply } from './schemas.ts'
import { closeSummary, refuseWithoutSummary } from './summaries/summaries.ts'
import { type Attachment, messages } from './tables.ts'
import { timeReply } from './timing.ts'
import { append, findByClientId, uploader } from './writing.ts'

/** Answers the customer in the words somebody wrote, who must not have left a variable standing in them. */
export function reply(ctx: Ctx, conversationId: string, input: NewReply): Promise<Message> {
  refuseUnfilled(ctx, 'conversation', input.text)
  return say(ctx, conversationId, input)
}

/**
 * Says it to the customer. Sent again with the same `clientId` it is the same message. What came in after
 * `lastSeenSeq` is answered as `missed_messages`, so nobody replies to what he has not read. A person's reply
 * stops the clock and takes an unassigned conversation; a robot's does neither.
 */
export async function say(ctx: Ctx, conversationId: string, input: NewReply): Promise<Message> {
  const conversation = await lockConversation(ctx, conversationId)
  const earlier = await findByClientId(ctx, conversation, input.clientId)
  if (earlier) return earlier
  await refuseBlindReply(ctx, conversation, input.lastSeenSeq)
  if (conversation.category === 'closed')
    throw conflict('conversation_closed', 'This conversation is closed; open a new one.')
  await refuseBlocked(ctx, conversation.identityId)

  if (ctx.actor.kind === 'system') await refuseAnsweringRobot(ctx, conversationId)
  if (input.afterwards === 'resolve') {
    await refuseWithoutReason(ctx, conversation)
    await refuseWithoutFields(ctx, conversation)
    await refuseWithoutSummary(ctx, conversation)
  }
  const attachments = await claimAttachments(ctx, input.attachmentIds, uploader(ctx), conversationId)
  await refuseForbiddenReply(ctx, conversation, { text: input.text, attachments })
  const byPerson = ctx.actor.kind === 'staff'
  const { waitingSince } = conversation
  const message = await append(ctx, conversation, {
    kind: 'reply',
    clientId: input.clientId,
    text: input.text,
    attachments,
    ...(input.original && originalOf(input.original, input.text)),
    waitedMs: byPerson && waitingSince ? Math.max(0, ctx.now.getTime() - waitingSince.getTime()) : null,
  })
  const takes = byPerson && conversation.assigneeId === null
  const category = afterReply(conversation, input.afterwards)
  const resolves = category === 'resolved'
  if (resolves) await closeSummary(ctx, conversationId)
  const dueAt = await timeReply(ctx, conversation, category)
  const after = await setFields(ctx, conversationId, {
    category,
    ...(category !== conversation.category && { labelId: null, waitingFor: null }),
    lastSeq: message.seq,
    ownSaying: sayingOf(ctx, conversation),
    lastActivityAt: ctx.now,
    previewKind: 'reply',
    previewText: preview(input.text, attachments),
    dueAt,
    ...((byPerson || resolves) && { waitingSince: null }),
    ...(byPerson && { repliedAt: conversation.repliedAt ?? ctx.now }),
    ...(takes && { assigneeId: ctx.actor.id }),
    ...(resolves && isOpen(conversation) && { resolvedAt: ctx.now, resolvedBy: ctx.actor.id }),
  })
  if (takes) {
    await recordAssignment(ctx, conversation, { staffId: ctx.actor.id, reason: 'replied', params: {} })
    ctx.emit(
      conversationAssigned,
      { ...aboutOf(conversation), staffId: ctx.actor.id, fromId: null, reason: 'replied' },
      subjectOf(conversation),
    )
  }
  await deliver(ctx, conversation, message, attachments, input.mail)
  ctx.emit(
    messageAdded,
    { ...aboutOf(conversation), messageId: message.id, seq: message.seq, kind: 'reply' },
    subjectOf(conversation),
  )
  if (resolves && isOpen(conversation))
    ctx.emit(
      conversationResolved,
      { ...aboutOf(conversation), staffId: ctx.actor.id },
      subjectOf(conversation),
    )
  ctx.audit('message.replied', `conversation:${conversationId}`)
  return getMessage(ctx, message.id, after!)
}

const afterReply = (conversation: ConversationRow, afterwards: NewReply['afterwards']) => {
  if (afterwards === 'resolve') return 'resolved'
  if (afterwards === 'wait_customer') return 'waiting_customer'
  return conversation.category === 'new' || !isOpen(conversation) ? 'open' : conversation.category
}

export async function refuseBlindReply(ctx: Ctx, conversation: ConversationRow, lastSeenSeq: number) {
  if (lastSeenSeq >= conversation.lastSeq) return
  const fromOthers = or(
    eq(messages.kind, 'customer'),
    and(
      eq(messages.kind, 'reply'),
      or(
        ne(messages.authorId, ctx.actor.id ?? sql`null`),
        ne(messages.authorKind, ctx.actor.kind as 'staff'),
      ),
    ),
  )
  const missed = await selectMessages(ctx)
    .where(and(eq(messages.conversationId, conversation.id), gt(messages.seq, lastSeenSeq), fromOthers))
    .orderBy(asc(messages.seq))
    .limit(50)
  if (missed.length > 0)
    throw conflict('missed_messages', 'Something was said here that you have not seen.', {
      messages: missed.map(row => presentMessage(row, conversation)),
    })
}

async function deliver(
  ctx: Ctx,
  conversation: ConversationRow,
  message: { id: string; seq: number; text: string },
  attachments: Attachment[],
  options: NewReply['mail'],
) {
  if (conversation.channelKind === 'web_chat') return planFollowUp(ctx, conversation.id)
  const [identity] = await ctx.db.select().from(identities).where(eq(identities.id, conversation.identityId))
  const isMail = conversation.channelKind === 'mail'
  await queueDelivery(ctx, {
    channelId: conversation.channelId,
    messageId: message.id,
    conversationId: conversation.id,
    idemKey: `message:${message.id}`,
    payload: {
      seq: message.seq,
      to: found(identity, 'identity').value,
      text: message.text,
      attachments,
      sentAt: ctx.now.toISOString(),
      ...(isMail && {
        mail: await writeMail(ctx, conversation, message.id, {
          text: message.text,
          ...(options && { options }),
          ...(ctx.actor.kind === 'system' && { auto: 'auto-replied' as const }),
        }),
      }),
    },
  })
}
