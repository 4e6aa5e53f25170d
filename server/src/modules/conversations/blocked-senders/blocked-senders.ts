import { and, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { found } from '../../../platform/errors.ts'
import { hasOriginal, retryBlocked } from '../../channels/ledger.ts'
import { blockIdentity, findShutOut, shutOutSql, unblockIdentity } from '../../customers/blocking.ts'
import { readCursor, writeCursor } from '../../customers/cursors.ts'
import { customers, identities } from '../../customers/tables.ts'
import { staff } from '../../staff/tables.ts'
import type { BlockedSender } from './schemas.ts'

/** The latest first. */
export async function listBlockedSenders(
  ctx: Ctx,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
) {
  const [at, id] = readCursor(cursor, 'moment') ?? []
  const rows = await select(
    ctx,
    at ? sql`(${identities.blockedAt}, ${identities.id}) < (${at}::timestamptz, ${id}::uuid)` : undefined,
  ).limit(limit + 1)
  const items = rows.slice(0, limit).map(present)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? writeCursor([last.blockedAt, last.id]) : null }
}

export async function getBlockedSender(ctx: Ctx, id: string): Promise<BlockedSender> {
  const [row] = await select(ctx, eq(identities.id, id))
  return present(found(row, 'blocked_sender'))
}

/** From now on what he writes is kept in the ledger and reaches nobody; he is told nothing. */
export async function blockSender(ctx: Ctx, id: string): Promise<BlockedSender> {
  await blockIdentity(ctx, id)
  return getBlockedSender(ctx, id)
}

/** He is heard again. What he wrote meanwhile is taken in as if it had just come, or stays in the ledger. */
export async function unblockSender(ctx: Ctx, id: string, { takeIn }: { takeIn: boolean }) {
  await unblockIdentity(ctx, id)
  return { takenIn: takeIn ? await retryBlocked(ctx, await findShutOut(ctx, id)) : 0 }
}

const select = (ctx: Ctx, which: SQL | undefined) =>
  ctx.db
    .select({
      id: identities.id,
      kind: identities.kind,
      display: identities.display,
      isVerified: identities.isVerified,
      customer: { id: customers.id, name: customers.name },
      blockedAt: identities.blockedAt,
      blockedById: staff.id,
      blockedByName: staff.name,
      kept: sql<number>`(select count(*)::int from inbound where inbound.identity_id = any(array${shutOutSql}) and ${hasOriginal})`,
    })
    .from(identities)
    .innerJoin(customers, eq(customers.id, identities.customerId))
    .leftJoin(staff, eq(staff.id, identities.blockedBy))
    .where(and(isNotNull(identities.blockedAt), which))
    .orderBy(desc(identities.blockedAt), desc(identities.id))
    .$dynamic()

const present = ({
  blockedById,
  blockedByName,
  blockedAt,
  display,
  ...row
}: Awaited<ReturnType<typeof select>>[number]): BlockedSender => ({
  ...row,
  // A visitor's value is drawn by lot and means nothing to anybody.
  display: row.kind === 'visitor' ? '' : display,
  blockedAt: blockedAt!,
  blockedBy: blockedById ? { id: blockedById, name: blockedByName ?? '' } : null,
})
