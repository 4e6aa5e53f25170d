import { eq, inArray, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../platform/context.ts'
import type { Attachment } from '../conversations/tables.ts'
import { conversations } from '../conversations/tables.ts'
import { customers } from '../customers/tables.ts'
import { stores } from '../settings/tables.ts'
import { staff } from '../staff/tables.ts'
import type { Question } from './question.ts'
import type { FoundConversation, SearchHit } from './schemas.ts'
import type { Scope } from './search.ts'
import { snippetOf } from './snippets.ts'

type Hits = { hits: SearchHit[]; count: number }

/** The newest hits of each of these conversations, with the words around them. */
export async function findHits(
  ctx: Ctx,
  scope: Scope,
  { terms }: Question,
  ids: readonly string[],
  most: number,
): Promise<Map<string, Hits>> {
  if (ids.length === 0) return new Map()
  const { rows } = await ctx.db.execute<Row>(sql`
    with hit as materialized (
      select message_id, conversation_id, at, count(*) over (partition by conversation_id)::int as count,
        row_number() over (partition by conversation_id order by at desc, message_id desc) as place
      from (select * from message_search where conversation_id = any(${sql.param(ids)}::uuid[]) offset 0) as message_search
      where ${scope.message})
    select hit.conversation_id as "conversationId", hit.count, hit.at, messages.id, seq, messages.kind, text, attachments,
      mails.subject, coalesce(staff.name, customers.name) as author
    from hit join messages on messages.id = hit.message_id
      left join mails on mails.message_id = messages.id
      left join staff on staff.id = messages.author_id and author_kind = 'staff'
      left join customers on customers.id = messages.author_id and author_kind = 'customer'
    where place <= ${most}
    order by hit.at desc, messages.id desc`)
  const found = new Map<string, Hits>()
  for (const row of rows) {
    const known = found.get(row.conversationId) ?? { hits: [], count: row.count }
    known.hits.push(present(row, terms))
    found.set(row.conversationId, known)
  }
  return found
}

type Row = {
  conversationId: string
  count: number
  at: string
  id: string
  seq: number
  kind: SearchHit['kind']
  text: string
  attachments: Attachment[]
  subject: string | null
  author: string | null
}

function present(row: Row, terms: Question['terms']): SearchHit {
  const { id, seq, kind, author, at, text, subject, attachments } = row
  const parts = [
    { part: 'text' as const, text },
    { part: 'subject' as const, text: subject ?? '' },
    ...attachments.map(({ name }) => ({ part: 'file' as const, text: name })),
  ]
  const found = parts.map(({ part, text }) => ({ part, snippet: snippetOf(text, terms) }))
  const best = found.find(({ snippet }) => snippet)
  const { text: snippet, ranges } = best?.snippet ?? { text: text.slice(0, 180), ranges: [] }
  return {
    ...{ messageId: id, seq, kind, author, at: new Date(at) },
    ...{ part: best?.part ?? 'text', snippet, ranges },
  }
}

const assignee = alias(staff, 'assignee')

/** What a line of the results shows of these conversations. */
export async function findShown(ctx: Ctx, ids: readonly string[]): Promise<Map<string, FoundConversation>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.db
    .select({
      id: conversations.id,
      number: conversations.number,
      store: { id: stores.id, name: stores.name },
      channelKind: conversations.channelKind,
      customer: { id: customers.id, name: customers.name },
      category: conversations.category,
      assigneeId: conversations.assigneeId,
      assigneeName: assignee.name,
      subject: conversations.subject,
      lastActivityAt: conversations.lastActivityAt,
    })
    .from(conversations)
    .innerJoin(stores, eq(stores.id, conversations.storeId))
    .innerJoin(customers, eq(customers.id, conversations.customerId))
    .leftJoin(assignee, eq(assignee.id, conversations.assigneeId))
    .where(inArray(conversations.id, [...ids]))
  return new Map(
    rows.map(({ assigneeId, assigneeName, ...row }) => [
      row.id,
      { ...row, assignee: assigneeId ? { id: assigneeId, name: assigneeName ?? '' } : null },
    ]),
  )
}
