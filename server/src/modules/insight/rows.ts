import { and, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { askFor } from './facts.ts'
import type { FigureRow, RowsQuestion } from './schemas.ts'

/** What a figure counts, newest first: each row with what it adds to numerator and denominator. */
export async function listRows(
  ctx: Ctx,
  { cursor, limit, key, ...question }: RowsQuestion,
): Promise<{ items: FigureRow[]; next: string | null }> {
  if (key !== undefined && !question.by) throw invalid('cut_unknown', 'A part is of a cut; say of which.')
  const { facts } = await askFor(ctx, question)
  const after = cursor ? fromCursor(cursor) : null
  const part = key === undefined ? undefined : key === null ? sql`cut is null` : sql`cut = ${key}`
  const page: SQL = sql`select * from facts where ${
    and(part, after ? sql`(at, key) < (${after.at}::timestamptz, ${after.key})` : undefined) ?? sql`true`
  } order by at desc, key desc limit ${limit + 1}`
  const { rows } = await ctx.db.execute<RawRow>(sql`
    with ${facts}, page as (${page})
    select page.key, page.at, page.numerator, page.denominator, page.target, page.cut, page.staff_id as "staffId", staff.name as "staffName",
      c.id as "conversationId", c.number, c.channel_kind as "channelKind", c.language, c.reason, c.category, stores.name as store,
      customers.name as customer
    from page left join conversations c on c.id = page.conversation_id left join stores on stores.id = c.store_id
      left join customers on customers.id = c.customer_id left join staff on staff.id = page.staff_id
    order by page.at desc, page.key desc`)
  const items = rows.slice(0, limit).map(present)
  const last = rows[limit - 1]
  return {
    items,
    next: rows.length > limit && last ? toCursor(last) : null,
  }
}

type RawRow = {
  key: string
  at: string
  numerator: number
  denominator: number
  target: number | null
  cut: string | null
  staffId: string | null
  staffName: string | null
  conversationId: string | null
  number: number
  channelKind: string
  language: string | null
  reason: string | null
  category: string
  store: string
  customer: string | null
}

const present = ({ key, at, numerator, denominator, target, ...row }: RawRow): FigureRow => ({
  ...{ key, numerator, denominator, target },
  at: new Date(at),
  staff: row.staffId ? { id: row.staffId, name: row.staffName ?? '' } : null,
  conversation: row.conversationId
    ? {
        id: row.conversationId,
        number: Number(row.number),
        store: row.store,
        channelKind: row.channelKind,
        language: row.language,
        reason: row.reason,
        category: row.category,
        customer: row.customer,
      }
    : null,
})

const toCursor = ({ at, key }: RawRow) =>
  Buffer.from(JSON.stringify([new Date(at).toISOString(), key])).toString('base64url')

function fromCursor(cursor: string): { at: string; key: string } {
  try {
    const [at, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (
      typeof at === 'string' &&
      typeof key === 'string' &&
      key.length < 100 &&
      !Number.isNaN(Date.parse(at))
    )
      return { at: new Date(at).toISOString(), key }
  } catch {}
  throw invalid('invalid_cursor', 'This cursor was not made here.')
}
