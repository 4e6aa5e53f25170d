import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type Ctx, sees } from '../../platform/context.ts'
import { found, notFound } from '../../platform/errors.ts'
import { conversations } from './tables.ts'

export type ConversationRow = typeof conversations.$inferSelect

export async function getConversation(ctx: Ctx, id: string): Promise<ConversationRow> {
  const [row] = await ctx.db.select().from(conversations).where(eq(conversations.id, id))
  return visible(ctx, row)
}

/** Whoever adds to a conversation or changes it holds its row: that lock is what makes `seq` one line without gaps. */
export async function lockConversation(ctx: Ctx, id: string): Promise<ConversationRow> {
  const [row] = await ctx.db.select().from(conversations).where(eq(conversations.id, id)).for('update')
  return visible(ctx, row)
}

function visible(ctx: Ctx, row: ConversationRow | undefined) {
  const conversation = found(row, 'conversation')
  if (!sees(ctx.actor, conversation.storeId)) throw notFound('conversation')
  return conversation
}

/** Restricts a query to the stores the actor may see. */
export const inVisibleStores = (ctx: Ctx): SQL | undefined =>
  ctx.actor.storeIds === 'all'
    ? undefined
    : ctx.actor.storeIds.length === 0
      ? sql`false`
      : inArray(conversations.storeId, [...ctx.actor.storeIds])

export const aboutOf = ({ id, storeId, identityId }: ConversationRow) => ({
  conversationId: id,
  storeId,
  identityId,
})
export const subjectOf = ({ id, customerId }: ConversationRow) => ({ conversationId: id, customerId })

export const isOpen = ({ category }: Pick<ConversationRow, 'category'>) =>
  category !== 'resolved' && category !== 'closed'

/** A conversation belongs to whom its identity belongs to, so a merge and its undoing need nothing but this. */
export async function followIdentities(ctx: Ctx, customerIds: string[]) {
  await ctx.db.execute(sql`
    update conversations set customer_id = identities.customer_id, version = version + 1
    from identities
    where identities.id = conversations.identity_id and conversations.customer_id <> identities.customer_id
      and ${inArray(conversations.customerId, customerIds)}`)
}

export const setFields = async (
  ctx: Ctx,
  id: string,
  fields: Partial<typeof conversations.$inferInsert>,
  ...conditions: (SQL | undefined)[]
) => {
  const [row] = await ctx.db
    .update(conversations)
    .set({ ...fields, version: sql`${conversations.version} + 1` })
    .where(and(eq(conversations.id, id), inVisibleStores(ctx), ...conditions))
    .returning()
  return row
}
