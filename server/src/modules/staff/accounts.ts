import { and, eq, inArray } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { hashPassword } from './passwords.ts'
import { authAccounts, passwordResets } from './tables.ts'

/** Who exists and with which password, if he has one; the id is that of the colleague. */
export async function openAccount(
  ctx: Ctx,
  { name, email, password }: { name: string; email: string; password?: string | undefined },
) {
  const { accounts } = await accountsOf(ctx)
  const user = await accounts.createUser({ name, email, emailVerified: true }, {
    action: 'create-user',
    method: 'email-password',
  } as never)
  if (password !== undefined) await addPassword(ctx, user.id, password)
  return user.id
}

async function addPassword(ctx: Ctx, userId: string, password: string) {
  const { accounts, passwordAccount } = await accountsOf(ctx)
  await accounts.linkAccount({
    ...passwordAccount,
    ...{ userId, accountId: userId, password: await hashPassword(password) },
  })
}

export async function replacePassword(ctx: Ctx, staffId: string, password: string) {
  const { accounts } = await accountsOf(ctx)
  const his = and(eq(authAccounts.userId, staffId), eq(authAccounts.providerId, 'credential'))
  if ((await ctx.db.$count(authAccounts, his)) === 0) await addPassword(ctx, staffId, password)
  else await accounts.updatePassword(staffId, await hashPassword(password))
  await withdrawPasswordResets(ctx, [staffId])
}

/** What a colleague may do or see has changed, so a link to his account may reach further than its maker does. */
export async function withdrawPasswordResets(ctx: Ctx, staffIds: readonly string[]) {
  await ctx.db.delete(passwordResets).where(inArray(passwordResets.staffId, [...staffIds]))
}

export async function accountsOf({ db }: Pick<Ctx, 'db'>) {
  // Loaded with the first account that is written: 40 MB that a worker never uses.
  const { openAccounts, passwordAccount } = await import('./better-auth.ts')
  return { accounts: await openAccounts(db), passwordAccount }
}
