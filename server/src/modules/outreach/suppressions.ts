import { and, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { readCursor, writeCursor } from '../customers/cursors.ts'
import type { SuppressionFilter } from './schemas.ts'
import { suppressions } from './tables.ts'

/** So many soft bounces in a row, and an address counts as dead. Dated: engagement.md §2, verified 2026-11-22. */
const softBouncesToSuppress = 5

export type Bounce = { address: string; class: 'hard' | 'soft'; at: Date; detail: string | null }

/** A hard bounce suppresses at once, soft ones when enough come in a row. A hard reason never softens. */
export async function noteBounce(ctx: Ctx, { address, class: kind, at, detail }: Bounce) {
  const isHard = kind === 'hard'
  const softBounces = sql`${suppressions.softBounces} + 1`
  const isEnough = isHard ? sql`true` : sql`${softBounces} >= ${softBouncesToSuppress}`
  const reason = isHard ? 'hard_bounce' : 'soft_bounces'
  await ctx.db
    .insert(suppressions)
    .values({
      ...{ id: uuidv7(), kind: 'email', address, detail, lastBounceAt: at, createdAt: ctx.now },
      softBounces: isHard ? 0 : 1,
      ...(isHard && { reason, suppressedAt: at }),
    })
    .onConflictDoUpdate({
      target: [suppressions.kind, suppressions.address, suppressions.topic],
      set: {
        softBounces: isHard ? suppressions.softBounces : softBounces,
        lastBounceAt: sql`greatest(${suppressions.lastBounceAt}, ${at}::timestamptz)`,
        detail,
        reason: sql`case when ${isEnough} and (${suppressions.suppressedAt} is null or (${isHard} and ${suppressions.reason} = 'soft_bounces')) then ${reason} else ${suppressions.reason} end`,
        suppressedAt: sql`case when ${isEnough} then coalesce(${suppressions.suppressedAt}, ${at}::timestamptz) else ${suppressions.suppressedAt} end`,
      },
      // A sign of life after it makes a bounce old news.
      setWhere: sql`${suppressions.lastAliveAt} is null or ${suppressions.lastAliveAt} <= ${at}::timestamptz`,
    })
}

/** Who calls our mail unwanted gets none that he did not ask for; nothing but a person lifts this. */
export async function noteComplaint(ctx: Ctx, address: string, at: Date, detail: string | null) {
  await ctx.db
    .insert(suppressions)
    .values({
      ...{ id: uuidv7(), kind: 'email', address, detail, createdAt: ctx.now },
      ...{ reason: 'complaint', suppressedAt: at },
    })
    .onConflictDoUpdate({
      target: [suppressions.kind, suppressions.address, suppressions.topic],
      set: {
        reason: 'complaint',
        detail,
        suppressedAt: sql`coalesce(${suppressions.suppressedAt}, ${at}::timestamptz)`,
      },
    })
}

/** Somebody wrote from there, so it lives: soft bounces before that count no more, and suppress no longer. */
export async function noteAlive(ctx: Ctx, addresses: readonly string[], at: Date) {
  if (addresses.length === 0) return
  await ctx.db
    .update(suppressions)
    .set({
      softBounces: 0,
      lastAliveAt: sql`greatest(${suppressions.lastAliveAt}, ${at}::timestamptz)`,
      suppressedAt: sql`case when ${suppressions.reason} = 'soft_bounces' then null else ${suppressions.suppressedAt} end`,
      reason: sql`case when ${suppressions.reason} = 'soft_bounces' then null else ${suppressions.reason} end`,
    })
    .where(
      and(
        eq(suppressions.kind, 'email'),
        inArray(suppressions.address, [...addresses]),
        sql`(${suppressions.lastBounceAt} is null or ${suppressions.lastBounceAt} < ${at}::timestamptz)`,
      ),
    )
}

/** Why nothing should be sent to these addresses; those without a reason are absent. */
export async function findSuppressions(ctx: Ctx, addresses: readonly string[]) {
  if (addresses.length === 0) return new Map<string, typeof suppressions.$inferSelect>()
  const rows = await ctx.db
    .select()
    .from(suppressions)
    .where(
      and(
        eq(suppressions.kind, 'email'),
        inArray(suppressions.address, [...addresses]),
        isNull(suppressions.topic),
        sql`${suppressions.suppressedAt} is not null`,
      ),
    )
  return new Map(rows.map(row => [row.address, row]))
}

/** The newest first. */
export async function listSuppressions(ctx: Ctx, { cursor, limit }: SuppressionFilter) {
  const before = readCursor(cursor, 'uuid')
  const rows = await ctx.db
    .select()
    .from(suppressions)
    .where(
      and(
        sql`${suppressions.suppressedAt} is not null`,
        before === undefined ? undefined : lt(suppressions.id, before),
      ),
    )
    .orderBy(desc(suppressions.id))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  return { items: page.map(present), next: rows.length > limit ? writeCursor(page.at(-1)!.id) : null }
}

/** A person knows better: mail goes there again, and bounces are counted anew. */
export async function liftSuppression(ctx: Ctx, id: string) {
  const [lifted] = await ctx.db.delete(suppressions).where(eq(suppressions.id, id)).returning()
  found(lifted, 'suppression')
  ctx.audit('suppression.lifted', `suppression:${id}`)
}

const present = ({
  id,
  kind,
  address,
  topic,
  reason,
  suppressedAt,
  detail,
}: typeof suppressions.$inferSelect) => ({
  ...{ id, kind, address, topic, detail },
  reason: reason!,
  suppressedAt: suppressedAt!,
})
