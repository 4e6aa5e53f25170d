import { inArray } from 'drizzle-orm'
import { maskCardNumbers } from '../../platform/card-numbers.ts'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { staff } from '../staff/tables.ts'
import { claimAttachments } from './attachments.ts'
import {
  aboutOf,
  type ConversationRow,
  lockConversation,
  sayingOf,
  setFields,
  subjectOf,
} from './conversations.ts'
import { mentioned, messageAdded, whisperMade } from './events.ts'
import { getMessage } from './messages.ts'
import type { Message, NewNote } from './schemas.ts'
import { mentions } from './tables.ts'
import { append, findByClientId, uploader } from './writing.ts'

/** A note for colleagues; the customer never sees it, and it stops no clock. */
export async function addNote(
  ctx: Ctx,
  conversationId: string,
  { isWhisper = false, ...input }: NewNote & { isWhisper?: boolean },
): Promise<Message> {
  const conversation = await lockConversation(ctx, conversationId)
  const earlier = await findByClientId(ctx, conversation, input.clientId)
  if (earlier) return earlier
  const known =
    input.mentionIds.length === 0
      ? []
      : await ctx.db.select({ id: staff.id }).from(staff).where(inArray(staff.id, input.mentionIds))
  if (known.length < new Set(input.mentionIds).size)
    throw invalid('staff_not_found', 'Somebody mentioned here is no colleague.')

  const attachments = await claimAttachments(ctx, input.attachmentIds, uploader(ctx), conversationId)
  const message = await append(ctx, conversation, {
    kind: 'note',
    clientId: input.clientId,
    text: maskCardNumbers(input.text),
    attachments,
    mentions: input.mentionIds,
    isWhisper,
  })
  const after = await setFields(ctx, conversationId, {
    lastSeq: message.seq,
    ownSaying: sayingOf(ctx, conversation),
  })
  for (const staffId of new Set(input.mentionIds)) {
    await ctx.db.insert(mentions).values({ staffId, conversationId, messageId: message.id, at: ctx.now })
    const about = { ...aboutOf(conversation), messageId: message.id, staffId }
    ctx.emit(isWhisper ? whisperMade : mentioned, about, subjectOf(conversation))
  }
  ctx.emit(
    messageAdded,
    { ...aboutOf(conversation), messageId: message.id, seq: message.seq, kind: 'note' },
    subjectOf(conversation),
  )
  ctx.audit('message.noted', `conversation:${conversationId}`)
  return getMessage(ctx, message.id, after!)
}

/** What is handed over with a conversation: a note that everybody sees where it happened. */
export async function addTransferNote(ctx: Ctx, conversation: ConversationRow, text: string) {
  const message = await append(ctx, conversation, {
    kind: 'note',
    clientId: uuidv7(),
    text: maskCardNumbers(text),
    attachments: [],
  })
  await setFields(ctx, conversation.id, { lastSeq: message.seq })
  ctx.emit(
    messageAdded,
    { ...aboutOf(conversation), messageId: message.id, seq: message.seq, kind: 'note' },
    subjectOf(conversation),
  )
}
