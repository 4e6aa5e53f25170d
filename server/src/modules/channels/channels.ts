import { and, asc, eq, inArray } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import { type Ctx, sees } from '../../platform/context.ts'
import { conflict, found, invalid, isUniqueViolation, notFound } from '../../platform/errors.ts'
import { newToken, type Secrets } from '../../platform/secrets.ts'
import { findStoreByKey, getStore } from '../settings/stores.ts'
import { adapterOf } from './adapters.ts'
import { channelChanged } from './events.ts'
import { forgetCredentials } from './mail/credentials.ts'
import { MailSettings, whereTo } from './mail/settings.ts'
import type { Channel, ChannelChange, NewChannel } from './schemas.ts'
import { type ChannelKind, channels } from './tables.ts'
import { WebChatSettings } from './web-chat.ts'

export type ChannelRow = typeof channels.$inferSelect

export async function listChannels(ctx: Ctx): Promise<Channel[]> {
  const { storeIds } = ctx.actor
  const rows = await ctx.db
    .select()
    .from(channels)
    .where(storeIds === 'all' ? undefined : inArray(channels.storeId, [...storeIds]))
    .orderBy(asc(channels.id))
  return rows.map(present)
}

export const getChannel = async (ctx: Ctx, id: string): Promise<Channel> =>
  present(await readChannel(ctx, id))

/** The chat that a shop's page shows, where it has one switched on. */
export async function findWebChat(ctx: Ctx, storeId: string): Promise<ChannelRow | undefined> {
  const isIt = and(eq(channels.storeId, storeId), eq(channels.kind, 'web_chat'), eq(channels.active, true))
  const [channel] = await ctx.db.select().from(channels).where(isIt)
  return channel
}

/**
 * Who may show the widget of a store in a frame, as sources of a Content-Security-Policy; nobody, where there
 * is no such chat. Our own pages always may: the preview is one.
 */
export async function widgetFrameAncestors(ctx: Ctx, storeKey: string): Promise<string[]> {
  const store = await findStoreByKey(ctx, storeKey)
  const channel = store && (await findWebChat(ctx, store.id))
  if (!channel) return ["'none'"]
  const { allowedOrigins } = WebChatSettings.parse(channel.settings)
  return allowedOrigins.length > 0 ? ["'self'", ...allowedOrigins] : ['*']
}

/** Settings left out are the kind's own. It has no secret until one is made with `rotateSecret`. */
export async function createChannel(ctx: Ctx, input: NewChannel): Promise<Channel> {
  await getStore(ctx, input.storeId)
  const settings = mergeSettings({ kind: input.kind, settings: {} }, input.settings)
  const channel = { ...input, settings, id: uuidv7(), createdAt: ctx.now }
  const [row] = await ctx.db.insert(channels).values(channel).onConflictDoNothing().returning()
  if (!row) throw secondWebChat()
  ctx.emit(channelChanged, { channelId: row.id, storeId: row.storeId })
  ctx.audit('channel.created', `channel:${row.id}`)
  return present(row)
}

export async function changeChannel(ctx: Ctx, id: string, change: ChannelChange): Promise<Channel> {
  const channel = await readChannel(ctx, id, 'update')
  const { name = channel.name, active = channel.active } = change
  const settings = change.settings ? mergeSettings(channel, change.settings) : channel.settings
  const [changed] = await ctx.db
    .update(channels)
    .set({ name, active, settings })
    .where(eq(channels.id, id))
    .returning()
    .catch(error => {
      throw isUniqueViolation(error) ? secondWebChat() : error
    })
  if (channel.kind === 'mail' && goesElsewhere(channel.settings, settings)) await forgetCredentials(ctx, id)
  ctx.emit(channelChanged, { channelId: id, storeId: channel.storeId })
  ctx.audit('channel.changed', `channel:${id}`, Object.keys(change))
  return present(changed!)
}

/** Makes a new secret and shows it this once; the one before lives on beside it, any older one dies. */
export async function rotateSecret(ctx: Ctx, secrets: Secrets, id: string): Promise<{ secret: string }> {
  const channel = await readChannel(ctx, id, 'update')
  const [current] = secretsOf(secrets, channel)
  const secret = newToken()
  await ctx.db
    .update(channels)
    .set({
      secretSealed: secrets.seal(secret, sealedIn(id, 'secret_sealed')),
      previousSecretSealed: current ? secrets.seal(current, sealedIn(id, 'previous_secret_sealed')) : null,
    })
    .where(eq(channels.id, id))
  ctx.emit(channelChanged, { channelId: id, storeId: channel.storeId })
  ctx.audit('channel.secret_rotated', `channel:${id}`)
  return { secret }
}

/** The other side has changed over, or the old secret got about. */
export async function endPreviousSecret(ctx: Ctx, id: string) {
  const channel = await readChannel(ctx, id, 'update')
  await ctx.db.update(channels).set({ previousSecretSealed: null }).where(eq(channels.id, id))
  ctx.emit(channelChanged, { channelId: id, storeId: channel.storeId })
  ctx.audit('channel.previous_secret_ended', `channel:${id}`)
}

type Sealed = Pick<ChannelRow, 'id' | 'secretSealed' | 'previousSecretSealed'>

/** The secrets that live, the newest first. */
export function secretsOf(secrets: Secrets, { id, secretSealed, previousSecretSealed }: Sealed): string[] {
  const opened: string[] = []
  if (secretSealed) opened.push(secrets.open(secretSealed, sealedIn(id, 'secret_sealed')))
  if (previousSecretSealed)
    opened.push(secrets.open(previousSecretSealed, sealedIn(id, 'previous_secret_sealed')))
  return opened
}

const sealedIn = (row: string, column: string) => ({ table: 'channels', row, column })

async function readChannel(ctx: Ctx, id: string, lock?: 'update') {
  const query = ctx.db.select().from(channels).where(eq(channels.id, id))
  const [row] = await (lock ? query.for(lock) : query)
  const channel = found(row, 'channel')
  if (!sees(ctx.actor, channel.storeId)) throw notFound('channel')
  return channel
}

function mergeSettings(
  { kind, settings }: { kind: ChannelKind; settings: Record<string, unknown> },
  change: object,
) {
  const merged = adapterOf(kind).settings.safeParse({ ...settings, ...change })
  if (merged.success) return merged.data
  throw invalid(
    'invalid_settings',
    'These settings do not suit this kind of channel.',
    merged.error.issues.map(issue => ({
      path: ['body', 'settings', ...issue.path.map(String)].join('.'),
      code: issue.code,
      message: issue.message,
    })),
  )
}

const goesElsewhere = (before: unknown, after: unknown) =>
  whereTo(MailSettings.parse(before)) !== whereTo(MailSettings.parse(after))

const secondWebChat = () =>
  conflict('web_chat_exists', 'This store has a web chat already; switch that one off first.')

const present = ({ secretSealed, previousSecretSealed, ...channel }: ChannelRow): Channel => ({
  ...channel,
  hasSecret: secretSealed !== null,
  hasPreviousSecret: previousSecretSealed !== null,
})
