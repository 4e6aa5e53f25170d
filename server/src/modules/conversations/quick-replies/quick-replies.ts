import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import { type Ctx, can } from '../../../platform/context.ts'
import { conflict, forbidden, found } from '../../../platform/errors.ts'
import { getStore } from '../../settings/stores.ts'
import type { NewQuickReply } from './schemas.ts'
import { quickReplies } from './tables.ts'

const mineOrShared = (ctx: Ctx) =>
  and(
    or(isNull(quickReplies.ownerId), ctx.actor.id ? eq(quickReplies.ownerId, ctx.actor.id) : undefined),
    ctx.actor.storeIds === 'all'
      ? undefined
      : or(isNull(quickReplies.storeId), inArray(quickReplies.storeId, [...ctx.actor.storeIds])),
  )

export async function listQuickReplies(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(quickReplies)
    .where(mineOrShared(ctx))
    .orderBy(asc(quickReplies.shortcut), asc(quickReplies.language))
  return { items: rows.map(present) }
}

/** Everybody keeps his own; the shared ones belong to who manages conversations. */
export async function createQuickReply(ctx: Ctx, { isPersonal, ...input }: NewQuickReply) {
  if (!isPersonal) refuseWithoutManaging(ctx)
  if (input.storeId) await getStore(ctx, input.storeId)
  const [row] = await ctx.db
    .insert(quickReplies)
    .values({ ...input, ownerId: isPersonal ? ctx.actor.id : null, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning()
  if (!row) throw conflict('shortcut_taken', 'This shortcut exists in this language.')
  return present(row)
}

export async function changeQuickReply(
  ctx: Ctx,
  id: string,
  fields: { title?: string | undefined; text?: string | undefined },
) {
  await getOwn(ctx, id)
  const [row] = await ctx.db.update(quickReplies).set(fields).where(eq(quickReplies.id, id)).returning()
  return present(row!)
}

export async function deleteQuickReply(ctx: Ctx, id: string) {
  await getOwn(ctx, id)
  await ctx.db.delete(quickReplies).where(eq(quickReplies.id, id))
}

async function getOwn(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select()
    .from(quickReplies)
    .where(and(eq(quickReplies.id, id), mineOrShared(ctx)))
  const reply = found(row, 'quick_reply')
  if (reply.ownerId === null) refuseWithoutManaging(ctx)
}

function refuseWithoutManaging(ctx: Ctx) {
  if (!can(ctx.actor, 'conversations:manage'))
    throw forbidden('permission_denied', 'Shared quick replies need the permission conversations:manage.')
}

const present = ({ ownerId, createdAt: _, ...row }: typeof quickReplies.$inferSelect) => ({
  ...row,
  isPersonal: ownerId !== null,
})
