import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import type { Actor, Ctx } from '../../platform/context.ts'
import { conflict, found, isUniqueViolation } from '../../platform/errors.ts'
import { openAccount, withdrawPasswordResets } from './accounts.ts'
import { setAvailability } from './availability.ts'
import { staffAccessChanged, staffChanged, staffDeactivated } from './events.ts'
import {
  assertAdminRemains,
  assertHolds,
  assertMayGive,
  assertSeesStores,
  getRole,
  getRoleByCode,
  isAdmin,
  readerLocale,
  roleName,
  seedRoles,
} from './roles.ts'
import type { FirstAdmin, NewStaff, Staff, StaffChange } from './schemas.ts'
import { endSessionsOf, permissionsOf, teamsSeen } from './sessions.ts'
import { authUsers, type Locale, roles, staff } from './tables.ts'
import { joinTeams } from './teams.ts'

export async function getStaff(ctx: Ctx, id: string): Promise<Staff> {
  const [row] = await selectStaff(ctx).where(eq(staff.id, id))
  return shown(found(row, 'staff'), await readerLocale(ctx))
}

export async function getStaffByEmail(ctx: Ctx, email: string): Promise<Staff> {
  const [row] = await selectStaff(ctx).where(eq(staff.email, email.trim().toLowerCase()))
  return shown(found(row, 'staff'), await readerLocale(ctx))
}

/** All of them, also those who left: names are needed for what they wrote. Colleagues are hundreds, not millions. */
export async function listStaff(ctx: Ctx): Promise<Staff[]> {
  const locale = await readerLocale(ctx)
  const rows = await selectStaff(ctx).orderBy(asc(staff.name), asc(staff.id))
  return rows.map(row => shown(row, locale))
}

export async function createStaff(ctx: Ctx, { roleCode, ...person }: NewStaff) {
  const role = await getRoleByCode(ctx, roleCode)
  return joinStaff(ctx, { ...person, role })
}

/** Before the first admin exists nobody can sign in, and the set-up page is open to whoever comes first. */
export const hasStaff = async (ctx: Ctx) =>
  (await ctx.db.select({ id: staff.id }).from(staff).limit(1)).length > 0

