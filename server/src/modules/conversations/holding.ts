import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, inArray, lte } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import { type Ctx, can, system } from '../../platform/context.ts'
import { conflict, forbidden, found, invalid, notFound, Refusal } from '../../platform/errors.ts'
import { files } from '../../platform/files.ts'
import type { Worker } from '../../platform/module.ts'
import { refuseUnfilled } from '../../platform/variables.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { channels } from '../channels/tables.ts'
import { refuseBlocked } from '../customers/blocking.ts'
import { findActor } from '../staff/staff.ts'
import { staff } from '../staff/tables.ts'
import { attachmentOf, claimAttachments, presentAttachment } from './attachments.ts'
import { refuseForbiddenReply } from './content-check.ts'
import {
  aboutOf,
  type ConversationRow,
  getConversation,
  lockConversation,
  subjectOf,
} from './conversations.ts'
import { replyHeld } from './events.ts'
import { refuseWithoutFields } from './own-fields/own-fields.ts'
import { refuseWithoutReason } from './reasons/reasons.ts'
import { refuseBlindReply, reply } from './replies.ts'
import type { HeldReply, NewHeldReply } from './schemas.ts'
import { refuseWithoutSummary } from './summaries/summaries.ts'
import { heldReplies, type heldStates } from './tables.ts'
import { findUnanswered, undoEnding } from './timing.ts'
import { uploader } from './writing.ts'

const second = 1_000
const year = 366 * 86_400 * second
const usualUndoSeconds = 10

/**
 * Writes a reply down to be sent later: what it would be refused for now, it is refused for now. The clock runs on,
 * for nothing was said yet. The same `clientId` again is the same reply.
 */
export async function holdReply(ctx: Ctx, conversationId: string, input: NewHeldReply): Promise<HeldReply> {
  if (ctx.actor.kind !== 'staff') throw forbidden('staff_only', 'Only a person can hold a reply back.')
  const conversation = await lockConversation(ctx, conversationId)
  const { clientId, why, sendAt: asked, ...content } = input
  const isSame = and(eq(heldReplies.conversationId, conversationId), eq(heldReplies.clientId, clientId))
  const [earlier] = await ctx.db.select({ id: heldReplies.id }).from(heldReplies).where(isSame)
  if (earlier) return getHeld(ctx, earlier.id)
  refuseUnfilled(ctx, 'conversation', input.text)
  await refuseBlindReply(ctx, conversation, input.lastSeenSeq)
  if (conversation.category === 'closed')
    throw conflict('conversation_closed', 'This conversation is closed; open a new one.')
  await refuseBlocked(ctx, conversation.identityId)
  const sendAt = asked ? new Date(asked) : await undoneUntil(ctx, conversation.channelId)
  if (asked && (sendAt <= ctx.now || sendAt.getTime() > ctx.now.getTime() + year))
    throw invalid('send_at_out_of_range', 'It can be sent later than now, and within a year.')
  if (content.afterwards === 'resolve') {
    await refuseWithoutReason(ctx, conversation)
    await refuseWithoutFields(ctx, conversation)
    await refuseWithoutSummary(ctx, conversation)
  }
  const attachments = await claimAttachments(ctx, content.attachmentIds, uploader(ctx), conversationId)
  await refuseForbiddenReply(ctx, conversation, { text: content.text, attachments })
  const id = uuidv7()
  await ctx.db.insert(heldReplies).values({
    id,
    conversationId,
    authorId: ctx.actor.id!,
    clientId,
    content,
    why,
    sendAt,
    waitingSince: conversation.waitingSince,
    createdAt: ctx.now,
  })
  tell(ctx, conversation, id, 'held')
  return getHeld(ctx, id)
}

/** What waits to be sent in a conversation, or was stopped and nobody has looked at it yet. */
export async function listHeld(ctx: Ctx, conversationId: string): Promise<HeldReply[]> {
  await getConversation(ctx, conversationId)
  const isOpen = inArray(heldReplies.state, ['held', 'stopped'])
  const rows = await selectHeld(ctx)
    .where(and(eq(heldReplies.conversationId, conversationId), isOpen))
    .orderBy(asc(heldReplies.sendAt))
  return Promise.all(rows.map(row => present(ctx, row)))
}

/** Takes a reply back before it is sent; a moment too late is a conflict, and it was said. */
export async function takeBackReply(ctx: Ctx, id: string): Promise<HeldReply> {
  const held = await getHeld(ctx, id)
  if (held.state === 'taken_back') throw notFound('held_reply')
  const conversation = await lockConversation(ctx, held.conversationId)
  const [taken] = await ctx.db
    .update(heldReplies)
    .set({ state: 'taken_back' })
    .where(and(eq(heldReplies.id, id), inArray(heldReplies.state, ['held', 'stopped'])))
    .returning({ id: heldReplies.id })
  if (!taken) throw conflict('reply_gone', 'It was sent already.')
  tell(ctx, conversation, id, 'taken_back')
  ctx.audit('reply.taken_back', `conversation:${conversation.id}`)
  return getHeld(ctx, id)
}

/** An undo is counted in seconds, so nobody notices; and each commit of the house wakes it. */
const looksEveryMs = 250

