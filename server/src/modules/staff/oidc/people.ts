import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { takeInvitationOf } from '../invitations.ts'
import { getRole, isAdmin } from '../roles.ts'
import { changeStaff, getStaff, joinStaff, staffWithRole } from '../staff.ts'
import { authAccounts, staff } from '../tables.ts'
import { GiverFailure } from './failures.ts'
import type { Giver } from './givers.ts'
import type { ClaimMap } from './tables.ts'
import type { Claims } from './tokens.ts'

/**
 * The colleague a giver speaks of: by its own name for him once he has come that way, before that by an address it
 * has verified. Who is invited joins as he was invited, others only where the giver's settings let them.
 */
export async function admitPerson(ctx: Ctx, giver: Giver, issuer: string, claims: Claims) {
  const isHis = and(eq(authAccounts.issuer, issuer), eq(authAccounts.accountId, claims.sub))
  const [known] = await ctx.db.select({ id: authAccounts.userId }).from(authAccounts).where(isHis)
  const id = known?.id ?? (await linkPerson(ctx, giver, issuer, claims))
  const [person] = await ctx.db
    .select({ id: staff.id, name: staff.name, deactivatedAt: staff.deactivatedAt })
    .from(staff)
    .where(eq(staff.id, id))
  if (!person || person.deactivatedAt) throw new GiverFailure('staff_deactivated')
  await followClaims(ctx, giver, person.id, claims)
  return person
}

async function linkPerson(ctx: Ctx, giver: Giver, issuer: string, claims: Claims) {
  const email = verifiedAddress(claims)
  if (giver.domains.length > 0 && !giver.domains.includes(email.split('@')[1]!))
    throw new GiverFailure('domain_not_allowed', email)
  const [colleague] = await ctx.db
    .select({ id: staff.id, deactivatedAt: staff.deactivatedAt })
    .from(staff)
    .where(eq(staff.email, email))
  if (colleague?.deactivatedAt) throw new GiverFailure('staff_deactivated', email)
  const id = colleague?.id ?? (await joinPerson(ctx, giver, email, claims))
  await ctx.db
    .insert(authAccounts)
    .values({
      ...{ userId: id, issuer, accountId: claims.sub, providerId: `giver:${giver.id}` },
      ...{ createdAt: ctx.now, updatedAt: ctx.now },
    })
    .onConflictDoNothing()
  ctx.audit('staff.giver_linked', `staff:${id}`, [`identity_giver:${giver.id}`])
  return id
}

async function joinPerson(ctx: Ctx, giver: Giver, email: string, claims: Claims) {
  const invitation = await takeInvitationOf(ctx, email)
  if (!invitation && !giver.joinsAs) throw new GiverFailure('no_account', email)
  const { roleId, storeIds, teamIds } = invitation ?? {
    ...{ roleId: giver.joinsAs!, storeIds: giver.joinsStoreIds, teamIds: [] },
  }
  const { id } = await joinStaff(ctx, {
    name: nameOf(claims, email),
    ...{ email, storeIds, teamIds, role: await getRole(ctx, roleId) },
    locale: String(claims.locale ?? '').startsWith('zh') ? 'zh' : 'en',
  })
  return id
}

/** An administrator stays one: the last of them must not be lost to what somebody changes at the giver. */
async function followClaims(ctx: Ctx, giver: Giver, id: string, claims: Claims) {
  const { roleClaim, roleMap, teamClaim, teamMap } = giver
  const said = valuesOf(claims, roleClaim)
  const roleId = roleMap.find(({ value }) => said?.has(value))?.id
  const current = await staffWithRole(ctx, id)
  const isMoved = roleId !== undefined && roleId !== current.roleId && !isAdmin(current)
  const { teamIds } = await getStaff(ctx, id)
  const wanted = teamsBy(valuesOf(claims, teamClaim), teamMap, teamIds)
  const areMoved = wanted.length !== teamIds.length || wanted.some(teamId => !teamIds.includes(teamId))
  if (isMoved || areMoved)
    await changeStaff(ctx, id, { ...(isMoved && { roleId }), ...(areMoved && { teamIds: wanted }) })
}

/** Teams that no value stands for are none of the giver's business. */
function teamsBy(said: Set<string> | null, map: ClaimMap, teamIds: readonly string[]) {
  if (!said) return [...teamIds]
  const kept = teamIds.filter(id => !map.some(one => one.id === id))
  return [...new Set([...kept, ...map.filter(({ value }) => said.has(value)).map(({ id }) => id)])]
}

/** By name, or else by path: `https://shop.example/roles`, but also `realm_access.roles`. Null where nothing is said. */
function valuesOf(claims: Claims, name: string | null): Set<string> | null {
  if (!name) return null
  const step = (value: unknown, key: string) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
  const value = claims[name] ?? name.split('.').reduce<unknown>(step, claims)
  if (typeof value === 'string') return new Set([value])
  return Array.isArray(value) ? new Set(value.map(String)) : null
}

/** Entra says `xms_edov` where others say `email_verified`. An address that nobody vouches for may be anybody's. */
function verifiedAddress({ email, email_verified, xms_edov }: Claims): string {
  const isVerified = [true, 'true'].includes((email_verified ?? null) as never)
  const isOwned = email_verified === undefined && [true, 'true', 1, '1'].includes((xms_edov ?? null) as never)
  const isAddress = typeof email === 'string' && email.length <= 254 && /^[^@\s]+@[^@\s]+$/.test(email)
  if (!isAddress || !(isVerified || isOwned)) throw new GiverFailure('email_not_verified')
  return email.toLowerCase()
}

const nameOf = ({ name }: Claims, email: string) =>
  (typeof name === 'string' && name.trim().slice(0, 100)) || email.split('@')[0]!
