import { inArray } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { hashPassword } from './passwords.ts'
import { passwordResets } from './tables.ts'

/** Who exists and with which password; the id is that of the colleague. */
export async function openAccount(
  ctx: Ctx,
  { name, email, password }: { name: string; email: string; password: string },
) {
  const { accounts, passwordAccount } = await accountsOf(ctx)
  const user = await accounts.createUser({ name, email, emailVerified: true }, {
    action: 'create-user',
    method: 'email-password',
  } as never)
  await accounts.linkAccount({
    ...passwordAccount,
    userId: user.id,
    accountId: user.id,
    password: await hashPassword(password),
  })
  return user.id
}

export async function replacePassword(ctx: Ctx, staffId: string, password: string) {
  const { accounts } = await accountsOf(ctx)
  await accounts.updatePassword(staffId, await hashPassword(password))
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
