import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { id, instant, oneOf } from '../../../platform/columns.ts'
import type { Authentication, Automatic, Correspondent, Segment } from '../../../platform/mail/mail.ts'
import { channels } from '../../channels/tables.ts'
import { conversations, messages } from '../tables.ts'

export const mailDirections = ['in', 'out'] as const

/** What a message is as a mail, beside what every message is. The raw mail lies in the ledger. */
export const mails = pgTable(
  'mails',
  {
    messageId: uuid()
      .primaryKey()
      .references(() => messages.id),
    channelId: uuid()
      .notNull()
      .references(() => channels.id),
    direction: oneOf(mailDirections).notNull(),
    /** The item of the ledger it came as. */
    inboundId: bigint({ mode: 'number' }),
    /** Its Message-ID without angle brackets: it threads, and never decides what is one mail and what another. */
    mailId: text(),
    subject: text().notNull(),
    sender: jsonb().$type<Correspondent>(),
    to: jsonb().$type<Correspondent[]>().notNull(),
    cc: jsonb().$type<Correspondent[]>().notNull(),
    /** Of what we sent: who is not to be known to the others. */
    bcc: jsonb().$type<Correspondent[]>().notNull().default([]),
    /** By the sender's clock. */
    sentAt: instant(),
    /** The whole text in order, of which the message's text is what was said. */
    segments: jsonb().$type<Segment[]>().notNull(),
    /** Sanitised; none where the text says it all, or where the HTML could not be made safe in time. */
    html: text(),
    authentication: jsonb().$type<Authentication>(),
    /** Why no robot may answer it. */
    automatic: text().$type<Automatic>(),
    /** Empty for a mail that must not be answered; null where it is not known. */
    returnPath: text(),
    replyTo: jsonb().$type<Correspondent[]>().notNull().default([]),
    findings: text().array().notNull().default(sql`'{}'`),
    /** How it found its conversation: by our token, by what it refers to, or not, so that it opened one. */
    threadedBy: oneOf(['token', 'references', 'none']),
    /** Whether a robot answered it: `sent`, or why not. */
    acknowledgement: text(),
  },
  t => [index('mails_by_mail_id').on(t.mailId).where(sql`mail_id is not null`)],
)

/** Who writes and is written to in a conversation by mail. Only he may enter it by References alone. */
export const mailParticipants = pgTable(
  'mail_participants',
  {
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    address: text().notNull(),
  },
  t => [primaryKey({ columns: [t.conversationId, t.address] })],
)

/** A machine's word on a mail of ours: a bounce, a delay, a complaint. */
export const mailReports = pgTable(
  'mail_reports',
  {
    id: id(),
    /** The message it is about, where that could be told. */
    messageId: uuid().references(() => messages.id),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    inboundId: bigint({ mode: 'number' }).notNull(),
    kind: oneOf(['bounce', 'delay', 'complaint']).notNull(),
    address: text(),
    class: oneOf(['hard', 'soft']),
    status: text(),
    reason: text().notNull(),
    diagnostic: text(),
    at: instant().notNull(),
  },
  t => [
    index('mail_reports_of_message').on(t.messageId),
    index('mail_reports_of_conversation').on(t.conversationId),
  ],
)

/** What robots wrote by mail, so that nobody gets more of it than the budget allows. */
export const automaticMails = pgTable(
  'automatic_mails',
  {
    id: id(),
    address: text().notNull(),
    kind: text().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    at: instant().notNull(),
  },
  t => [
    unique('automatic_mails_once').on(t.conversationId, t.kind),
    index('automatic_mails_to').on(t.address, t.at),
  ],
)

/** A chat whose visitor may have left before he read the answer. */
export const chatFollowUps = pgTable(
  'chat_follow_ups',
  {
    conversationId: uuid()
      .primaryKey()
      .references(() => conversations.id),
    /** When to look whether he is gone; null: nothing to look for. */
    dueAt: instant(),
    /** Up to where he has had it by mail. */
    mailedSeq: integer().notNull(),
  },
  t => [index('chat_follow_ups_due').on(t.dueAt).where(sql`due_at is not null`)],
)
