import { asc, inArray } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { identities } from '../../customers/tables.ts'
import { getConversation, lockConversation } from '../conversations.ts'

/**
 * Locks what a merge changes in the order of everybody who locks several: identities by their ids, then
 * conversations by theirs. Whoever places a message holds its sender's identity, so nothing comes in between a
 * message and where its conversation has gone.
 */
export async function lockPair(ctx: Ctx, fromId: string, intoId: string) {
  const seen = [await getConversation(ctx, fromId), await getConversation(ctx, intoId)]
  await ctx.db
    .select({ id: identities.id })
    .from(identities)
    .where(
      inArray(
        identities.id,
        seen.map(({ identityId }) => identityId),
      ),
    )
    .orderBy(asc(identities.id))
    .for('no key update')
  const locked = new Map<string, Awaited<ReturnType<typeof lockConversation>>>()
  for (const id of [fromId, intoId].toSorted()) locked.set(id, await lockConversation(ctx, id))
  return { from: locked.get(fromId)!, into: locked.get(intoId)! }
}
