import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ConversationRow } from './conversations.ts'
import { presentMessage, selectMessages } from './messages.ts'
import { type Attachment, messages } from './tables.ts'

type Draft = {
  kind: 'reply' | 'note'
  clientId: string
  text: string
  attachments: Attachment[]
  mentions?: string[]
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
