import { desc, inArray, sql } from 'drizzle-orm'
import { maskCardNumbers } from '../../platform/card-numbers.ts'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { executeNamed } from '../../platform/db.ts'
import { insertTogether, into } from '../../platform/insert-rows.ts'
import { languageOf } from '../../platform/language.ts'
import { startClocks } from '../clocks/clocks.ts'
import { resumeClocks } from '../clocks/pauses.ts'
import { findBlocked } from '../customers/blocking.ts'
import { identities } from '../customers/tables.ts'
import { type ConversationRow, isOpen } from './conversations.ts'
import { conversationImported, conversationOpened, messageAdded } from './events.ts'
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
  /**
   * Where it goes, when the channel knows: into this conversation, or (null) into one of its own, together with
   * others of the same key. Without it, into the latest of its sender.
   */
  thread?: { key: string; conversationId: string | null }
  subject?: string
  /** Who gets a new conversation. */
  teamId?: string | null
  /** When it reached the merchant: the clock starts then. Now, unless told otherwise. */
  at?: Date
  /** Nobody waits for an answer to a `robot`, or to `history`, which was there before Afar was. */
  from?: 'person' | 'robot' | 'history'
}

export type Placed = { conversationId: string; messageId: string; seq: number }

const day = 86_400_000

/**
 * Puts customers' messages into their conversations, in the order given: a conversation is found, reopened or
 * opened, numbered on, its clock started, and those who watch are told. Any number at once costs the same five
 * statements and two to lock their senders; that is what lets one process take in more than a thousand a second.
 */
export async function receiveMessages(
  ctx: Ctx,
  incoming: readonly Incoming[],
  senders: Senders,
): Promise<Placed[]> {
  const threads = await findThreads(ctx, incoming, senders)
  const placed: Placed[] = []
  const added: (typeof messages.$inferInsert)[] = []
  for (const message of incoming) {
    const thread = threads.get(keyOf(message))!
    const { row } = thread
    const at = message.at ?? ctx.now
    const isHistory = message.from === 'history'
    const text = maskCardNumbers(message.text)
    row.lastSeq += 1
    row.language ??= message.language ?? (await languageOf(text))
    row.lastActivityAt = isHistory ? later(row.lastActivityAt, at) : ctx.now
    row.previewKind = 'customer'
    row.previewText = preview(text, message.attachments)
    if (!isHistory) row.customerCount += 1
    if (isOwed(message)) {
      row.waitingSince ??= at
      thread.owedSince ??= at
      if (row.category === 'waiting_customer') thread.isResumed = true
      if (row.category === 'waiting_customer' || row.category === 'scheduled') row.category = 'open'
    }
    const id = uuidv7()
    added.push({
      id,
      conversationId: row.id,
      seq: row.lastSeq,
      kind: 'customer',
      authorKind: 'customer',
      authorId: senders.get(message.identityId)!.customerId,
      text,
      language: message.language,
      attachments: message.attachments,
      clientId: message.clientId,
      inboundId: message.inboundId,
      createdAt: at,
    })
    placed.push({ conversationId: row.id, messageId: id, seq: row.lastSeq })
    announce(ctx, thread, { messageId: id, isHistory })
  }
  await startOwedClocks(ctx, [...threads.values()])
  const { opened = [], known = [] } = Object.groupBy(threads.values(), ({ state }) =>
    state === 'opened' ? state : 'known',
  )
  await insertTogether(ctx.db, into(conversations, opened.map(newRow)), into(messages, added))
  await writeKnown(
    ctx,
    known.map(({ row }) => row),
  )
  return placed
}

/** Who has written, as he stands until the end of the transaction. */
export type Senders = ReadonlyMap<string, { customerId: string; isBlocked: boolean }>

/**
 * Two messages of somebody who has no conversation yet must not open two: his identity's row is the lock. Who merges
 * or blocks him waits for it too, or is over: then it says here whose the identity has become since it was looked
 * up, and whether what it sends may be placed. With them the senders of the conversations that are named are locked.
 */
export async function lockSenders(
  ctx: Ctx,
  incoming: readonly Pick<Incoming, 'identityId' | 'thread'>[],
): Promise<Senders> {
  const ids = [...new Set(incoming.map(message => message.identityId))]
  const named = incoming.flatMap(({ thread }) => thread?.conversationId ?? [])
  const owned = await ctx.db
    .select({ id: identities.id, customerId: identities.customerId })
    .from(identities)
    .where(
      sql`${identities.id} = any(array(select unnest(${sql.param(ids)}::uuid[]) union select identity_id from conversations where id = any(${sql.param(named)}::uuid[])))`,
    )
    .orderBy(identities.id)
    .for('no key update')
    .prepare('lock-identities')
    .execute()
  const blocked = await findBlocked(ctx, ids)
  return new Map(owned.map(({ id, customerId }) => [id, { customerId, isBlocked: blocked.has(id) }]))
}

