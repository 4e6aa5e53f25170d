import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { type Actor, type Ctx, sees } from '../../platform/context.ts'
import { conflict, found, notFound } from '../../platform/errors.ts'
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
  if (!seesConversation(ctx.actor, conversation)) throw notFound('conversation')
  return conversation
}

/**
 * For who acts on what he saw: refused where anything but his own messages has changed it since. His own may have
 * reached it a moment ago, held back as they were, and he has not missed them.
 */
export function refuseStale(ctx: Ctx, { version, ownSaying }: ConversationRow, seen: number | undefined) {
  const isOwn = ownSaying?.by === ctx.actor.id && ownSaying?.to === version
  if (seen === undefined || seen === version || (isOwn && seen >= ownSaying.from && seen < version)) return
  throw conflict('changed_meanwhile', 'Somebody changed this conversation meanwhile.', { version })
}

/** To be written with a message: what it makes of the version is no news to its author; nor is what his one before made. */
export const sayingOf = (ctx: Ctx, { version, ownSaying }: ConversationRow) => ({
  by: ctx.actor.id,
  from: ownSaying?.by === ctx.actor.id && ownSaying.to === version ? ownSaying.from : version,
  to: version + 1,
})

/** What of a conversation decides who may see it. */
export type Whereabouts = Pick<ConversationRow, 'storeId' | 'teamId' | 'assigneeId'>
/** What of an actor decides which conversations he may see. */
export type Sight = Pick<Actor, 'id' | 'storeIds' | 'teamIds'>

export const seesConversation = (sight: Sight, { storeId, teamId, assigneeId }: Whereabouts) =>
  sees(sight, storeId) &&
  (sight.teamIds === undefined ||
    (assigneeId !== null && assigneeId === sight.id) ||
    (teamId !== null && sight.teamIds.includes(teamId)))

/** Restricts a query to the conversations the actor may see, by their store and by the hands they are in. */
export const inVisibleStores = (ctx: Ctx): SQL | undefined => inSightOf(ctx.actor)

/** `seesConversation`, said to the database. */
export const inSightOf = ({ id, storeIds, teamIds }: Sight): SQL | undefined =>
  and(
    storeIds === 'all'
      ? undefined
      : storeIds.length === 0
        ? sql`false`
        : inArray(conversations.storeId, [...storeIds]),
    teamIds &&
      or(
        eq(conversations.assigneeId, id ?? sql`null`),
        teamIds.length > 0 ? inArray(conversations.teamId, [...teamIds]) : undefined,
      ),
  )

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
