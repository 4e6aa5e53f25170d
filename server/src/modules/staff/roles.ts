import { and, asc, eq, isNull, not, sql } from 'drizzle-orm'
import { type Actor, type Ctx, can, sees } from '../../platform/context.ts'
import { conflict, forbidden, found } from '../../platform/errors.ts'
import { withdrawPasswordResets } from './accounts.ts'
import { staffAccessChanged } from './events.ts'
import { identityGivers } from './oidc/tables.ts'
import type { NewRole, RoleChange } from './schemas.ts'
import { apiKeys, invitations, type Locale, type Reach, roles, staff } from './tables.ts'

const agent = [
  'staff:read',
  'customers:read',
  'customers:write',
  'customers:contact-details',
  'conversations:read',
  'conversations:reply',
  'conversations:assign',
]
const supervisor = [
  ...agent,
  'customers:merge',
  'conversations:manage',
  'conversations:bulk-reply',
  'clocks:manage',
  'routing:read',
  'routing:manage',
  'flows:read',
  'flows:manage',
  'insight:read',
  'insight:supervise',
  'insight:export',
  'audit:read',
]
const customerReader = ['staff:read', 'customers:read', 'customers:contact-details', 'conversations:read']

/** `*` is every permission, also those that modules to come will ask for. */
const everything = '*'

const builtInRoles = [
  { code: 'agent', zh: '客服', en: 'Agent', permissions: agent },
  { code: 'supervisor', zh: '客服主管', en: 'Supervisor', permissions: supervisor },
  { code: 'specialist', zh: '售后/纠纷专员', en: 'Specialist', permissions: [...agent, 'customers:merge'] },
  {
    code: 'care_manager',
    zh: '客户运营',
    en: 'Care manager',
    permissions: [...customerReader, 'customers:write'],
  },
  {
    code: 'sales',
    zh: '销售',
    en: 'Sales',
    permissions: [...customerReader, 'customers:write', 'conversations:reply'],
  },
  {
    code: 'trainer',
    zh: '质检/培训',
    en: 'Trainer',
    permissions: ['staff:read', 'customers:read', 'conversations:read'],
  },
  { code: 'compliance', zh: '合规', en: 'Compliance', permissions: [...customerReader, 'audit:read'] },
  {
    code: 'owner',
    zh: '老板',
    en: 'Owner',
    permissions: [...customerReader, 'routing:read', 'flows:read', 'insight:read', 'audit:read'],
  },
  { code: 'admin', zh: '管理员', en: 'Administrator', permissions: [everything] },
] as const

const builtInNames = new Map<string | null, Record<Locale, string>>(
  builtInRoles.map(({ code, zh, en }) => [code, { zh, en }]),
)

/** Built-in roles speak the reader's language, those a company made carry the name it gave them. */
export const roleName = ({ code, name }: { code: string | null; name: string }, locale: Locale) =>
  builtInNames.get(code)?.[locale] ?? name

/** Repeated at every start: a release may give a built-in role another permission. */
export async function seedRoles(ctx: Ctx) {
  const rows = builtInRoles.map(({ code, en, permissions }) => ({
    code,
    name: en,
    permissions: [...permissions],
    isBuiltIn: true,
  }))
  await ctx.db
    .insert(roles)
    .values(rows)
    .onConflictDoUpdate({
      target: roles.code,
      set: { permissions: sql`excluded.permissions`, name: sql`excluded.name` },
    })
}

export async function listRoles(ctx: Ctx) {
  const locale = await readerLocale(ctx)
  const rows = await ctx.db
    .select({ role: roles, staffCount: staffCount() })
    .from(roles)
    .orderBy(asc(roles.id))
  return rows.map(row => ({ ...row.role, name: roleName(row.role, locale), staffCount: row.staffCount }))
}

export async function createRole(ctx: Ctx, input: NewRole) {
  assertMayGive(ctx.actor, input)
  const [role] = await ctx.db
    .insert(roles)
    .values({ ...input, permissions: unique(input.permissions) })
    .returning()
  ctx.audit('role.created', `role:${role!.id}`, ['name', 'permissions', 'reach'])
  return { ...role!, staffCount: 0 }
}

