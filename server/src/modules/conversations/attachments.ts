import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Actor, Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { type FileRow, files } from '../../platform/files.ts'
import { apiKeys } from '../staff/tables.ts'
import { type Attachment, conversations } from './tables.ts'

/** The files a message carries; each must have been uploaded by its sender and belong to no other conversation. */
export async function claimAttachments(
  ctx: Ctx,
  ids: readonly string[],
  uploader: { kind: Actor['kind']; id: string },
  conversationId: string | null,
): Promise<Attachment[]> {
  if (ids.length === 0) return []
  const rows = await ctx.db
    .select()
    .from(files)
    .where(
      and(
        inArray(files.id, [...ids]),
        eq(files.uploadedByKind, uploader.kind),
        eq(files.uploadedById, uploader.id),
      ),
    )
  const byId = new Map(rows.map(row => [row.id, row]))
  const missing = ids.filter(
    id =>
      !byId.has(id) ||
      (byId.get(id)!.conversationId !== null && byId.get(id)!.conversationId !== conversationId),
  )
  if (missing.length > 0)
    throw invalid('attachment_not_found', 'An attached file was not uploaded by you, or belongs elsewhere.', {
      ids: missing,
    })
  if (conversationId)
    await ctx.db
      .update(files)
      .set({ conversationId })
      .where(inArray(files.id, [...ids]))
  return ids.map(id => attachmentOf(byId.get(id)!))
}

type Naming = { storeId: string; identityId: string; fileIds: readonly string[]; isVouchedFor?: boolean }

/**
 * What messages handed in by a shop carry, for each in the order it named them: files that a key uploaded which
 * sees the store, or that the message is vouched for to have uploaded, and that are in no conversation yet or in one
 * of the same sender. Whatever else is named is left out. The files stay locked, so that no two senders are given
 * one; put them away with `keepAttachments`.
 */
export async function findHandedIn(ctx: Ctx, named: readonly Naming[]): Promise<Attachment[][]> {
  const ids = [...new Set(named.flatMap(({ fileIds }) => fileIds))]
  if (ids.length === 0) return named.map(() => [])
  const rows = await ctx.db
    .select({
      file: files,
      keyId: apiKeys.id,
      storeIds: apiKeys.storeIds,
      identityId: conversations.identityId,
    })
    .from(files)
    .leftJoin(apiKeys, eq(apiKeys.id, files.uploadedById))
    .leftJoin(conversations, eq(conversations.id, files.conversationId))
    .where(inArray(files.id, ids))
    .orderBy(files.id)
    .for('no key update', { of: files })
  const byId = new Map(rows.map(row => [row.file.id, row]))
  const holders = new Map(
    rows.flatMap(({ file, identityId }) => (file.conversationId ? [[file.id, identityId]] : [])),
  )
  return named.map(({ storeId, identityId, fileIds, isVouchedFor = false }) =>
    [...new Set(fileIds)].flatMap(id => {
      const row = byId.get(id)
      if (!row || !(isVouchedFor || isHandedIn(row, storeId))) return []
      if (!holders.has(id)) holders.set(id, identityId)
      return holders.get(id) === identityId ? [attachmentOf(row.file)] : []
    }),
  )
}

const isHandedIn = (
  { keyId, storeIds }: { keyId: string | null; storeIds: string[] | null },
  storeId: string,
) => keyId !== null && (storeIds === null || storeIds.includes(storeId))

/** From now on whoever sees the conversation may have the file. */
export async function keepAttachments(
  ctx: Ctx,
  placed: readonly { conversationId: string; attachments: readonly Attachment[] }[],
) {
  const kept = placed.flatMap(({ conversationId, attachments }) =>
    attachments.map(({ fileId }) => ({ fileId, conversationId })),
  )
  if (kept.length === 0) return
  await ctx.db.execute(sql`
    update files set conversation_id = n.conversation_id
    from unnest(${sql.param(kept.map(one => one.fileId))}::uuid[], ${sql.param(kept.map(one => one.conversationId))}::uuid[])
      as n(file_id, conversation_id)
    where files.id = n.file_id and files.conversation_id is null`)
}

export const attachmentOf = ({ id, name, type, size, width, height }: FileRow): Attachment => ({
  fileId: id,
  name,
  type,
  size,
  width,
  height,
})

export const presentAttachment = (
  { fileId, width, height, contentId, ...file }: Attachment,
  folder: string,
) => ({
  id: fileId,
  name: file.name,
  type: file.type,
  size: file.size,
  url: `${folder}/${fileId}`,
  width: width ?? null,
  height: height ?? null,
  isInline: contentId != null,
})
