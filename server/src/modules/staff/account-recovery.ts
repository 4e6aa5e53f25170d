import { and, eq, gt } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, forbidden, found } from '../../platform/errors.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import { replacePassword } from './accounts.ts'
import { staffChanged } from './events.ts'
import { assertMayGive, assertSeesStores } from './roles.ts'
import { removeSecondFactor } from './second-factor.ts'
import { endSessionsOf } from './sessions.ts'
import { getStaff, staffWithRole } from './staff.ts'
import { passwordResets, staff } from './tables.ts'

const lifetime = 24 * 60 * 60_000

/** The link is shown to whoever asks for it, who hands it over. The old password stays good until it is used. */
export async function issuePasswordReset(ctx: Ctx, staffId: string) {
  const { deactivatedAt } = await getWithinReach(ctx, staffId)
  if (deactivatedAt)
    throw conflict('staff_deactivated', 'This colleague is deactivated; let him in again first.')
  const token = newToken()
  const issued = {
    tokenHash: hashToken(token),
    issuedBy: ctx.actor.id,
    createdAt: ctx.now,
    expiresAt: new Date(ctx.now.getTime() + lifetime),
  }
  await ctx.db
    .insert(passwordResets)
    .values({ ...issued, staffId })
    .onConflictDoUpdate({ target: passwordResets.staffId, set: issued })
  ctx.audit('staff.password_reset_issued', `staff:${staffId}`)
  return { url: `/password-reset/${token}`, expiresAt: issued.expiresAt }
}

/** Used, replaced, too old and never made look all the same. */
export async function glanceAtPasswordReset(ctx: Ctx, token: string) {
  const [row] = await ctx.db
    .select({ name: staff.name, email: staff.email, expiresAt: passwordResets.expiresAt })
    .from(passwordResets)
    .innerJoin(staff, eq(staff.id, passwordResets.staffId))
    .where(isOpen(ctx, token))
  return found(row, 'password_reset')
}

/** His second factor stays: the link alone lets nobody in. */
export async function resetPassword(ctx: Ctx, token: string, password: string) {
  const [used] = await ctx.db
    .delete(passwordResets)
    .where(isOpen(ctx, token))
    .returning({ staffId: passwordResets.staffId })
  const { staffId } = found(used, 'password_reset')
  await replacePassword(ctx, staffId, password)
  await endSessionsOf(ctx, staffId)
  ctx.audit('staff.password_reset', `staff:${staffId}`, ['password'])
}

/** For who has neither his app nor a backup code any more; his password stays. */
export async function resetSecondFactor(ctx: Ctx, staffId: string) {
  await getWithinReach(ctx, staffId)
  const { rowCount } = await removeSecondFactor(ctx, staffId)
  if (rowCount === 0) return getStaff(ctx, staffId)
  await endSessionsOf(ctx, staffId)
  ctx.audit('staff.second_factor_reset', `staff:${staffId}`, ['twoFactor'])
  ctx.emit(staffChanged, { staffId })
  return getStaff(ctx, staffId)
}

/**
 * Who holds such a link can become the colleague: so only for one who may do and see no more than the actor, and
 * never for himself, where a stolen session would spare the thief the password.
 */
async function getWithinReach(ctx: Ctx, staffId: string) {
  const person = await staffWithRole(ctx, staffId)
  if (ctx.actor.kind === 'staff' && ctx.actor.id === staffId)
    throw forbidden('own_account', 'Change this for yourself in your profile, with your password.')
  assertMayGive(ctx.actor, person)
  assertSeesStores(ctx.actor, person.storeIds)
  return person
}

const isOpen = (ctx: Ctx, token: string) =>
  and(eq(passwordResets.tokenHash, hashToken(token)), gt(passwordResets.expiresAt, ctx.now))