/** What lay in a mailbox for years happened then and not now: of a conversation of the past there is one event. */
function announce(
  ctx: Ctx,
  thread: Thread,
  { messageId, isHistory }: { messageId: string; isHistory: boolean },
) {
  const { row } = thread
  const about = { conversationId: row.id, storeId: row.storeId, identityId: row.identityId }
  const subject = { conversationId: row.id, customerId: row.customerId }
  if (!thread.isAnnounced) {
    if (isHistory) ctx.emit(conversationImported, { ...about, channelKind: row.channelKind }, subject)
    else
      ctx.emit(
        conversationOpened,
        { ...about, channelKind: row.channelKind, reopened: thread.state === 'reopened' },
        subject,
      )
    thread.isAnnounced = true
  }
  if (!isHistory) ctx.emit(messageAdded, { ...about, messageId, seq: row.lastSeq, kind: 'customer' }, subject)
}

async function startOwedClocks(ctx: Ctx, threads: readonly Thread[]) {
  const owed = threads.filter(thread => thread.owedSince)
  const resumed = owed.filter(thread => thread.isResumed).map(({ row }) => row)
  if (resumed.length > 0) {
    const goesOn = await resumeClocks(
      ctx,
      resumed.map(({ id }) => id),
    )
    for (const row of resumed) row.dueAt = goesOn.get(row.id) ?? never
  }
  const dueAt = await startClocks(
    ctx,
    owed.map(({ row, owedSince, state }) => ({
      subjectId: row.id,
      storeId: row.storeId,
      channelKind: row.channelKind,
      channelId: row.channelId,
      kind: row.repliedAt ? 'next_response' : 'first_response',
      at: owedSince!,
      ...(state !== 'known' && { episode: state }),
    })),
  )
  for (const { row } of owed) row.dueAt = dueAt.get(row.id) ?? row.dueAt
}

type Thread = {
  row: ConversationRow
  state: 'known' | 'opened' | 'reopened'
  isAnnounced: boolean
  /** Since when the customer waits for an answer to what came just now. */
  owedSince?: Date
  /** It waited for him, and he has written. */
  isResumed?: boolean
}

const isOwed = ({ from = 'person' }: Incoming) => from === 'person'

const later = (a: Date, b: Date) => (a > b ? a : b)

const keyOf = ({ thread, identityId }: Incoming) => thread?.key ?? `latest of ${identityId}`

async function findThreads(ctx: Ctx, incoming: readonly Incoming[], senders: Senders) {
  // The first of several makes the conversation: it has its subject and its moment.
  const byKey = new Map([...Map.groupBy(incoming, keyOf)].map(([key, [first]]) => [key, first!]))
  const found = await lockConversations(ctx, [...byKey.values()])
  const byId = new Map(found.map(row => [row.id, row]))
  const latest = new Map(found.map(row => [row.identityId, row]))
  const known = new Map<string, Thread>()
  return new Map(
    [...byKey].map(([key, message]) => {
      const before = message.thread
        ? byId.get(message.thread.conversationId ?? '')
        : latest.get(message.identityId)
      const owned = { ...message, customerId: senders.get(message.identityId)!.customerId }
      const thread = before?.mergedIntoId
        ? threadAfterMerge(ctx, owned, before, byId.get(before.mergedIntoId)!)
        : threadFor(ctx, owned, before)
      // Two ways may lead to one conversation since others can be merged into it.
      if (!known.has(thread.row.id)) known.set(thread.row.id, thread)
      return [key, known.get(thread.row.id)!]
    }),
  )
}

/**
 * The conversations that are named, with what they were merged into, and the latest of each sender where none is; in one order, for all lock them.
 * The ids are an array, found once: of a join PostgreSQL drops the row that somebody changed while it was waited for.
 */
function lockConversations(ctx: Ctx, asked: readonly Incoming[]) {
  const named = asked.flatMap(({ thread }) => thread?.conversationId ?? [])
  const unnamed = asked.flatMap(({ thread, identityId }) => (thread ? [] : [identityId]))
  return ctx.db
    .select()
    .from(conversations)
    .where(
      sql`${conversations.id} = any(array(
          select unnest(array[c.id, c.merged_into_id]) from conversations c where c.id = any(array(
            select (select id from conversations c where c.identity_id = wanted.id order by c.id desc limit 1) from unnest(${sql.param(unnamed)}::uuid[]) as wanted(id)
            union all select unnest(${sql.param(named)}::uuid[])))))`,
    )
    .orderBy(conversations.id)
    .for('update')
    .prepare('lock-conversations-of-messages')
    .execute()
}