/** Sends what is due, each as its author and in a transaction of its own; what cannot be sent says why and waits. */
export function startSendingHeld(place: Workplace): Worker {
  let running: Promise<void> | null = null
  let isAsked = false
  const ending = new AbortController()

  async function look() {
    while (isAsked) {
      isAsked = false
      const due = await lookingContext(place, system)
        .db.select({ id: heldReplies.id, authorId: heldReplies.authorId })
        .from(heldReplies)
        .where(and(eq(heldReplies.state, 'held'), lte(heldReplies.sendAt, place.clock.now())))
        .orderBy(asc(heldReplies.sendAt))
        .limit(50)
      for (const { id, authorId } of due) await sendOne(place, id, authorId)
    }
  }

  return {
    wake() {
      isAsked = true
      running ??= look()
        .catch(error => place.log.warn({ err: error }, 'sending of held replies paused'))
        .then(() => sleep(looksEveryMs, undefined, { signal: ending.signal }).catch(() => {}))
        .finally(() => {
          running = null
        })
    },
    async stop() {
      isAsked = false
      ending.abort()
      await running
    },
  }
}

async function sendOne(place: Workplace, id: string, authorId: string) {
  try {
    const author = await findActor(lookingContext(place, system), authorId)
    if (!author || !can(author, 'conversations:reply'))
      throw conflict('author_gone', 'Who wrote it may answer customers no more.')
    await transact(place, author, ctx => sendHeld(ctx, id))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await transact(place, system, ctx => stopHeld(ctx, id, error.code))
  }
}

async function sendHeld(ctx: Ctx, id: string) {
  const { conversationId } = await getHeld(ctx, id)
  const conversation = await lockConversation(ctx, conversationId)
  const held = await lockHeld(ctx, id)
  if (!held) return
  const { content, clientId, why } = held
  // What came within the seconds of undoing, its writer could not have seen; what came since he planned it, he must.
  const lastSeenSeq = why === 'undo' ? conversation.lastSeq : content.lastSeenSeq
  const isDoneSince = wasResolvedAfter(held, conversation)
  if (isDoneSince) await undoEnding(ctx, conversation, await endingBefore(ctx, held, conversation))
  await reply(ctx, held.conversationId, {
    ...{ ...content, clientId, lastSeenSeq },
    ...(isDoneSince && { afterwards: 'resolve' }),
  })
  await ctx.db.update(heldReplies).set({ state: 'sent' }).where(eq(heldReplies.id, id))
  tell(ctx, conversation, id, 'sent')
}

type Held = typeof heldReplies.$inferSelect

/** Who resolves within the seconds of undoing means the answer that is on its way to be the last word. */
const wasResolvedAfter = ({ why, createdAt }: Held, { category, resolvedAt }: ConversationRow) =>
  why === 'undo' && category === 'resolved' && resolvedAt !== null && resolvedAt >= createdAt

/** What ended with the resolution ends with this answer instead, as if both had been pressed at once. */
async function endingBefore(ctx: Ctx, { waitingSince }: Held, { id, resolvedAt }: ConversationRow) {
  const isUnanswered = (await findUnanswered(ctx, id)) !== null
  return {
    endedAt: resolvedAt!.toISOString(),
    waitingSince: isUnanswered ? (waitingSince?.toISOString() ?? null) : null,
  }
}

async function stopHeld(ctx: Ctx, id: string, reason: string) {
  const held = await lockHeld(ctx, id)
  if (!held) return
  await ctx.db.update(heldReplies).set({ state: 'stopped', reason }).where(eq(heldReplies.id, id))
  tell(ctx, await getConversation(ctx, held.conversationId), id, 'stopped')
}

async function lockHeld(ctx: Ctx, id: string) {
  const [held] = await ctx.db
    .select()
    .from(heldReplies)
    .where(and(eq(heldReplies.id, id), eq(heldReplies.state, 'held')))
    .for('update')
  return held
}

async function undoneUntil(ctx: Ctx, channelId: string) {
  const [channel] = await ctx.db
    .select({ settings: channels.settings })
    .from(channels)
    .where(eq(channels.id, channelId))
  const { undoSeconds = usualUndoSeconds } = channel!.settings as { undoSeconds?: number }
  return new Date(ctx.now.getTime() + undoSeconds * second)
}

const selectHeld = (ctx: Ctx) =>
  ctx.db
    .select({ held: heldReplies, authorName: staff.name })
    .from(heldReplies)
    .innerJoin(staff, eq(staff.id, heldReplies.authorId))

async function getHeld(ctx: Ctx, id: string): Promise<HeldReply> {
  const [row] = await selectHeld(ctx).where(eq(heldReplies.id, id))
  const selected = found(row, 'held_reply')
  await getConversation(ctx, selected.held.conversationId)
  return present(ctx, selected)
}

async function present(
  ctx: Ctx,
  { held: { content, authorId, ...held }, authorName }: Awaited<ReturnType<typeof selectHeld>>[number],
): Promise<HeldReply> {
  const rows =
    content.attachmentIds.length > 0
      ? await ctx.db.select().from(files).where(inArray(files.id, content.attachmentIds))
      : []
  return {
    ...held,
    author: { id: authorId, name: authorName },
    text: content.text,
    original: content.original ?? null,
    lastSeenSeq: content.lastSeenSeq,
    afterwards: content.afterwards ?? null,
    mail: content.mail ?? null,
    attachments: rows.map(row => presentAttachment(attachmentOf(row), '/api/files')),
  }
}

function tell(
  ctx: Ctx,
  conversation: Parameters<typeof aboutOf>[0],
  heldId: string,
  state: (typeof heldStates)[number],
) {
  ctx.emit(replyHeld, { ...aboutOf(conversation), heldId, state }, subjectOf(conversation))
}
