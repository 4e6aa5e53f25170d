import { and, eq, isNotNull, isNull, ne, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { channelChanged } from '../events.ts'
import { channels } from '../tables.ts'
import type { Failure } from './failures.ts'
import { MailSettings } from './settings.ts'
import { mailboxes, mailFolders } from './tables.ts'

export type Folder = typeof mailFolders.$inferSelect
export type FetchedChannel = { id: string; storeId: string; settings: MailSettings & { imap: object } }

const day = 86_400_000

/** The channel as it stands now, where mail is to be fetched for it; nothing where not. */
export async function findFetched(ctx: Ctx, channelId: string): Promise<FetchedChannel | null> {
  const isIt = and(eq(channels.id, channelId), eq(channels.kind, 'mail'), eq(channels.active, true))
  const [row] = await ctx.db.select().from(channels).where(isIt)
  const settings = row && MailSettings.parse(row.settings)
  return settings?.imap
    ? { id: row!.id, storeId: row!.storeId, settings: { ...settings, imap: settings.imap } }
    : null
}

export async function noteConnected(ctx: Ctx, { id }: { id: string }) {
  await ctx.db.update(mailboxes).set({ connectedAt: ctx.now }).where(eq(mailboxes.channelId, id))
}

/** All there was is here. Whatever failed before is over. */
export async function noteFetched(ctx: Ctx, channel: { id: string; storeId: string }) {
  await ctx.db.update(mailboxes).set({ lastFetchedAt: ctx.now }).where(eq(mailboxes.channelId, channel.id))
  const [recovered] = await ctx.db
    .update(mailboxes)
    .set({ failingSince: null, failure: null, failureDetail: null })
    .where(and(eq(mailboxes.channelId, channel.id), isNotNull(mailboxes.failingSince)))
    .returning({ channelId: mailboxes.channelId })
  if (recovered) ctx.emit(channelChanged, { channelId: channel.id, storeId: channel.storeId })
}

export async function noteSent(ctx: Ctx, channelId: string) {
  const sent = { channelId, lastSentAt: ctx.now }
  await ctx.db
    .insert(mailboxes)
    .values(sent)
    .onConflictDoUpdate({ target: mailboxes.channelId, set: { lastSentAt: ctx.now } })
}

/** Since when is kept from the first of a row of failures; told once, and again when the reason changes. */
export async function noteFailure(ctx: Ctx, channel: { id: string; storeId: string }, failure: Failure) {
  const isNew = or(isNull(mailboxes.failure), ne(mailboxes.failure, failure.code))
  const [changed] = await ctx.db
    .update(mailboxes)
    .set({
      failingSince: sql`coalesce(${mailboxes.failingSince}, ${ctx.now})`,
      failure: failure.code,
      failureDetail: failure.detail,
    })
    .where(and(eq(mailboxes.channelId, channel.id), isNew))
    .returning({ channelId: mailboxes.channelId })
  if (changed) ctx.emit(channelChanged, { channelId: channel.id, storeId: channel.storeId })
}

type Opened = { path: string; uidValidity: bigint; uidNext: number }

/**
 * How far the opened folder is read. At the first look what lies there is history. When UIDVALIDITY has changed
 * everything is listed again; what is known by its content is not taken twice, and what nobody saw come while
 * the UIDs changed counts as new.
 */
export async function readFolder(
  ctx: Ctx,
  { id, settings }: FetchedChannel,
  opened: Opened,
): Promise<Folder> {
  const isIt = and(eq(mailFolders.channelId, id), eq(mailFolders.path, opened.path))
  const [known] = await ctx.db.select().from(mailFolders).where(isIt).for('update')
  const [mailbox] = await ctx.db.select().from(mailboxes).where(eq(mailboxes.channelId, id))
  const top = opened.uidNext - 1
  const uidValidity = Number(opened.uidValidity)
  const historySince = new Date(ctx.now.getTime() - settings.historyDays * day)
  const liveSince = new Date(ctx.now.getTime() - settings.liveDays * day)
  const cursor = { uidValidity, lastUid: top, historyUntilUid: top }
  if (!known) {
    const first = { channelId: id, path: opened.path, ...cursor, historySince, liveSince }
    const [row] = await ctx.db.insert(mailFolders).values(first).returning()
    return row!
  }
  if (known.uidValidity === uidValidity && known.historySince <= historySince) return known
  const seenUntil = new Date((mailbox?.lastFetchedAt ?? ctx.now).getTime() - day)
  const change =
    known.uidValidity === uidValidity
      ? { historySince }
      : {
          ...cursor,
          historySince: earliest(known.historySince, historySince, seenUntil),
          liveSince: earliest(liveSince, seenUntil),
        }
  const [row] = await ctx.db.update(mailFolders).set(change).where(isIt).returning()
  return row!
}

const earliest = (...moments: Date[]) => new Date(Math.min(...moments.map(moment => moment.getTime())))