export async function changeRole(ctx: Ctx, id: string, change: RoleChange) {
  const role = await getRole(ctx, id)
  if (role.isBuiltIn) throw conflict('built_in_role', 'A built-in role stays as it is; make one of your own.')
  assertMayGive(ctx.actor, role)
  assertMayGive(ctx.actor, { ...role, ...change })
  const fields = Object.keys(change)
  if (fields.length > 0) {
    const permissions = change.permissions && unique(change.permissions)
    await ctx.db
      .update(roles)
      .set({ ...change, permissions })
      .where(eq(roles.id, id))
    ctx.audit('role.changed', `role:${id}`, fields)
  }
  const holders = await ctx.db.select({ id: staff.id }).from(staff).where(eq(staff.roleId, id))
  if (change.permissions || change.reach) {
    for (const { id: staffId } of holders) ctx.emit(staffAccessChanged, { staffId })
    await withdrawPasswordResets(
      ctx,
      holders.map(({ id: staffId }) => staffId),
    )
  }
  return { ...(await getRole(ctx, id)), staffCount: holders.length }
}

export async function deleteRole(ctx: Ctx, id: string) {
  const role = await getRole(ctx, id)
  if (role.isBuiltIn) throw conflict('built_in_role', 'A built-in role cannot be deleted.')
  const inUse = sql`(exists (select from ${staff} where ${staff.roleId} = ${id})
    or exists (select from ${apiKeys} where ${apiKeys.roleId} = ${id} and ${apiKeys.revokedAt} is null)
    or exists (select from ${invitations} where ${invitations.roleId} = ${id} and ${invitations.acceptedAt} is null
      and ${invitations.withdrawnAt} is null and ${invitations.expiresAt} > ${ctx.now})
    or exists (select from ${identityGivers} where ${identityGivers.joinsAs} = ${id}
      or ${identityGivers.roleMap} @> ${JSON.stringify([{ id }])}::jsonb))`
  const [deleted] = await ctx.db
    .delete(roles)
    .where(and(eq(roles.id, id), not(inUse)))
    .returning({ id: roles.id })
  if (!deleted) throw conflict('role_in_use', 'Somebody, an invitation or a key still has this role.')
  ctx.audit('role.deleted', `role:${id}`)
}

export async function getRole(ctx: Ctx, id: string) {
  const [role] = await ctx.db.select().from(roles).where(eq(roles.id, id))
  return found(role, 'role')
}

export async function getRoleByCode(ctx: Ctx, code: string) {
  const [role] = await ctx.db.select().from(roles).where(eq(roles.code, code))
  return found(role, 'role')
}

/** Nobody hands out, or takes away, more than he holds himself. */
export function assertHolds(actor: Actor, permissions: readonly string[]) {
  const missing = permissions.filter(permission => !can(actor, permission))
  if (missing.length > 0)
    throw forbidden('beyond_your_permissions', `You do not hold ${unique(missing).join(', ')} yourself.`)
}

/** Nobody gives a role that does more than he may do, or sees more: who does not see all hands widens nobody's sight. */
export function assertMayGive(
  actor: Actor,
  { permissions, reach }: { permissions: readonly string[]; reach: Reach },
) {
  assertHolds(actor, permissions)
  if (actor.teamIds && reach !== 'own')
    throw forbidden('beyond_your_reach', 'This role sees conversations that you may not see yourself.')
}

/** Nobody opens a store to others that he may not see himself. */
export function assertSeesStores(actor: Actor, storeIds: readonly string[] | null) {
  const isWider = storeIds === null ? actor.storeIds !== 'all' : storeIds.some(id => !sees(actor, id))
  if (isWider) throw forbidden('beyond_your_stores', 'You do not see all of these stores yourself.')
}

/**
 * Refuses what would leave the company without an administrator. The rows are locked in one order, so that
 * two administrators who demote each other meet here, and the second finds himself the last.
 */
export async function assertAdminRemains(ctx: Ctx, withoutStaffId: string) {
  const admins = await ctx.db
    .select({ id: staff.id })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .where(and(sql`${everything} = any(${roles.permissions})`, isNull(staff.deactivatedAt)))
    .orderBy(asc(staff.id))
    .for('update', { of: staff })
  if (admins.every(admin => admin.id === withoutStaffId))
    throw conflict('last_admin', 'This is the last administrator.')
}

export const isAdmin = (role: { permissions: readonly string[] }) => role.permissions.includes(everything)

export async function readerLocale(ctx: Ctx): Promise<Locale> {
  if (ctx.actor.kind !== 'staff' || !ctx.actor.id) return 'en'
  const [reader] = await ctx.db.select({ locale: staff.locale }).from(staff).where(eq(staff.id, ctx.actor.id))
  return reader?.locale ?? 'en'
}

// By name: in a selection Drizzle leaves the tables of columns out, and `id` would mean the inner one.
const staffCount = () =>
  sql<number>`(select count(*) from staff s where s.role_id = roles.id and s.deactivated_at is null)`.mapWith(
    Number,
  )

const unique = (words: readonly string[]) => [...new Set(words)]
