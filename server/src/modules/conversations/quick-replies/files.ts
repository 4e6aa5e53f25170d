import { and, eq, inArray, isNull } from 'drizzle-orm'
import { uuidv7 } from '../../../platform/columns.ts'
import type { Ctx } from '../../../platform/context.ts'
import { invalid } from '../../../platform/errors.ts'
import { type FileRow, files } from '../../../platform/files.ts'

/**
 * The files of a quick reply: those it has already, and copies of those that were uploaded for it. A copy is a name
 * for the same content; being nobody's upload it can be put into no message by itself.
 */
export async function keepFiles(ctx: Ctx, ids: readonly string[], known: readonly string[]) {
  const added = ids.filter(id => !known.includes(id))
  if (added.length === 0) return [...ids]
  const { kind, id: byId } = ctx.actor
  const rows = await ctx.db
    .select()
    .from(files)
    .where(
      and(
        inArray(files.id, added),
        eq(files.uploadedByKind, kind),
        byId ? eq(files.uploadedById, byId) : undefined,
        isNull(files.conversationId),
      ),
    )
  if (rows.length < new Set(added).size)
    throw invalid('attachment_not_found', 'An attached file was not uploaded by you, or belongs elsewhere.')
  const copies = await copy(ctx, rows, { uploadedByKind: 'system', uploadedById: null })
  return ids.map(id => copies.get(id) ?? id)
}

/** Copies that the actor may put into a message. */
export async function giveFiles(ctx: Ctx, ids: readonly string[]): Promise<FileRow[]> {
  if (ids.length === 0) return []
  const rows = await ctx.db
    .select()
    .from(files)
    .where(inArray(files.id, [...ids]))
  const copies = await copy(ctx, rows, { uploadedByKind: ctx.actor.kind, uploadedById: ctx.actor.id })
  return ids.flatMap(id => {
    const row = rows.find(row => row.id === id)
    return row ? [{ ...row, id: copies.get(id)! }] : []
  })
}

export async function filesOf(ctx: Ctx, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Kept>()
  const rows = await ctx.db
    .select({ id: files.id, name: files.name, type: files.type, size: files.size })
    .from(files)
    .where(inArray(files.id, [...ids]))
  return new Map<string, Kept>(rows.map(row => [row.id, row]))
}

type Kept = Pick<FileRow, 'id' | 'name' | 'type' | 'size'>

async function copy(ctx: Ctx, rows: FileRow[], by: Pick<FileRow, 'uploadedByKind' | 'uploadedById'>) {
  const copies = rows.map(row => ({ ...row, ...by, id: uuidv7(), createdAt: ctx.now }))
  await ctx.db.insert(files).values(copies)
  return new Map(rows.map(({ id }, n) => [id, copies[n]!.id]))
}
