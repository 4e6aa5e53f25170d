import { eq } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import { Credentials } from './settings.ts'
import { mailboxes } from './tables.ts'

export const sealedCredentials = { table: 'mailboxes', key: 'channel_id', column: 'credentials_sealed' }

/** Empty where nobody gave any yet. */
export async function readCredentials(ctx: Ctx, secrets: Secrets, channelId: string): Promise<Credentials> {
  const [row] = await ctx.db
    .select({ sealed: mailboxes.credentialsSealed })
    .from(mailboxes)
    .where(eq(mailboxes.channelId, channelId))
  return row?.sealed ? Credentials.parse(JSON.parse(secrets.open(row.sealed, placeOf(channelId)))) : {}
}

/** Lays what is given over what stands; null takes away. Who renews a token must not undo a new password. */
export async function changeCredentials(
  ctx: Ctx,
  secrets: Secrets,
  channelId: string,
  change: { [Name in keyof Credentials]?: Credentials[Name] | null },
  expireAt?: Date | null,
) {
  await ctx.db.insert(mailboxes).values({ channelId }).onConflictDoNothing()
  await ctx.db
    .select({ id: mailboxes.channelId })
    .from(mailboxes)
    .where(eq(mailboxes.channelId, channelId))
    .for('update')
  const merged = { ...(await readCredentials(ctx, secrets, channelId)), ...change }
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value))
  await ctx.db
    .update(mailboxes)
    .set({
      credentialsSealed: secrets.seal(JSON.stringify(kept), placeOf(channelId)),
      ...(expireAt !== undefined && { credentialsExpireAt: expireAt }),
    })
    .where(eq(mailboxes.channelId, channelId))
}

/** Whoever may change a channel must not learn its password by naming a server of his own. */
export const forgetCredentials = (ctx: Ctx, channelId: string) =>
  ctx.db.update(mailboxes).set({ credentialsSealed: null }).where(eq(mailboxes.channelId, channelId))

const placeOf = (row: string) => ({ table: 'mailboxes', row, column: 'credentials_sealed' })