/** Seeds the roles too; two that come at once meet at the lock, and the second is refused. */
export async function createFirstAdmin(ctx: Ctx, admin: FirstAdmin) {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(${setUpLock})`)
  if (await hasStaff(ctx)) throw conflict('already_set_up', 'This company has its first administrator.')
  await seedRoles(ctx)
  return createStaff(ctx, { ...admin, roleCode: 'admin' })
}

type Joining = Omit<NewStaff, 'roleCode' | 'password'> & {
  role: { id: string; permissions: readonly string[] }
  /** Absent for who signs in elsewhere. */
  password?: string
}

export async function joinStaff(ctx: Ctx, { role, password, teamIds, languages = [], ...person }: Joining) {
  const email = person.email.toLowerCase()
  const id = await openAccount(ctx, { name: person.name, email, password }).catch(emailTaken)
  await ctx.db.insert(staff).values({
    ...person,
    id,
    email,
    roleId: role.id,
    languages: [...new Set(languages.map(primarySubtag))],
    availabilitySince: ctx.now,
    createdAt: ctx.now,
  })
  if (teamIds && teamIds.length > 0) await joinTeams(ctx, id, teamIds)
  ctx.audit('staff.joined', `staff:${id}`, ['roleId', 'storeIds'])
  ctx.emit(staffChanged, { staffId: id })
  return getStaff(ctx, id)
}

export async function changeStaff(ctx: Ctx, id: string, { teamIds, ...change }: StaffChange) {
  const current = await staffWithRole(ctx, id)
  const fields = Object.keys({ ...change, ...(teamIds && { teamIds }) })
  if (fields.length === 0) return getStaff(ctx, id)
  if (change.roleId && change.roleId !== current.roleId) await assertMayMove(ctx, id, current, change.roleId)
  if (change.storeIds !== undefined) assertSeesStores(ctx.actor, change.storeIds)
  if (Object.keys(change).length > 0) await ctx.db.update(staff).set(change).where(eq(staff.id, id))
  if (change.name)
    await ctx.db.update(authUsers).set({ name: change.name, updatedAt: ctx.now }).where(eq(authUsers.id, id))
  if (teamIds) await joinTeams(ctx, id, teamIds)
  ctx.audit('staff.changed', `staff:${id}`, fields)
  ctx.emit(staffChanged, { staffId: id })
  if (fields.some(field => reachFields.has(field))) {
    ctx.emit(staffAccessChanged, { staffId: id })
    await withdrawPasswordResets(ctx, [id])
  }
  return getStaff(ctx, id)
}

/** He is out at once, on every device; what he wrote stays his. Keys he made belong to the company and stay. */
export async function deactivateStaff(ctx: Ctx, id: string) {
  const current = await staffWithRole(ctx, id)
  if (current.deactivatedAt) return getStaff(ctx, id)
  assertHolds(ctx.actor, current.permissions)
  if (isAdmin(current)) await assertAdminRemains(ctx, id)
  await setAvailability(ctx, id, 'offline')
  await ctx.db.update(staff).set({ deactivatedAt: ctx.now }).where(eq(staff.id, id))
  await endSessionsOf(ctx, id)
  await withdrawPasswordResets(ctx, [id])
  ctx.audit('staff.deactivated', `staff:${id}`)
  ctx.emit(staffDeactivated, { staffId: id })
  return getStaff(ctx, id)
}

export async function reactivateStaff(ctx: Ctx, id: string) {
  const current = await staffWithRole(ctx, id)
  if (!current.deactivatedAt) return getStaff(ctx, id)
  assertHolds(ctx.actor, current.permissions)
  await ctx.db.update(staff).set({ deactivatedAt: null }).where(eq(staff.id, id))
  ctx.audit('staff.reactivated', `staff:${id}`)
  ctx.emit(staffChanged, { staffId: id })
  return getStaff(ctx, id)
}

export async function assertNew(ctx: Ctx, email: string) {
  const [known] = await ctx.db.select({ id: staff.id }).from(staff).where(eq(staff.email, email))
  if (known) throw taken()
}

/** Who speaks Brazilian Portuguese speaks Portuguese: work is given out by the language alone. */
const primarySubtag = (language: string) => language.split('-')[0]!.toLowerCase()

const setUpLock = 0x0afa_0101
const reachFields = new Set(['roleId', 'storeIds', 'teamIds'])

const taken = () => conflict('email_taken', 'A colleague has this e-mail address already.')

const emailTaken = (error: unknown): never => {
  throw isUniqueViolation(error) ? taken() : error
}

export async function staffWithRole(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({
      roleId: staff.roleId,
      storeIds: staff.storeIds,
      deactivatedAt: staff.deactivatedAt,
      permissions: roles.permissions,
      reach: roles.reach,
    })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .where(eq(staff.id, id))
  return found(row, 'staff')
}

async function assertMayMove(
  ctx: Ctx,
  id: string,
  current: { permissions: string[]; deactivatedAt: Date | null },
  roleId: string,
) {
  const next = await getRole(ctx, roleId)
  assertHolds(ctx.actor, current.permissions)
  assertMayGive(ctx.actor, next)
  if (isAdmin(current) && !isAdmin(next) && !current.deactivatedAt) await assertAdminRemains(ctx, id)
}

const selectStaff = (ctx: Ctx) =>
  ctx.db
    .select({
      ...getTableColumns(staff),
      role: { code: roles.code, name: roles.name },
      teamIds: sql<
        string[]
      >`array(select m.team_id from team_members m where m.staff_id = staff.id order by 1)`,
      twoFactor: sql<boolean>`exists (select from auth_two_factors f where f.user_id = staff.id and f.verified_at is not null)`,
    })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))

type Row = Awaited<ReturnType<typeof selectStaff>>[number]

const shown = ({ role, availability, availabilityReason, ...row }: Row, locale: Locale): Staff => ({
  ...row,
  roleName: roleName(role, locale),
  availability: { state: availability, reason: availabilityReason },
})

/** A colleague as he is now, for what he asked for earlier and what happens while he is away; null once he left. */
export async function findActor(ctx: Ctx, staffId: string): Promise<Actor | null> {
  const [row] = await ctx.db
    .select({
      name: staff.name,
      storeIds: staff.storeIds,
      permissions: roles.permissions,
      reach: roles.reach,
      teamIds: sql<
        string[]
      >`array(select m.team_id from team_members m where m.staff_id = staff.id order by 1)`,
    })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .where(and(eq(staff.id, staffId), isNull(staff.deactivatedAt)))
  return row
    ? {
        kind: 'staff',
        id: staffId,
        name: row.name,
        permissions: permissionsOf(row.permissions),
        storeIds: row.storeIds ?? 'all',
        ...teamsSeen(row),
      }
    : null
}
