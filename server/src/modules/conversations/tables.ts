import { desc, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { channels } from '../channels/tables.ts'
import { never } from '../clocks/tables.ts'
import { customers, identities } from '../customers/tables.ts'
import { stores } from '../settings/tables.ts'
import { staff, teams } from '../staff/tables.ts'
import type { MailOptions } from './mail/schemas.ts'
import type { NewOriginal } from './originals.ts'

export { never }

/** Fixed categories; a company puts labels of its own inside them. The category drives the clocks. */
export const statusCategories = [
  'new',
  'open',
  'waiting_customer',
  'waiting_third_party',
  'scheduled',
  'resolved',
  'closed',
] as const
export const openCategories = ['new', 'open', 'waiting_customer', 'waiting_third_party', 'scheduled'] as const
export const thirdParties = ['carrier', 'supplier', 'bank'] as const
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export const messageKinds = ['customer', 'reply', 'note', 'system'] as const

export type StatusCategory = (typeof statusCategories)[number]

const isOpenSql = sql`category not in ('resolved', 'closed')`

/** What nobody has taken and a customer waits with; written once, so that the planner knows the index by it. */
export const isWaitingSql = sql`category in ('new', 'open') and assignee_id is null and waiting_since is not null`

/** Not in a queue yet, or in that of an earlier wait. */
export const isUnplacedSql = sql`(queued_at is null or queued_at < waiting_since)`

export const conversations = pgTable(
  'conversations',
  {
    id: id(),
    number: bigint({ mode: 'number' }).generatedAlwaysAsIdentity({ startWith: 1001 }).notNull(),
    storeId: uuid()
      .notNull()
      .references(() => stores.id),
    channelId: uuid()
      .notNull()
      .references(() => channels.id),
    channelKind: text().notNull(),
    customerId: uuid()
      .notNull()
      .references(() => customers.id),
    identityId: uuid()
      .notNull()
      .references(() => identities.id),
    previousId: uuid(),
    category: oneOf(statusCategories).notNull(),
    /** Which third party it waits for, where it does: that says which clocks stand still. */
    waitingFor: oneOf(thirdParties),
    labelId: uuid(),
    assigneeId: uuid().references(() => staff.id),
    teamId: uuid().references(() => teams.id),
    /** Where it waits to be given to somebody; routing's own. */
    queueId: uuid(),
    /** When it came there, also where no queue took it. */
    queuedAt: instant(),
    queuedWhy: oneOf(['terms', 'overflow', 'out_of_hours', 'moved']),
    /** When it goes on to another queue unless somebody has taken it. */
    overflowAt: instant(),
    isVip: boolean().notNull().default(false),
    priority: oneOf(priorities).notNull().default('normal'),
    /** Of a conversation by mail: that of its first mail. */
    subject: text(),
    language: text(),
    /** Why the customer writes, as it is seen now and, kept, as it was seen first. */
    reason: text(),
    reasonAtOpen: text(),
    /** What came of it, as it was said last. */
    summary: text(),
    tags: text().array().notNull().default(sql`'{}'`),
    customFields: jsonb().$type<Record<string, string | number | boolean>>().notNull().default({}),
    lastSeq: integer().notNull().default(0),
    /** How many messages the customer wrote; a reader's unread is this less what he had read. */
    customerCount: integer().notNull().default(0),
    previewKind: oneOf(messageKinds),
    previewText: text(),
    lastActivityAt: instant().notNull(),
    /** Since when the customer waits for a person: his oldest unanswered message. */
    waitingSince: instant(),
    dueAt: instant().notNull().default(never),
    /** When a person first answered in this episode; empty again after a reopening. */
    repliedAt: instant(),
    customerReadSeq: integer().notNull().default(0),
    agentReadSeq: integer().notNull().default(0),
    openedAt: instant().notNull(),
    /** Out of sight until then, or until the customer writes. */
    snoozedUntil: instant(),
    /** The conversation that this one was merged into; its messages stay where they were written. */
    mergedIntoId: uuid(),
    /** Marked as something nobody owes an answer to; no figure of service counts it. */
    spamAt: instant(),
    resolvedAt: instant(),
    resolvedBy: uuid(),
    version: integer().notNull().default(1),
    /** Between which versions nothing happened but messages of one author. */
    ownSaying: jsonb().$type<{ by: string | null; from: number; to: number }>(),
  },
  t => [
    index('conversations_by_identity').on(t.identityId, desc(t.id)),
    index('conversations_by_number').on(t.number),
    index('conversations_by_customer').on(t.customerId, desc(t.id)),
    index('conversations_by_opening').on(t.openedAt),
    index('conversations_by_resolution').on(t.resolvedAt).where(sql`resolved_at is not null`),
    index('conversations_open_by_due').on(t.dueAt, t.id).where(isOpenSql),
    index('conversations_open_by_activity').on(desc(t.lastActivityAt), desc(t.id)).where(isOpenSql),
    index('conversations_open_by_waiting')
      .on(t.waitingSince, t.id)
      .where(sql`${isOpenSql} and waiting_since is not null`),
    index('conversations_in_queue').on(t.queueId, t.waitingSince, t.id).where(isWaitingSql),
    index('conversations_unplaced').on(t.waitingSince, t.id).where(sql`${isWaitingSql} and ${isUnplacedSql}`),
    index('conversations_overflowing')
      .on(t.overflowAt)
      .where(sql`${isWaitingSql} and overflow_at is not null`),
    index('conversations_resolved_of')
      .on(t.assigneeId, t.resolvedAt)
      .where(sql`resolved_at is not null and assignee_id is not null`),
    index('conversations_mine').on(t.assigneeId, t.dueAt, t.id).where(isOpenSql),
    index('conversations_unassigned').on(t.dueAt, t.id).where(sql`${isOpenSql} and assignee_id is null`),
    index('conversations_unassigned_by_waiting')
      .on(t.waitingSince, t.id)
      .where(sql`${isOpenSql} and assignee_id is null and waiting_since is not null`),
    index('conversations_unassigned_by_activity')
      .on(desc(t.lastActivityAt), desc(t.id))
      .where(sql`${isOpenSql} and assignee_id is null`),
    index('conversations_snoozed').on(t.snoozedUntil).where(sql`snoozed_until is not null`),
    index('conversations_of_team')
      .on(t.teamId, t.dueAt, t.id)
      .where(sql`${isOpenSql} and team_id is not null`),
    index('conversations_spam').on(desc(t.lastActivityAt), desc(t.id)).where(sql`spam_at is not null`),
    index('conversations_resolved')
      .on(desc(t.lastActivityAt), desc(t.id))
      .where(sql`category in ('resolved', 'closed')`),
  ],
)

export type Attachment = {
  fileId: string
  name: string
  type: string
  size: number
  width?: number | null
  height?: number | null
  /** A picture that stands within the text of a mail, by the name the mail calls it. */
  contentId?: string | null
}

/** What a reply was before it was translated. Without `provider` nobody translated it but its writer. */
export type Original = {
  text: string
  language: string
  /** What it was to be sent in; it went out as it was written where it `isUntranslated`. */
  to: string
  provider: string | null
  isUntranslated: boolean
  /** Of what the machine drafted: how long it was, and how much of it was changed. */
  draftChars: number | null
  editedChars: number | null
}

export const messages = pgTable(
  'messages',
  {
    id: id(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    seq: integer().notNull(),
    kind: oneOf(messageKinds).notNull(),
    authorKind: oneOf(['customer', 'staff', 'api_key', 'system']).notNull(),
    authorId: uuid(),
    text: text().notNull(),
    language: text(),
    /** Of a reply: what its writer wrote in his own language. Never the customer’s to see. */
    original: jsonb().$type<Original>(),
    attachments: jsonb().$type<Attachment[]>().notNull().default([]),
    mentions: uuid().array().notNull().default(sql`'{}'`),
    /** A note from a supervisor to the one who has the conversation. */
    isWhisper: boolean().notNull().default(false),
    /** How long the customer's oldest unanswered message had waited when a person said this. */
    waitedMs: bigint({ mode: 'number' }),
    /** Made by the client that sent it; a repeated one is the same message. */
    clientId: uuid(),
    inboundId: bigint({ mode: 'number' }).unique(),
    system: jsonb().$type<{ event: string; params: Record<string, unknown> }>(),
    createdAt: createdAt(),
  },
  t => [
    unique('messages_in_order').on(t.conversationId, t.seq),
    unique('messages_once').on(t.conversationId, t.clientId),
    index('messages_answering').on(t.createdAt).where(sql`waited_ms is not null`),
  ],
)

export const conversationReads = pgTable(
  'conversation_reads',
  {
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    staffId: uuid().notNull(),
    seq: integer().notNull(),
    customerCount: integer().notNull(),
  },
  t => [primaryKey({ columns: [t.conversationId, t.staffId] })],
)

export const mentions = pgTable(
  'mentions',
  {
    staffId: uuid().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    messageId: uuid().notNull(),
    at: instant().notNull(),
    seenAt: instant(),
  },
  t => [
    primaryKey({ columns: [t.staffId, t.messageId] }),
    index('mentions_of_staff').on(t.staffId, t.conversationId),
  ],
)

/** Who got a conversation, from whom, and why, in words the console can translate. */
export const assignments = pgTable(
  'assignments',
  {
    id: id(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    staffId: uuid(),
    teamId: uuid(),
    fromId: uuid(),
    byKind: text().notNull(),
    byId: uuid(),
    reason: text().notNull(),
    params: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    waitedSeconds: integer(),
    at: instant().notNull(),
  },
  t => [
    index('assignments_of_conversation').on(t.conversationId, t.at),
    index('assignments_by_time').using('brin', t.at),
    index('assignments_recent').on(desc(t.at)).where(sql`waited_seconds is not null`),
  ],
)

export const statusLabels = pgTable('status_labels', {
  id: id(),
  category: oneOf(statusCategories).notNull(),
  name: text().notNull(),
  position: integer().notNull().default(0),
  createdAt: createdAt(),
})

export const heldStates = ['held', 'sent', 'taken_back', 'stopped'] as const

/** A reply that is written but not said yet: for the seconds in which it can be taken back, or until its hour. */
export const heldReplies = pgTable(
  'held_replies',
  {
    id: id(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    authorId: uuid()
      .notNull()
      .references(() => staff.id),
    /** What it will be said with: sent again with the same one, it is the same reply. */
    clientId: uuid().notNull(),
    content: jsonb().$type<HeldContent>().notNull(),
    why: oneOf(['undo', 'scheduled']).notNull(),
    sendAt: instant().notNull(),
    state: oneOf(heldStates).notNull().default('held'),
    /** Why it was stopped: a refusal's code. */
    reason: text(),
    /** Since when the customer waited as it was written. */
    waitingSince: instant(),
    createdAt: createdAt(),
  },
  t => [
    unique('held_replies_once').on(t.conversationId, t.clientId),
    index('held_replies_due').on(t.sendAt).where(sql`state = 'held'`),
    index('held_replies_open').on(t.conversationId).where(sql`state in ('held', 'stopped')`),
  ],
)

export type HeldContent = {
  text: string
  attachmentIds: string[]
  lastSeenSeq: number
  afterwards?: 'resolve' | 'wait_customer' | undefined
  mail?: MailOptions | undefined
  original?: NewOriginal | undefined
}
