import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { sees } from '../../platform/context.ts'
import { found, notFound } from '../../platform/errors.ts'
import type { FileStore } from '../../platform/file-store.ts'
import { readCursor, writeCursor } from '../customers/cursors.ts'
import type { InboundFilter } from './schemas.ts'
import { channels, inbound } from './tables.ts'

const summary = {
  id: inbound.id,
  channelId: inbound.channelId,
  externalId: inbound.externalId,
  line: inbound.line,
  receivedAt: inbound.receivedAt,
  state: inbound.state,
  attempts: inbound.attempts,
  nextAt: inbound.nextAt,
  reason: inbound.reason,
  messageId: inbound.messageId,
  conversationId: inbound.conversationId,
  doneAt: inbound.doneAt,
  rawBytes: sql<number>`coalesce((${inbound.rawFile}->>'size')::int, octet_length(${inbound.raw}))`,
}

/** Newest first. */
export async function listInbound(ctx: Ctx, { state, channelId, cursor, limit }: InboundFilter) {
  const before = readCursor(cursor, 'position')
  const items = await ctx.db
    .select(summary)
    .from(inbound)
    .innerJoin(channels, eq(channels.id, inbound.channelId))
    .where(
      and(
        // Said so that the planner finds the small index of what was set aside.
        state === 'parked' || state === 'ignored' ? inArray(inbound.state, ['ignored', 'parked']) : undefined,
        state ? eq(inbound.state, state) : undefined,
        channelId ? eq(inbound.channelId, channelId) : undefined,
        before === undefined ? undefined : lt(inbound.id, before),
        visibleTo(ctx),
        inSeenHands(ctx),
      ),
    )
    .orderBy(desc(inbound.id))
    .limit(limit + 1)
  const page = items.slice(0, limit)
  return { items: page, next: items.length > limit ? writeCursor(page.at(-1)!.id) : null }
}

/** With the bytes as text: what is not UTF-8 in them shows as U+FFFD. */
export async function getInbound(ctx: Ctx, id: number) {
  const [row] = await ctx.db
    .select({
      ...summary,
      lane: inbound.lane,
      raw: inbound.raw,
      headers: inbound.headers,
      storeId: channels.storeId,
    })
    .from(inbound)
    .innerJoin(channels, eq(channels.id, inbound.channelId))
    .where(and(eq(inbound.id, id), inSeenHands(ctx)))
  const { storeId, raw, ...item } = found(row, 'inbound')
  if (!sees(ctx.actor, storeId)) throw notFound('inbound')
  return { ...item, raw: raw.toString('utf8') }
}

const visibleTo = ({ actor }: Ctx) =>
  actor.storeIds === 'all' ? undefined : inArray(channels.storeId, [...actor.storeIds])

/** Who does not see all hands does not see what has come into nobody's yet either. */
const inSeenHands = (ctx: Ctx) =>
  ctx.records.get('conversation')?.seen?.(ctx.actor, sql`${inbound.conversationId}`)

/** The bytes as they came, wherever they lie. */
export async function openRaw(ctx: Ctx, files: FileStore, id: number) {
  const [row] = await ctx.db
    .select({ kind: channels.kind, raw: inbound.raw, rawFile: inbound.rawFile, storeId: channels.storeId })
    .from(inbound)
    .innerJoin(channels, eq(channels.id, inbound.channelId))
    .where(and(eq(inbound.id, id), inSeenHands(ctx)))
  const { kind, raw, rawFile, storeId } = found(row, 'inbound')
  if (!sees(ctx.actor, storeId)) throw notFound('inbound')
  return { kind, content: rawFile ? await files.open(rawFile.sha256) : raw }
}
