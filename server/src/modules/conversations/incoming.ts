import { desc, inArray, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { insertRows } from '../../platform/insert-rows.ts'
import { startClocks } from '../clocks/clocks.ts'
import { identities } from '../customers/tables.ts'
import { type ConversationRow, isOpen } from './conversations.ts'
import { conversationOpened, messageAdded } from './events.ts'
import { languageOf } from './language.ts'
import { type Attachment, conversations, messages, never } from './tables.ts'

/** One message of a customer, understood but not yet placed. `clientId` or `inboundId` makes it one of its kind. */
export type Incoming = {
  storeId: string
  channelId: string
  channelKind: string
  identityId: string
  customerId: string
  text: string
  attachments: Attachment[]
  language: string | null
  clientId: string | null
  inboundId: number | null
  /** Days after resolution within which a new message reopens; later it opens a linked conversation. */
  reopenDays: number
}

export type Placed = { conversationId: string; messageId: string; seq: number }

const day = 86_400_000

/**
 * Puts customers' messages into their conversations, in the order given: a conversation is found, reopened or
 * opened, numbered on, its clock started, and those who watch are told. Any number at once costs the same seven
 * statements; that is what lets one process take in more than a thousand a second.
 */
export async function receiveMessages(ctx: Ctx, incoming: readonly Incoming[]): Promise<Placed[]> {
  const threads = await findThreads(ctx, incoming)
  const placed: Placed[] = []
  const added: (typeof messages.$inferInsert)[] = []
  for (const message of incoming) {
    const thread = threads.get(message.identityId)!
    const { row } = thread
    row.lastSeq += 1
    row.customerCount += 1
    row.language ??= message.language ?? (await languageOf(message.text))
    row.waitingSince ??= ctx.now
    row.lastActivityAt = ctx.now
    row.previewKind = 'customer'
    row.previewText = preview(message.text, message.attachments)
    if (row.category === 'waiting_customer' || row.category === 'scheduled') row.category = 'open'
    const id = uuidv7()
    added.push({
      id,
      conversationId: row.id,
      seq: row.lastSeq,
      kind: 'customer',
      authorKind: 'customer',
      authorId: row.customerId,
      text: message.text,
      language: message.language,
      attachments: message.attachments,
      clientId: message.clientId,
      inboundId: message.inboundId,
      createdAt: ctx.now,
    })
    placed.push({ conversationId: row.id, messageId: id, seq: row.lastSeq })
    const about = { conversationId: row.id, storeId: row.storeId, identityId: row.identityId }
    const subject = { conversationId: row.id, customerId: row.customerId }
    if (thread.state !== 'known') {
      ctx.emit(
        conversationOpened,
        { ...about, channelKind: row.channelKind, reopened: thread.state === 'reopened' },
        subject,
      )
      if (thread.state === 'reopened') thread.state = 'known'
      else thread.state = 'announced'
    }
    ctx.emit(messageAdded, { ...about, messageId: id, seq: row.lastSeq, kind: 'customer' }, subject)
  }
  const rows = [...threads.values()].map(thread => thread.row)
  const dueAt = await startClocks(
    ctx,
    rows.map(row => ({
      subjectId: row.id,
      storeId: row.storeId,
      channelKind: row.channelKind,
      kind: row.repliedAt ? 'next_response' : 'first_response',
      at: ctx.now,
    })),
  )
  for (const row of rows) row.dueAt = dueAt.get(row.id) ?? never
  await writeThreads(
    ctx,
    rows,
    new Set(rows.filter(row => threads.get(row.identityId)!.state === 'announced').map(row => row.id)),
  )
  await insertRows(ctx.db, messages, added)
  return placed
}

type Thread = { row: ConversationRow; state: 'known' | 'opened' | 'announced' | 'reopened' }

async function findThreads(ctx: Ctx, incoming: readonly Incoming[]): Promise<Map<string, Thread>> {
  const byIdentity = new Map(incoming.map(message => [message.identityId, message]))
  const ids = [...byIdentity.keys()]
  // Two messages of somebody who has no conversation yet must not open two: his identity's row is the lock. A
  // merge waits for it too, or is over: then it says here whose the identity has become since it was looked up.
  const owners = await ctx.db
    .select({ id: identities.id, customerId: identities.customerId })
    .from(identities)
    .where(sql`${identities.id} = any(${sql.param(ids)}::uuid[])`)
    .orderBy(identities.id)
    .for('no key update')
    .prepare('lock-identities')
    .execute()
  const found = await ctx.db
    .select()
    .from(conversations)
    .where(
      inArray(
        conversations.id,
        sql`(select (select id from conversations c where c.identity_id = wanted.id order by c.id desc limit 1) from unnest(${sql.param(ids)}::uuid[]) as wanted(id))`,
      ),
    )
    .orderBy(conversations.id)
    .for('update')
    .prepare('lock-latest-conversations')
    .execute()
  const latest = new Map(found.map(row => [row.identityId, row]))
  return new Map(
    owners.map(({ id, customerId }) => [
      id,
      threadFor(ctx, { ...byIdentity.get(id)!, customerId }, latest.get(id)),
    ]),
  )
}

function threadFor(ctx: Ctx, message: Incoming, latest: ConversationRow | undefined): Thread {
  if (latest && isOpen(latest)) return { row: latest, state: 'known' }
  const mayReopen =
    latest?.category === 'resolved' &&
    latest.resolvedAt &&
    ctx.now.getTime() - latest.resolvedAt.getTime() <= message.reopenDays * day
  if (latest && mayReopen)
    return {
      row: {
        ...latest,
        category: 'open',
        labelId: null,
        repliedAt: null,
        waitingSince: null,
        resolvedAt: null,
        resolvedBy: null,
      },
      state: 'reopened',
    }
  return { row: newConversation(ctx, message, latest?.id ?? null), state: 'opened' }
}

const newConversation = (ctx: Ctx, message: Incoming, previousId: string | null): ConversationRow => ({
  id: uuidv7(),
  number: 0,
  storeId: message.storeId,
  channelId: message.channelId,
  channelKind: message.channelKind,
  customerId: message.customerId,
  identityId: message.identityId,
  previousId,
  category: 'new',
  labelId: null,
  assigneeId: null,
  teamId: null,
  priority: 'normal',
  language: null,
  tags: [],
  lastSeq: 0,
  customerCount: 0,
  previewKind: null,
  previewText: null,
  lastActivityAt: ctx.now,
  waitingSince: null,
  dueAt: never,
  repliedAt: null,
  customerReadSeq: 0,
  agentReadSeq: 0,
  openedAt: ctx.now,
  resolvedAt: null,
  resolvedBy: null,
  version: 0,
})

async function writeThreads(ctx: Ctx, rows: ConversationRow[], opened: ReadonlySet<string>) {
  const fresh = rows.filter(row => opened.has(row.id))
  if (fresh.length > 0)
    await insertRows(
      ctx.db,
      conversations,
      fresh.map(({ number: _, ...row }) => ({ ...row, version: 1 })),
    )
  const known = rows.filter(row => !opened.has(row.id))
  if (known.length === 0) return
  const column = (pick: (row: ConversationRow) => unknown) => sql.param(known.map(pick))
  await executeNamed(
    ctx.db,
    'write-conversations',
    sql`
    update conversations set category = n.category, label_id = case when n.category = conversations.category then label_id end,
      last_seq = n.last_seq, customer_count = n.customer_count, language = n.language, waiting_since = n.waiting_since,
      last_activity_at = ${ctx.now}, preview_kind = 'customer', preview_text = n.preview_text, due_at = n.due_at,
      replied_at = n.replied_at, resolved_at = n.resolved_at, resolved_by = case when n.resolved_at is null then null else resolved_by end,
      version = version + 1
    from unnest(${column(r => r.id)}::uuid[], ${column(r => r.category)}::text[], ${column(r => r.lastSeq)}::int[], ${column(r => r.customerCount)}::int[],
      ${column(r => r.language)}::text[], ${column(r => r.waitingSince)}::timestamptz[], ${column(r => r.previewText)}::text[], ${column(r => r.dueAt)}::timestamptz[],
      ${column(r => r.repliedAt)}::timestamptz[], ${column(r => r.resolvedAt)}::timestamptz[])
      as n(id, category, last_seq, customer_count, language, waiting_since, preview_text, due_at, replied_at, resolved_at)
    where conversations.id = n.id`,
  )
}

const previewLength = 140

export function preview(text: string, attachments: readonly Attachment[]) {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  const shown = line === '' ? attachments.map(file => file.name).join(', ') : line
  return shown.length <= previewLength
    ? shown
    : `${[...shown.slice(0, previewLength)].slice(0, -1).join('')}…`
}

export const latestOf = (ctx: Ctx, identityId: string) =>
  ctx.db
    .select()
    .from(conversations)
    .where(inArray(conversations.identityId, [identityId]))
    .orderBy(desc(conversations.id))
    .limit(1)