/**
 * In the conversation it was merged into, if that is still the same customer's and an answer from there comes to
 * where this was written; else in a new one.
 */
function threadAfterMerge(
  ctx: Ctx,
  message: Incoming,
  before: ConversationRow,
  into: ConversationRow,
): Thread {
  const isReached =
    into.channelId === message.channelId &&
    (into.identityId === message.identityId || message.thread !== undefined)
  return isReached && into.customerId === before.customerId
    ? threadFor(ctx, message, into)
    : { row: newConversation(ctx, message, into.id), state: 'opened', isAnnounced: false }
}

function threadFor(ctx: Ctx, message: Incoming, before: ConversationRow | undefined): Thread {
  if (before && (isOpen(before) || !isOwed(message)))
    return { row: before, state: 'known', isAnnounced: true }
  const mayReopen =
    before?.category === 'resolved' &&
    before.resolvedAt &&
    ctx.now.getTime() - before.resolvedAt.getTime() <= message.reopenDays * day
  if (before && mayReopen)
    return {
      row: {
        ...before,
        category: 'open',
        labelId: null,
        repliedAt: null,
        waitingSince: null,
        resolvedAt: null,
        resolvedBy: null,
      },
      state: 'reopened',
      isAnnounced: false,
    }
  return { row: newConversation(ctx, message, before?.id ?? null), state: 'opened', isAnnounced: false }
}

function newConversation(ctx: Ctx, message: Incoming, previousId: string | null): ConversationRow {
  const openedAt = message.at ?? ctx.now
  const settled = isOwed(message) ? null : openedAt
  return {
    id: uuidv7(),
    number: 0,
    storeId: message.storeId,
    channelId: message.channelId,
    channelKind: message.channelKind,
    customerId: message.customerId,
    identityId: message.identityId,
    previousId,
    category: settled ? 'resolved' : 'new',
    waitingFor: null,
    labelId: null,
    assigneeId: null,
    teamId: message.teamId ?? null,
    queueId: null,
    queuedAt: null,
    queuedWhy: null,
    overflowAt: null,
    isVip: false,
    subject: message.subject ?? null,
    priority: 'normal',
    language: null,
    reason: null,
    reasonAtOpen: null,
    summary: null,
    tags: [],
    customFields: {},
    lastSeq: 0,
    customerCount: 0,
    previewKind: null,
    previewText: null,
    lastActivityAt: openedAt,
    waitingSince: null,
    dueAt: never,
    repliedAt: null,
    customerReadSeq: 0,
    agentReadSeq: 0,
    openedAt,
    snoozedUntil: null,
    mergedIntoId: null,
    spamAt: null,
    resolvedAt: settled,
    resolvedBy: null,
    version: 0,
    ownSaying: null,
  }
}

const newRow = ({ row: { number: _, ...row } }: Thread) => ({ ...row, version: 1 })

async function writeKnown(ctx: Ctx, known: readonly ConversationRow[]) {
  if (known.length === 0) return
  const column = (pick: (row: ConversationRow) => unknown) => sql.param(known.map(pick))
  await executeNamed(
    ctx.db,
    'write-conversations',
    sql`
    update conversations set category = n.category, label_id = case when n.category = conversations.category then label_id end,
      last_seq = n.last_seq, customer_count = n.customer_count, language = n.language, waiting_since = n.waiting_since,
      last_activity_at = n.last_activity_at, preview_kind = 'customer', preview_text = n.preview_text, due_at = n.due_at,
      snoozed_until = case when n.category = 'scheduled' then snoozed_until end, replied_at = n.replied_at, resolved_at = n.resolved_at, resolved_by = case when n.resolved_at is null then null else resolved_by end,
      version = version + 1
    from unnest(${column(r => r.id)}::uuid[], ${column(r => r.category)}::text[], ${column(r => r.lastSeq)}::int[], ${column(r => r.customerCount)}::int[],
      ${column(r => r.language)}::text[], ${column(r => r.waitingSince)}::timestamptz[], ${column(r => r.previewText)}::text[], ${column(r => r.dueAt)}::timestamptz[],
      ${column(r => r.repliedAt)}::timestamptz[], ${column(r => r.resolvedAt)}::timestamptz[], ${column(r => r.lastActivityAt)}::timestamptz[])
      as n(id, category, last_seq, customer_count, language, waiting_since, preview_text, due_at, replied_at, resolved_at, last_activity_at)
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
