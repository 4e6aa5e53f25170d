import { asc, eq, inArray } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict } from '../../../platform/errors.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import { getChannel } from '../channels.ts'
import { channelChanged } from '../events.ts'
import { changeCredentials, readCredentials } from './credentials.ts'
import type { FailureCode } from './failures.ts'
import type { CredentialsChange, Mailbox } from './schemas.ts'
import { MailSettings } from './settings.ts'
import { mailboxes, mailFolders, mailUnfetched } from './tables.ts'

const mostFindings = 50

/** A mail channel that the actor may see. */
export async function readMailChannel(ctx: Ctx, id: string) {
  const channel = await getChannel(ctx, id)
  if (channel.kind !== 'mail') throw conflict('not_a_mail_channel', 'This channel has no mailbox.')
  return { ...channel, settings: MailSettings.parse(channel.settings) }
}

export async function showMailbox(ctx: Ctx, secrets: Secrets, id: string): Promise<Mailbox> {
  const { settings } = await readMailChannel(ctx, id)
  const [row] = await ctx.db.select().from(mailboxes).where(eq(mailboxes.channelId, id))
  const folders = await ctx.db
    .select()
    .from(mailFolders)
    .where(eq(mailFolders.channelId, id))
    .orderBy(asc(mailFolders.path))
  const findings = await ctx.db
    .select()
    .from(mailUnfetched)
    .where(
      inArray(
        mailUnfetched.folderId,
        folders.map(folder => folder.id),
      ),
    )
    .orderBy(asc(mailUnfetched.triedAt))
    .limit(mostFindings)
  const kept = await readCredentials(ctx, secrets, id)
  return {
    connectedAt: row?.connectedAt ?? null,
    lastFetchedAt: row?.lastFetchedAt ?? null,
    lastSentAt: row?.lastSentAt ?? null,
    failingSince: row?.failingSince ?? null,
    failure: (row?.failure as FailureCode | undefined) ?? null,
    failureDetail: row?.failureDetail ?? null,
    lagSeconds: settings.imap ? lagOf(ctx, row?.lastFetchedAt) : null,
    credentials: {
      hasPassword: kept.password !== undefined,
      hasSmtpPassword: kept.smtpPassword !== undefined,
      hasClientSecret: kept.oauthClientSecret !== undefined,
      hasConsent: kept.refreshToken !== undefined,
      hasDkimKey: kept.dkimPrivateKey !== undefined,
      expireAt: row?.credentialsExpireAt ?? null,
    },
    folders: folders.map(({ id: folderId, path, serverCount, heldCount, comparedAt, repairedCount }) => ({
      ...{ path, serverCount, heldCount, comparedAt, repairedCount },
      unfetched: findings
        .filter(finding => finding.folderId === folderId)
        .map(({ uid, attempts, reason, triedAt }) => ({ uid, attempts, reason, triedAt })),
    })),
  }
}

/** Written, never read back; null takes one away. Fetching tries them at once. */
export async function setCredentials(ctx: Ctx, secrets: Secrets, id: string, change: CredentialsChange) {
  const channel = await readMailChannel(ctx, id)
  const isNewConsent = change.refreshToken !== undefined || change.oauthClientSecret !== undefined
  const stale = isNewConsent ? { accessToken: null, accessTokenExpiresAt: null } : {}
  await changeCredentials(ctx, secrets, id, { ...change, ...stale })
  ctx.audit('mailbox.credentials_changed', `channel:${id}`, Object.keys(change))
  ctx.emit(channelChanged, { channelId: id, storeId: channel.storeId })
  await askToFetch(ctx, id)
}

export const askToFetch = (ctx: Ctx, id: string) => ask(ctx, id, 'fetchAskedAt')
export const askToCompare = (ctx: Ctx, id: string) => ask(ctx, id, 'comparisonAskedAt')

async function ask(ctx: Ctx, id: string, what: 'fetchAskedAt' | 'comparisonAskedAt') {
  const { settings } = await readMailChannel(ctx, id)
  if (!settings.imap) throw conflict('nothing_is_fetched_here', 'No server to fetch from is set.')
  const asked = { [what]: ctx.now }
  await ctx.db
    .insert(mailboxes)
    .values({ channelId: id, ...asked })
    .onConflictDoUpdate({ target: mailboxes.channelId, set: asked })
}

const lagOf = ({ now }: Ctx, fetchedAt: Date | null | undefined) =>
  fetchedAt ? Math.max(0, Math.round((now.getTime() - fetchedAt.getTime()) / 1_000)) : null
