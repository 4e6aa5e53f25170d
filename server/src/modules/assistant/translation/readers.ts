import { sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'

/** Whoever reads: nobody but a colleague has languages of his own. */
export async function languagesRead(ctx: Ctx): Promise<ReadonlySet<string>> {
  if (ctx.actor.kind !== 'staff') return new Set()
  const { rows } = await ctx.db.execute<{ reads: string[] }>(
    sql`select coalesce(reads, languages) || locale as reads from staff where id = ${ctx.actor.id}`,
  )
  return new Set(rows[0]?.reads)
}
