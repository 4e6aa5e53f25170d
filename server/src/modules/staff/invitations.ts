import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import { assertMayGive, assertSeesStores, getRole, readerLocale, roleName } from './roles.ts'
import type { Acceptance, NewInvitation } from './schemas.ts'
import { assertNew, joinStaff } from './staff.ts'
import { invitations, type Locale, roles, staff } from './tables.ts'

const lifetime = 24 * 60 * 60_000

/** The link is shown to the admin, who hands it over; a newer invitation of the same person replaces the older. */
export async function inviteStaff(ctx: Ctx, input: NewInvitation) {
  const role = await getRole(ctx, input.roleId)
  assertMayGive(ctx.actor, role)
  assertSeesStores(ctx.actor, input.storeIds)
  await assertNew(ctx, input.email)
  await ctx.db
    .update(invitations)
    .set({ withdrawnAt: ctx.now })
    .where(and(eq(invitations.email, input.email), isOpen(ctx)))
  const token = newToken()
  const [invitation] = await ctx.db
    .insert(invitations)
    .values({
      ...input,
      tokenHash: hashToken(token),
      invitedBy: ctx.actor.id,
      createdAt: ctx.now,
      expiresAt: new Date(ctx.now.getTime() + lifetime),
    })
    .returning()
  ctx.audit('invitation.created', `invitation:${invitation!.id}`, ['roleId', 'storeIds'])
  return { ...invitation!, roleName: roleName(role, await readerLocale(ctx)), url: `/invitation/${token}` }
}

export async function listInvitations(ctx: Ctx) {
  const locale = await readerLocale(ctx)
  const rows = await ctx.db
    .select()
    .from(invitations)
    .innerJoin(roles, eq(roles.id, invitations.roleId))
    .where(isOpen(ctx))
    .orderBy(asc(invitations.id))
  return rows.map(row => ({ ...row.invitations, roleName: roleName(row.roles, locale) }))
}

export async function withdrawInvitation(ctx: Ctx, id: string) {
  const [withdrawn] = await ctx.db
    .update(invitations)
    .set({ withdrawnAt: ctx.now })
    .where(and(eq(invitations.id, id), isOpen(ctx)))
    .returning({ id: invitations.id })
  found(withdrawn, 'invitation')
  ctx.audit('invitation.withdrawn', `invitation:${id}`)
}

/** Used, withdrawn, too old and never made look all the same. */
export async function glanceAtInvitation(ctx: Ctx, token: string, locale: Locale) {
  const [row] = await ctx.db
    .select({
      email: invitations.email,
      expiresAt: invitations.expiresAt,
      invitedBy: staff.name,
      role: roles,
    })
    .from(invitations)
    .innerJoin(roles, eq(roles.id, invitations.roleId))
    .leftJoin(staff, eq(staff.id, invitations.invitedBy))
    .where(and(eq(invitations.tokenHash, hashToken(token)), isOpen(ctx)))
  const { role, ...glance } = found(row, 'invitation')
  return { ...glance, roleName: roleName(role, locale) }
}

export async function acceptInvitation(ctx: Ctx, token: string, person: Acceptance) {
  const [invitation] = await ctx.db
    .update(invitations)
    .set({ acceptedAt: ctx.now })
    .where(and(eq(invitations.tokenHash, hashToken(token)), isOpen(ctx)))
    .returning()
  const { email, roleId, storeIds, teamIds } = found(invitation, 'invitation')
  const role = await getRole(ctx, roleId)
  await joinStaff(ctx, { ...person, email, role, storeIds, teamIds: await stillThere(ctx, teamIds) })
}

/** The open invitation of an address that somebody else has vouched for; it is used up by this. */
export async function takeInvitationOf(ctx: Ctx, email: string) {
  const [invitation] = await ctx.db
    .update(invitations)
    .set({ acceptedAt: ctx.now })
    .where(and(eq(invitations.email, email), isOpen(ctx)))
    .returning()
  return invitation && { ...invitation, teamIds: await stillThere(ctx, invitation.teamIds) }
}

const isOpen = (ctx: Ctx) =>
  and(isNull(invitations.acceptedAt), isNull(invitations.withdrawnAt), gt(invitations.expiresAt, ctx.now))

/** A team may have been dissolved since the invitation; that keeps nobody out. */
async function stillThere(ctx: Ctx, teamIds: string[]) {
  const { rows } = await ctx.db.execute<{ id: string }>(
    sql`select id from teams where id = any(${sql.param(teamIds)}::uuid[])`,
  )
  return rows.map(({ id }) => id)
}
