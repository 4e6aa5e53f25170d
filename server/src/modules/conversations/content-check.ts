import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { checkContent, refuseForbiddenContent, type Saying } from '../outreach/content-rules/checking.ts'
import { type ConversationRow, getConversation } from './conversations.ts'
import type { Attachment } from './tables.ts'

type Said = { text: string; attachments?: readonly Attachment[] }

/** What the rules of its channel would say to a reply in the making. */
export async function checkDraft(ctx: Ctx, conversationId: string, text: string) {
  const conversation = await getConversation(ctx, conversationId)
  return { findings: await checkContent(ctx, sayingOf(ctx, conversation, { text })) }
}

export const refuseForbiddenReply = (ctx: Ctx, conversation: ConversationRow, said: Said) =>
  refuseForbiddenContent(ctx, sayingOf(ctx, conversation, said))

const sayingOf = (
  ctx: Ctx,
  { id, channelId, customerId, language }: ConversationRow,
  { text, attachments = [] }: Said,
): Saying => ({
  channelId,
  text,
  attachmentTypes: attachments.map(({ type }) => type),
  async facts() {
    const { rows } = await ctx.db.execute<{ language: string | null; hasPromise: boolean }>(sql`
      select customers.language, exists (
        select from clocks where subject_id = ${id} and kind = 'promise' and stopped_at is null) as "hasPromise"
      from customers where customers.id = ${customerId}`)
    const known = rows[0]!
    return { customerLanguage: language ?? known.language, hasPromise: known.hasPromise }
  },
})
