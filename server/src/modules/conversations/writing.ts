import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { aboutOf, type ConversationRow, setFields, subjectOf } from './conversations.ts'
import { messageAdded } from './events.ts'
import { presentMessage, selectMessages } from './messages.ts'
import { type Attachment, messages, type Original } from './tables.ts'

type Draft = {
  kind: 'reply' | 'note'
  clientId: string
  text: string
  attachments: Attachment[]
  mentions?: string[]
  language?: string
  original?: Original
  isWhisper?: boolean
  waitedMs?: number | null
}

/** Adds the next line to a conversation whose row the caller has locked; he then stores its `seq` there. */
export async function append(ctx: Ctx, conversation: ConversationRow, draft: Draft) {
  const row = {
    ...draft,
    id: uuidv7(),
    conversationId: conversation.id,
    seq: conversation.lastSeq + 1,
    authorKind: ctx.actor.kind as 'staff' | 'api_key',
    authorId: ctx.actor.id,
    createdAt: ctx.now,
  }
  await ctx.db.insert(messages).values(row)
  return row
}

/** What the same client sent before under the same id, if anything. */
export async function findByClientId(ctx: Ctx, conversation: ConversationRow, clientId: string) {
  const [row] = await selectMessages(ctx).where(
    and(eq(messages.conversationId, conversation.id), eq(messages.clientId, clientId)),
  )
  return row && presentMessage(row, conversation)
}

export const uploader = (ctx: Ctx) => ({ kind: ctx.actor.kind, id: ctx.actor.id! })

/** A line that nobody said: something happened to the conversation that whoever reads it should know. */
export async function addSystemLine(
  ctx: Ctx,
  conversation: ConversationRow,
  event: string,
  params: Record<string, unknown>,
) {
  const row = {
    id: uuidv7(),
    conversationId: conversation.id,
    seq: conversation.lastSeq + 1,
    kind: 'system' as const,
    authorKind: 'system' as const,
    text: '',
    system: { event, params },
    createdAt: ctx.now,
  }
  await ctx.db.insert(messages).values(row)
  await setFields(ctx, conversation.id, { lastSeq: row.seq, lastActivityAt: ctx.now })
  ctx.emit(
    messageAdded,
    { ...aboutOf(conversation), messageId: row.id, seq: row.seq, kind: 'system' },
    subjectOf(conversation),
  )
  return row
}

/** What a robot answers in our name: it stops no clock, takes no conversation and is no sign of work. */
export async function addAutomaticReply(ctx: Ctx, conversation: ConversationRow, text: string) {
  const row = {
    ...{ id: uuidv7(), conversationId: conversation.id, seq: conversation.lastSeq + 1, createdAt: ctx.now },
    ...{ kind: 'reply' as const, authorKind: 'system' as const, text },
  }
  await ctx.db.insert(messages).values(row)
  await setFields(ctx, conversation.id, { lastSeq: row.seq })
  ctx.emit(
    messageAdded,
    { ...aboutOf(conversation), messageId: row.id, seq: row.seq, kind: 'reply' },
    subjectOf(conversation),
  )
  return row
}
