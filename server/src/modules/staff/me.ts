import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { forbidden } from '../../platform/errors.ts'
import { replacePassword } from './accounts.ts'
import { setAvailability } from './availability.ts'
import { staffChanged } from './events.ts'
import { isPassword } from './passwords.ts'
import { getRole } from './roles.ts'
import type { Me } from './schemas.ts'
import { removeSecondFactor } from './second-factor.ts'
import { endSession, hasSession, keepOneSession } from './sessions.ts'
import { getStaff } from './staff.ts'
import { authAccounts, authUsers, type Locale, staff } from './tables.ts'

/** The colleague who asks; a key is nobody. */
export function myself(ctx: Pick<Ctx, 'actor'>) {
  if (ctx.actor.kind !== 'staff' || !ctx.actor.id)
    throw forbidden('only_staff', 'Only a person who signed in may do this.')
  return ctx.actor.id
}

export async function getMe(ctx: Ctx): Promise<Me> {
  const me = await getStaff(ctx, myself(ctx))
  const { permissions } = await getRole(ctx, me.roleId)
  const [row] = await ctx.db.select({ reads: staff.reads }).from(staff).where(eq(staff.id, me.id))
  return { ...me, reads: row?.reads ?? me.languages, permissions }
}

export async function changeMe(
  ctx: Ctx,
  change: { locale?: Locale; name?: string; zone?: string | null; reads?: string[] },
) {
  const id = myself(ctx)
  if (Object.keys(change).length > 0) {
    await ctx.db.update(staff).set(change).where(eq(staff.id, id))
    if (change.name)
      await ctx.db
        .update(authUsers)
        .set({ name: change.name, updatedAt: ctx.now })
        .where(eq(authUsers.id, id))
    ctx.emit(staffChanged, { staffId: id })
  }
  return getMe(ctx)
}

/** Every other session ends; the one that asked goes on under the token that is answered. */
export async function changePassword(
  ctx: Ctx,
  session: string,
  { current, next }: { current: string; next: string },
) {
  const id = myself(ctx)
  await assertPassword(ctx, id, current)
  await replacePassword(ctx, id, next)
  ctx.audit('staff.password_changed', `staff:${id}`, ['password'])
  return keepOneSession(ctx, id, session)
}

export async function switchSecondFactorOff(ctx: Ctx, session: string, password: string) {
  const id = myself(ctx)
  await assertPassword(ctx, id, password)
  await removeSecondFactor(ctx, id)
  ctx.audit('staff.second_factor_removed', `staff:${id}`, ['twoFactor'])
  return keepOneSession(ctx, id, session)
}

/** Who closes his last window is not at work any more. */
export async function signOut(ctx: Ctx, session: string) {
  const id = myself(ctx)
  await endSession(ctx, session)
  ctx.audit('session.ended', `staff:${id}`)
  if (!(await hasSession(ctx, id))) await setAvailability(ctx, id, 'offline')
}

async function assertPassword(ctx: Ctx, id: string, given: string) {
  const [account] = await ctx.db
    .select({ password: authAccounts.password })
    .from(authAccounts)
    .where(and(eq(authAccounts.userId, id), eq(authAccounts.providerId, 'credential')))
  if (!(await isPassword(account?.password, given)))
    throw forbidden('wrong_password', 'This is not your password.')
}
