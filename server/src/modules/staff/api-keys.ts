import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Actor, Ctx } from '../../platform/context.ts'
import { found, unauthorized } from '../../platform/errors.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import type { Workplace } from '../../platform/work.ts'
import { assertMayGive, assertSeesStores, getRole, getRoleByCode, readerLocale, roleName } from './roles.ts'
import { permissionsOf } from './sessions.ts'
import { apiKeys, roles } from './tables.ts'

const mark = 'afar_'
const useIsNotedEvery = 5 * 60_000

type NewKey = { name: string; storeIds?: string[] | null; expiresAt?: Date } & (
  | { roleCode: string }
  | { roleId: string }
)

/** `key` is told this once; only its hash is kept. */
export async function createApiKey(ctx: Ctx, { name, storeIds = null, expiresAt, ...chosen }: NewKey) {
  const role =
    'roleId' in chosen ? await getRole(ctx, chosen.roleId) : await getRoleByCode(ctx, chosen.roleCode)
  assertMayGive(ctx.actor, role)
  assertSeesStores(ctx.actor, storeIds)
  const key = `${mark}${newToken()}`
  const [row] = await ctx.db
    .insert(apiKeys)
    .values({
      name,
      storeIds,
      expiresAt,
      roleId: role.id,
      hash: hashToken(key),
      prefix: key.slice(0, 11),
      createdBy: ctx.actor.id,
      createdAt: ctx.now,
    })
    .returning()
  ctx.audit('api_key.created', `api_key:${row!.id}`, ['roleId', 'storeIds'])
  return { ...row!, roleId: role.id, roleName: roleName(role, await readerLocale(ctx)), key }
}

export async function listApiKeys(ctx: Ctx) {
  const locale = await readerLocale(ctx)
  const rows = await ctx.db
    .select()
    .from(apiKeys)
    .innerJoin(roles, eq(roles.id, apiKeys.roleId))
    .where(isNull(apiKeys.revokedAt))
    .orderBy(asc(apiKeys.id))
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

type KeyRow = {
  id: string
  name: string
  storeIds: string[] | null
  lastUsedAt: Date | null
  permissions: string[]
}

/** Null where the header is of another kind, such as a visitor's token; a key that does not hold is refused. */
export async function apiKeyActor(place: Workplace, header: string | undefined): Promise<Actor | null> {
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
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() > useIsNotedEvery)
    await place.db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, row.id))
  return {
    kind: 'api_key',
    id: row.id,
    name: row.name,
    permissions: permissionsOf(row.permissions),
    storeIds: row.storeIds ?? 'all',
  }
}

const findSql = `select k.id, k.name, k.store_ids as "storeIds", k.last_used_at as "lastUsedAt", r.permissions
  from api_keys k join roles r on r.id = k.role_id
  where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)`
