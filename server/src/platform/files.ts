import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, oneOf } from './columns.ts'
import type { Ctx } from './context.ts'
import { found } from './errors.ts'
import { cleanFileName } from './file-names.ts'
import { type FileStore, openFiles, type StoredContent, tooLarge } from './file-store.ts'
import { readImage } from './images.ts'

export { type FileStore, openFiles }

/** A name for a content. Several files may share one content; width and height mark a picture that may be shown. */
export const files = pgTable(
  'files',
  {
    id: id(),
    sha256: text().notNull(),
    name: text().notNull(),
    type: text().notNull(),
    size: bigint({ mode: 'number' }).notNull(),
    width: integer(),
    height: integer(),
    uploadedByKind: oneOf(['staff', 'api_key', 'visitor', 'system']).notNull(),
    uploadedById: uuid(),
    conversationId: uuid(),
    createdAt: createdAt(),
  },
  t => [index('files_by_content').on(t.sha256), index('files_by_conversation').on(t.conversationId)],
)

export type FileRow = typeof files.$inferSelect

export type ReceivedFile = StoredContent & Pick<FileRow, 'name' | 'type' | 'width' | 'height'>

type Upload = { content: Readable; name: string; type: string; maxBytes: number }

/**
 * Stores an upload and finds out what it is. Its claim to be a picture counts only when its first bytes say
 * so too. Outside any transaction, since it takes as long as the sender likes; then `addFile` in one.
 */
export async function receiveFile(
  store: FileStore,
  { content, name, type, maxBytes }: Upload,
): Promise<ReceivedFile> {
  const head: Buffer[] = []
  const stored = await store.put(Readable.from(keepHead(content, head, maxBytes)), { maxBytes })
  const image = readImage(Buffer.concat(head))
  const isShowable = image !== null && image.width * image.height <= mostPixels
  return {
    ...stored,
    name: cleanFileName(name),
    type: isShowable ? image.type : harmlessType(type),
    width: isShowable ? image.width : null,
    height: isShowable ? image.height : null,
  }
}

export async function addFile(
  ctx: Ctx,
  file: ReceivedFile,
  conversationId: string | null = null,
): Promise<FileRow> {
  const { kind, id } = ctx.actor
  const [row] = await ctx.db
    .insert(files)
    .values({ ...file, conversationId, uploadedByKind: kind, uploadedById: id, createdAt: ctx.now })
    .returning()
  return row!
}

/** Whether the actor may have it is for the caller to say. */
export async function getFile(ctx: Ctx, id: string): Promise<FileRow> {
  const [row] = await ctx.db.select().from(files).where(eq(files.id, id))
  return found(row, 'file')
}

/** Headers that keep a file inert on our own origin: only a picture we recognised is shown, all else is saved. */
export function contentHeaders(file: Pick<FileRow, 'name' | 'type' | 'size' | 'width'>) {
  const isShown = file.width !== null && pictureTypes.has(file.type)
  return {
    'content-type': isShown ? file.type : harmlessType(file.type),
    'content-length': String(file.size),
    'content-disposition': `${isShown ? 'inline' : 'attachment'}; ${fileNameParameters(file.name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, max-age=3600',
  }
}

// A browser needs four bytes a pixel to show it: 40 million are 160 MB, more is a weapon.
const mostPixels = 40_000_000

// The frame header of a photograph comes after its metadata, which are seldom larger than this.
const headBytes = 256 * 1024

async function* keepHead(content: Readable, head: Buffer[], maxBytes: number) {
  let room = headBytes
  for await (const chunk of content as AsyncIterable<Buffer>) {
    if (room > 0) head.push(chunk.subarray(0, room))
    room -= chunk.length
    yield chunk
  }
  // A multipart parser with a limit of its own ends the stream early, and says so only here.
  if ('truncated' in content && content.truncated) throw tooLarge(maxBytes)
}

const pictureTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** What is not a picture may not claim to be one, and what a browser would run is only bytes. */
function harmlessType(claimed: string) {
  const type = claimed.split(';')[0]!.trim().toLowerCase()
  const isWellFormed = /^[a-z0-9][\w!#$&^.+-]{0,99}\/[a-z0-9][\w!#$&^.+-]{0,99}$/.test(type)
  return isWellFormed && !/^(image|multipart|message)\/|html|script|[/+]xml|xslt?$|flash/.test(type)
    ? type
    : 'application/octet-stream'
}

/** RFC 6266 with RFC 8187: an ASCII name for old clients, the true one for all others. */
function fileNameParameters(name: string) {
  const ascii = name.replace(/[^\x20-\x7e]|["%\\]/gu, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*!]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `filename="${ascii}"; filename*=UTF-8''${encoded}`
}
