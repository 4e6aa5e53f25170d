import { and, desc, eq, gte, lt, or, type SQL, sql } from 'drizzle-orm'
import { auditEntries } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/context.ts'
import { forbidden } from '../../../platform/errors.ts'
import { assertSeesStores } from '../roles.ts'
import { apiKeys, staff } from '../tables.ts'
import type { AuditEntry, AuditFilter } from './schemas.ts'

/** The newest first. */
export async function listAudit(ctx: Ctx, { actorId, action, object, from, to, cursor, limit }: AuditFilter) {
  assertSeesAll(ctx)
  const rows = await selectAudit(ctx)
    .where(
      and(
        actorId ? eq(auditEntries.actorId, actorId) : undefined,
        action ? isOrBegins(sql`${auditEntries.action}`, action, '.') : undefined,
        object ? isOrBegins(sql`${auditEntries.object}`, object, ':') : undefined,
        from ? gte(auditEntries.at, new Date(from)) : undefined,
        to ? lt(auditEntries.at, new Date(to)) : undefined,
        cursor ? lt(auditEntries.id, cursor) : undefined,
      ),
    )
    .orderBy(desc(auditEntries.id))
    .limit(limit + 1)
  const items = rows.slice(0, limit).map(present)
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

export async function findAuditEntry(ctx: Ctx, n: number): Promise<AuditEntry | null> {
  const [row] = await selectAudit(ctx).where(eq(auditEntries.n, n))
  return row ? present(row) : null
}

/** What an entry is about is named by its id alone, so the trail cannot be held to some stores or hands. */
export function assertSeesAll(ctx: Ctx) {
  assertSeesStores(ctx.actor, null)
  if (ctx.actor.teamIds)
    throw forbidden('beyond_your_reach', 'Only who sees every conversation reads the audit trail.')
}

const isOrBegins = (column: SQL, word: string, then: string) =>
  or(sql`${column} = ${word}`, sql`starts_with(${column}, ${word + then})`)

const selectAudit = (ctx: Ctx) =>
  ctx.db
    .select({
      id: auditEntries.id,
      n: auditEntries.n,
      at: auditEntries.at,
      actorKind: auditEntries.actorKind,
      actorId: auditEntries.actorId,
      action: auditEntries.action,
      object: auditEntries.object,
      fields: auditEntries.fields,
      staffName: staff.name,
      keyName: apiKeys.name,
    })
    .from(auditEntries)
    .leftJoin(staff, eq(staff.id, auditEntries.actorId))
    .leftJoin(apiKeys, eq(apiKeys.id, auditEntries.actorId))
    .$dynamic()

const present = ({
  actorKind,
  actorId,
  staffName,
  keyName,
  ...entry
}: Awaited<ReturnType<typeof selectAudit>>[number]): AuditEntry => ({
  ...entry,
  actor: { kind: actorKind, id: actorId, name: staffName ?? keyName },
})
