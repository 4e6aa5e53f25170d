import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { type Ctx, system } from '../../platform/context.ts'
import { conditionSql } from '../../platform/filters/compile.ts'
import { type Condition, readCondition } from '../../platform/filters/conditions.ts'
import type { RecordRows } from '../../platform/filters/fields.ts'
import { readerOf } from '../settings/readers.ts'

export type Reach = { record: string; storeIds: readonly string[] | null }

export const rowsOf = (ctx: Ctx, record: string): RecordRows => ctx.records.get(record)!.rows!

/** Restricts rows that are about records to those of which the actor may see the record. */
export function isInSight(ctx: Ctx, record: string, recordId: PgColumn): SQL | undefined {
  const { storeIds } = ctx.actor
  const { table, id, storeId } = rowsOf(ctx, record)
  const ofHisStores =
    storeIds === 'all'
      ? undefined
      : sql`${recordId} in (select ${id} from ${table} where ${inArray(storeId, [...storeIds])})`
  return and(ofHisStores, ctx.records.get(record)!.seen?.(ctx.actor, sql`${recordId}`))
}

/** Holds the record until the end of the transaction; null where it is gone. */
export async function lockRecord(ctx: Ctx, record: string, id: string): Promise<{ storeId: string } | null> {
  const { table, id: column, storeId } = rowsOf(ctx, record)
  const [row] = await ctx.db
    .select({ storeId: sql<string>`${storeId}` })
    .from(table)
    .where(eq(column, id))
    .for('update')
  return row ?? null
}

/** What a person knows a record by: its number, where it has one. */
export async function namesOf(ctx: Ctx, record: string, ids: readonly string[]) {
  const number = ctx.records.get(record)!.fields.find(({ code }) => code === 'number')
  if (!number || ids.length === 0) return new Map<string, string>()
  const { table, id } = rowsOf(ctx, record)
  const rows = await ctx.db
    .select({ id: sql<string>`${id}`, number: sql<string>`${number.sql}::text` })
    .from(table)
    .where(inArray(id, [...ids]))
  return new Map(rows.map(row => [row.id, `#${row.number}`]))
}

/** Those of the records for which a condition holds now; null where it asks what nobody knows any more. */
export async function whichHold(
  ctx: Ctx,
  reach: Reach,
  condition: Condition,
  ids: readonly string[],
): Promise<Set<string> | null> {
  const holds = await holdsSql(ctx, reach, condition)
  if (!holds) return null
  const { table, id } = rowsOf(ctx, reach.record)
  const rows = await ctx.db
    .select({ id: sql<string>`${id}` })
    .from(table)
    .where(and(inArray(id, [...ids]), holds))
  return new Set(rows.map(row => row.id))
}

/** A condition as a flow asks it: of the stores it reaches, by the company's clock, and by nobody's eyes. */
export async function holdsSql(ctx: Ctx, { record, storeIds }: Reach, input: Condition): Promise<SQL | null> {
  const kind = ctx.records.get(record)!
  const { condition, problems } = readCondition(kind, system, input)
  if (problems.length > 0) return null
  const asked = conditionSql(kind, condition, await readerOf({ ...ctx, actor: system }))
  return storeIds ? sql`(${asked}) and ${inArray(kind.rows!.storeId, [...storeIds])}` : asked
}
