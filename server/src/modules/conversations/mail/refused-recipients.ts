import { eq } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { noteBounce } from '../../outreach/suppressions.ts'
import { deliveries } from '../../outreach/tables.ts'
import { lockConversation } from '../conversations.ts'
import { addSystemLine } from '../writing.ts'

/** Shows in the thread who did not get a mail that others got; who does not exist, the server has just said. */
export async function noteRefusedRecipients(ctx: Ctx, deliveryId: string) {
  const [delivery] = await ctx.db.select().from(deliveries).where(eq(deliveries.id, deliveryId))
  const refused = delivery?.refusedRecipients ?? []
  if (!delivery || refused.length === 0) return
  const conversation = await lockConversation(ctx, delivery.conversationId)
  await addSystemLine(ctx, conversation, 'mail.partly_refused', {
    addresses: refused.map(one => one.address),
    diagnostic: refused[0]!.text.slice(0, 300),
  })
  for (const { address, text } of refused) {
    if (/\b5\.1\.[123]\b/.test(text.slice(0, 300)))
      await noteBounce(ctx, { address, class: 'hard', at: ctx.now, detail: text.slice(0, 200) })
  }
}
