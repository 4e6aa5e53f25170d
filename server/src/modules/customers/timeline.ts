import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { familyOf, findCustomer } from './lookup.ts'
import type { TimelineFilter, TimelineItem } from './schemas.ts'

/**
 * Everything that happened with a customer and with those merged into him, the newest first. What belongs to a
 * store its reader does not see, or is in hands he does not look into, is left out; of what an event carries, ids, numbers and code words come along.
 */
export async function listTimeline(ctx: Ctx, customerId: string, { kinds, cursor, limit }: TimelineFilter) {
  found(await findCustomer(ctx, customerId), 'customer')
  const before = readCursor(cursor, 'position') ?? Number.MAX_SAFE_INTEGER
  const names = kinds?.split(',').filter(Boolean) ?? []
  const { storeIds } = ctx.actor
  const seen = ctx.records.get('conversation')?.seen?.(ctx.actor, sql`events.conversation_id`)
  const { rows } = await ctx.db.execute<EventRecord>(sql`
    select event.* from unnest(${sql.param(await familyOf(ctx, customerId))}::uuid[]) as family(id)
    cross join lateral (
      select id, name, extract(epoch from at) * 1000 as ms, actor_kind, actor_id, customer_id, conversation_id, payload
      from events
      where customer_id = family.id and id < ${before}
        ${names.length > 0 ? sql`and (name = any(${sql.param(names)}::text[]) or split_part(name, '.', 1) = any(${sql.param(names)}::text[]))` : sql``}
        ${storeIds === 'all' ? sql`` : sql`and (payload->>'storeId' is null or payload->>'storeId' = any(${sql.param([...storeIds])}::text[]))`}
        ${seen ? sql`and (conversation_id is null or ${seen})` : sql``}
      order by id desc limit ${limit + 1}
    ) as event
    order by event.id desc limit ${limit + 1}`)
  const items = rows.slice(0, limit).map(present)
  return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.id) : null }
}

type EventRecord = {
  id: number
  name: string
  ms: string
  actor_kind: string
  actor_id: string | null
  customer_id: string
  conversation_id: string | null
  payload: Record<string, unknown>
}

const present = (row: EventRecord): TimelineItem => ({
  id: row.id,
  at: new Date(Number(row.ms)),
  name: row.name,
  actor: { kind: row.actor_kind, id: row.actor_id },
  customerId: row.customer_id,
  conversationId: row.conversation_id,
  params: Object.fromEntries(Object.entries(row.payload).filter(([, value]) => isPlain(value))),
})

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const codeWord = /^[a-z][a-zA-Z_.-]{0,49}$/

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain)
  if (typeof value === 'string') return uuid.test(value) || codeWord.test(value)
  return value === null || typeof value === 'number' || typeof value === 'boolean'
}
