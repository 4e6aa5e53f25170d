import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import { staff } from '../staff/tables.ts'

export const strategies = ['least_loaded', 'longest_idle', 'skill_first'] as const
export const weighedKinds = ['call', 'web_chat', 'mail', 'other'] as const
export const outOfHoursPaths = ['keep_waiting', 'hold', 'other_queue'] as const

/**
 * Where conversations wait and who takes them. The first queue by `position` whose terms all fit takes a
 * conversation; an empty list of a term means any, of members everybody who may reply and sees the store.
 */
export const queues = pgTable(
  'queues',
  {
    id: id(),
    /** Of the one a new house starts with. */
    code: text().unique(),
    name: text().notNull(),
    position: integer().notNull(),
    channelKinds: text().array().notNull().default(sql`'{}'`),
    storeIds: uuid().array().notNull().default(sql`'{}'`),
    languages: text().array().notNull().default(sql`'{}'`),
    reasons: text().array().notNull().default(sql`'{}'`),
    customerTags: text().array().notNull().default(sql`'{}'`),
    /** Customers with one of these go before others of the same priority. */
    vipTags: text().array().notNull().default(sql`'{}'`),
    teamIds: uuid().array().notNull().default(sql`'{}'`),
    staffIds: uuid().array().notNull().default(sql`'{}'`),
    skills: text().array().notNull().default(sql`'{}'`),
    strategy: oneOf(strategies).notNull().default('least_loaded'),
    /** Assigns by itself; otherwise it holds what people pull. */
    pushes: boolean().notNull().default(true),
    /** Whoever had this customer within these hours gets him again; null for no matter who. */
    stickyHours: integer(),
    /** How long a customer waits for that agent where he is at work but full. */
    stickyWaitSeconds: integer().notNull().default(0),
    overflowSeconds: integer(),
    overflowQueueId: uuid(),
    outOfHours: oneOf(outOfHoursPaths).notNull().default('keep_waiting'),
    outOfHoursQueueId: uuid(),
    /** After a resolve its agent gets nothing new for so long. */
    wrapUpSeconds: integer().notNull().default(0),
    version: integer().notNull().default(1),
    createdAt: createdAt(),
    /** Conversations and the history of assignments still name it. */
    archivedAt: instant(),
  },
  t => [index('queues_in_order').on(t.position, t.id).where(sql`archived_at is null`)],
)

/** How much of an agent a conversation takes. A change begins a new row; `other` is for every channel not named. */
export const channelWeights = pgTable(
  'channel_weights',
  {
    id: id(),
    channelKind: oneOf(weighedKinds).notNull(),
    units: integer().notNull(),
    source: text().notNull(),
    effectiveFrom: instant().notNull(),
    createdAt: createdAt(),
  },
  t => [unique('channel_weights_once').on(t.channelKind, t.effectiveFrom)],
)

/** What routing knows of a colleague beside his record: since when nothing new came to him and nothing left him. */
export const agents = pgTable('agents', {
  staffId: uuid()
    .primaryKey()
    .references(() => staff.id),
  idleSince: instant().notNull(),
})
