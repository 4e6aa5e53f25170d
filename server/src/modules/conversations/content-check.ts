import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { checkContent, refuseForbiddenContent, type Saying } from '../outreach/content-rules/checking.ts'
import { type ConversationRow, getConversation } from './conversations.ts'
import type { Attachment } from './tables.ts'

type Said = { text: string; attachments?: readonly Attachment[] }

/** What the rules of its channel would say to a reply in the making. */
export async function checkDraft(ctx: Ctx, conversationId: string, text: string) {
  const conversation = await getConversation(ctx, conversationId)
  return { findings: await checkContent(ctx, await sayingOf(ctx, conversation, { text })) }
}

export const refuseForbiddenReply = async (ctx: Ctx, conversation: ConversationRow, said: Said) =>
  refuseForbiddenContent(ctx, await sayingOf(ctx, conversation, said))

async function sayingOf(
  ctx: Ctx,
  { id, channelId, customerId, language }: ConversationRow,
  { text, attachments = [] }: Said,
): Promise<Saying> {
  const { rows } = await ctx.db.execute<{ language: string | null; hasPromise: boolean }>(sql`
    select customers.language, exists (
      select from clocks where subject_id = ${id} and kind = 'promise' and stopped_at is null) as "hasPromise"
    from customers where customers.id = ${customerId}`)
  const facts = rows[0]!
  return {
    channelId,
    text,
    attachmentTypes: attachments.map(({ type }) => type),
    customerLanguage: language ?? facts.language,
    hasPromise: facts.hasPromise,
  }
}
