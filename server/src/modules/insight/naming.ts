import { inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { queueName } from '../routing/queues.ts'
import { queues } from '../routing/tables.ts'
import { readerLocale } from '../staff/roles.ts'
import type { Cut } from './metrics/metric.ts'

/** How the parts of a cut are called in the reader's language; what speaks for itself (a day, a code) has no name. */
export async function namesOf(
  ctx: Ctx,
  by: Cut | null,
  keys: readonly (string | null)[],
): Promise<(key: string | null) => string | null> {
  const known = keys.filter(key => key !== null)
  const names = known.length === 0 ? new Map<string, string>() : await find(ctx, by, known)
  return key => (key === null ? null : (names.get(key) ?? null))
}

async function find(ctx: Ctx, by: Cut | null, keys: string[]): Promise<Map<string, string>> {
  if (by === 'queue') {
    const locale = await readerLocale(ctx)
    const rows = await ctx.db.select().from(queues).where(inArray(queues.id, keys))
    return new Map(rows.map(queue => [queue.id, queueName(queue, locale)]))
  }
  const statement = statements[by as string]
  if (!statement) return new Map()
  const { rows } = await ctx.db.execute<{ key: string; name: string }>(
    statement(sql.param(keys), await readerLocale(ctx)),
  )
  return new Map(rows.map(({ key, name }) => [key, name]))
}

type Statement = (keys: ReturnType<typeof sql.param>, locale: 'zh' | 'en') => ReturnType<typeof sql>

const named =
  (table: 'staff' | 'stores' | 'teams' | 'channels'): Statement =>
  keys =>
    sql`select id::text as key, name from ${sql.raw(table)} where id = any(${keys}::uuid[])`

const statements: Record<string, Statement> = {
  staff: named('staff'),
  store: named('stores'),
  team: named('teams'),
  channel: keys => sql`select channels.id::text as key, stores.name || ' · ' || channels.name as name
    from channels join stores on stores.id = channels.store_id where channels.id = any(${keys}::uuid[])`,
  reason: (keys, locale) =>
    sql`select code as key, ${sql.raw(locale === 'zh' ? 'name_zh' : 'name_en')} as name from contact_reasons where code = any(${keys}::text[])`,
  policy: (keys, locale) =>
    sql`select distinct on (code) code as key, names->>${locale} as name from clock_policies where code = any(${keys}::text[]) order by code, version desc`,
}
