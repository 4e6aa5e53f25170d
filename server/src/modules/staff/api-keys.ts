import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Actor, Ctx } from '../../platform/context.ts'
import { forbidden, found, invalid, unauthorized } from '../../platform/errors.ts'
import { isWithin } from '../../platform/networks.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import type { Workplace } from '../../platform/work.ts'
import { assertMayGive, assertSeesStores, getRole, getRoleByCode, readerLocale, roleName } from './roles.ts'
import { permissionsOf, teamsSeen } from './sessions.ts'
import { apiKeys, type Reach, roles } from './tables.ts'

const mark = 'afar_'
const minute = 60_000
const hour = 60 * minute
const useIsNotedEvery = 5 * minute

type NewKey = {
  name: string
  permissions?: string[] | null
  storeIds?: string[] | null
  networks?: string[]
  expiresAt?: Date
} & ({ roleCode: string } | { roleId: string })

/** `key` is told this once; only its hash is kept. Without `permissions` it may do all that its role may. */
export async function createApiKey(
  ctx: Ctx,
  { name, permissions = null, storeIds = null, ...input }: NewKey,
) {
  const role = 'roleId' in input ? await getRole(ctx, input.roleId) : await getRoleByCode(ctx, input.roleCode)
  const scope = permissions && [...new Set(permissions)]
  if (scope?.some(permission => !permissionsOf(role.permissions).has(permission)))
    throw invalid('beyond_role', 'A key may do nothing that its role may not.')
  assertMayGive(ctx.actor, { ...role, permissions: scope ?? role.permissions })
  assertSeesStores(ctx.actor, storeIds)
  const { key, ...secret } = newSecret()
  const [row] = await ctx.db
    .insert(apiKeys)
    .values({
      ...secret,
      name,
      permissions: scope,
      storeIds,
      networks: input.networks,
      expiresAt: input.expiresAt,
      roleId: role.id,
      createdBy: ctx.actor.id,
      createdAt: ctx.now,
    })
    .returning()
  ctx.audit('api_key.created', `api_key:${row!.id}`, ['roleId', 'permissions', 'storeIds', 'networks'])
  return { ...row!, roleId: role.id, roleName: roleName(role, await readerLocale(ctx)), key }
}

/** Who is told the new secret holds what the key holds, so only one who may do and see as much is told it. */
export async function rotateApiKey(ctx: Ctx, id: string, overlapHours: number) {
  const [current] = await selectKeys(ctx)
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .for('update', { of: apiKeys })
  const { api_keys: before, roles: role } = found(current, 'api_key')
  assertMayGive(ctx.actor, { ...role, permissions: before.permissions ?? role.permissions })
  assertSeesStores(ctx.actor, before.storeIds)
  const { key, ...secret } = newSecret()
  const [row] = await ctx.db
    .update(apiKeys)
    .set({
      ...secret,
      previousHash: before.hash,
      previousUntil: new Date(ctx.now.getTime() + overlapHours * hour),
    })
    .where(eq(apiKeys.id, id))
    .returning()
  ctx.audit('api_key.rotated', `api_key:${id}`)
  return { ...row!, roleId: role.id, roleName: roleName(role, await readerLocale(ctx)), key }
}

export async function listApiKeys(ctx: Ctx) {
  const locale = await readerLocale(ctx)
  const rows = await selectKeys(ctx).where(isNull(apiKeys.revokedAt)).orderBy(asc(apiKeys.id))
  return rows.map(row => ({ ...row.api_keys, roleId: row.roles.id, roleName: roleName(row.roles, locale) }))
}

export async function revokeApiKey(ctx: Ctx, id: string) {
  const [revoked] = await ctx.db
    .update(apiKeys)
    .set({ revokedAt: ctx.now })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id })
  found(revoked, 'api_key')
  ctx.audit('api_key.revoked', `api_key:${id}`)
}

const selectKeys = (ctx: Ctx) =>
  ctx.db.select().from(apiKeys).innerJoin(roles, eq(roles.id, apiKeys.roleId)).$dynamic()

function newSecret() {
  const key = `${mark}${newToken()}`
  return { key, hash: hashToken(key), prefix: key.slice(0, 11) }
}

type KeyRow = {
  id: string
  name: string
  storeIds: string[] | null
  lastUsedAt: Date | null
  permissions: string[]
  scope: string[] | null
  networks: string[]
  reach: Reach
}

/** Null where the header is of another kind, such as a visitor's token; a key that does not hold is refused. */
export async function apiKeyActor(
  place: Workplace,
  header: string | undefined,
  ip: string,
): Promise<Actor | null> {
  const [, key] = /^Bearer (afar_\S{1,200})$/i.exec(header ?? '') ?? []
  if (!key) return null
  const now = place.clock.now()
  const { rows } = await place.pool.query<KeyRow>({
    name: 'find-api-key',
    text: findSql,
    values: [hashToken(key), now],
  })
  const [row] = rows
  if (!row) throw unauthorized('key_not_valid', 'This API key is unknown, revoked or out of date.')
  if (row.networks.length > 0 && !isWithin(row.networks, ip)) {
    place.log.warn({ apiKeyId: row.id, ip }, 'an API key was refused, it is not for this network')
    throw forbidden('key_not_for_network', 'This API key may not be used from this address.')
  }
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > useIsNotedEvery)
    await place.db.update(apiKeys).set({ lastUsedAt: now, lastUsedIp: ip }).where(eq(apiKeys.id, row.id))
  const ofRole = permissionsOf(row.permissions)
  return {
    kind: 'api_key',
    id: row.id,
    name: row.name,
    permissions: row.scope ? new Set(row.scope.filter(one => ofRole.has(one))) : ofRole,
    storeIds: row.storeIds ?? 'all',
    ...teamsSeen({ reach: row.reach, teamIds: [] }),
  }
}

const findSql = `select k.id, k.name, k.store_ids as "storeIds", k.last_used_at as "lastUsedAt", k.networks,
  k.permissions as scope, r.permissions, r.reach
  from api_keys k join roles r on r.id = k.role_id
  where (k.hash = $1 or (k.previous_hash = $1 and k.previous_until > $2))
    and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)`
