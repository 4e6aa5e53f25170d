import { type SQL, sql } from 'drizzle-orm'

export const cuts = [
  'day',
  'hour',
  'channel_kind',
  'channel',
  'store',
  'language',
  'staff',
  'team',
  'queue',
  'reason',
  'policy',
] as const
export type Cut = (typeof cuts)[number]

/** What every metric may be cut by; `staff` and `policy` only where a metric knows them. */
export const conversationCuts: readonly Cut[] = [
  ...['day', 'hour', 'channel_kind', 'channel', 'store', 'language', 'team', 'queue', 'reason'],
] as Cut[]

/** What a metric may need of the question it answers. */
export type Moment = { now: Date }

/**
 * A metric, said once: its words, and the rows it counts as SQL. Each row has a numerator and a denominator; a figure
 * is their sums, and for times the percentiles of the numerators. `conversations` and `stores` stand in the FROM
 * already, `hours` where `usesHours`; `joins` adds what else is looked at.
 */
export type Metric = {
  code: string
  names: { zh: string; en: string }
  /** What numerator and denominator count, and what is left out. */
  meaning: { zh: string; en: string }
  unit: 'seconds' | 'share' | 'count'
  /** What of the figure is told first. */
  shows: 'median' | 'mean' | 'share' | 'count'
  /** By whose midnight its days begin: that of the store, or of the company its people work for. */
  days: 'store' | 'company'
  cuts: readonly Cut[]
  /** Looks at what is so now, not at what happened in a period. */
  isNow?: boolean
  usesHours?: boolean
  joins?: (at: Moment) => SQL
  where: (at: Moment) => SQL
  /** The moment by which a row belongs to a period. */
  at: SQL
  key: SQL
  staff?: SQL
  policy?: SQL
  numerator: (at: Moment) => SQL
  denominator?: SQL
  /** For what is not about conversations: the whole of its rows instead. */
  rows?: (period: Period) => SQL
}

export type Period = {
  from: string
  to: string
  zone: string
  now: Date
  storeIds: readonly string[] | 'all'
}

/** What was there before Afar was, or was written by a robot, came without anybody waiting for it. */
export const isCountable = sql`conversations.merged_into_id is null and conversations.resolved_at is distinct from conversations.opened_at`

/** Nobody contacted us by spam: whatever looks at conversations for a figure leaves it out by this. */
export const isNoSpam = (conversation: 'conversations' | 'other' | 'c' = 'conversations') =>
  sql.raw(`${conversation}.spam_at is null`)

export const firstReply = sql`cross join lateral (select m.created_at as at, m.author_id from messages m
  where m.conversation_id = conversations.id and m.kind = 'reply' and m.author_kind = 'staff' order by m.seq limit 1) as first_reply`

export const maybeFirstReply = sql`left join lateral (select m.created_at as at, m.author_id from messages m
  where m.conversation_id = conversations.id and m.kind = 'reply' and m.author_kind = 'staff' order by m.seq limit 1) as first_reply on true`

export const seconds = (from: SQL, to: SQL) => sql`extract(epoch from ${to} - ${from})::float8`
export const oneIf = (condition: SQL) => sql`(case when ${condition} then 1 else 0 end)::float8`
