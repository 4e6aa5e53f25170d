import { sql } from 'drizzle-orm'
import { conversationCuts, isCountable, type Metric, maybeFirstReply, oneIf, seconds } from './metric.ts'
import { occupancyRows } from './occupancy.ts'
import { targets } from './targets.ts'

const opened = sql`conversations.opened_at`
const { answerWithinSeconds, shortAbandonSeconds } = targets.liveChannels
const wait = seconds(opened, sql`coalesce(first_reply.at, conversations.resolved_at)`)
const isAnswered = sql`first_reply.at is not null`

const offered = {
  days: 'store' as const,
  cuts: [...conversationCuts, 'staff'] as const,
  joins: () => maybeFirstReply,
  where: () => sql`${isCountable} and conversations.channel_kind = 'web_chat' and (${isAnswered}
    or conversations.resolved_at is not null and ${wait} >= ${shortAbandonSeconds}::float8)`,
  at: opened,
  key: sql`conversations.id::text`,
  staff: sql`first_reply.author_id`,
}

export const floor: Metric[] = [
  {
    code: 'contacts',
    names: { zh: '来访量', en: 'Contacts' },
    meaning: {
      zh: '当期开启的会话数；导入、自动邮件及已合并的会话不计，重开的会话不另计。',
      en: 'Conversations opened in the period; what is imported, automatic or merged is left out, and one opened again is not counted again.',
    },
    unit: 'count',
    shows: 'count',
    days: 'store',
    cuts: conversationCuts,
    where: () => isCountable,
    at: opened,
    key: sql`conversations.id::text`,
    numerator: () => sql`1::float8`,
  },
  {
    ...offered,
    code: 'service_level',
    names: { zh: '服务水平（在线客服）', en: 'Service level (chat)' },
    meaning: {
      zh: `分母：当期进线的在线会话，包括放弃的（未获人工回复即结束；等待不足 ${shortAbandonSeconds} 秒的不计）；分子：${answerWithinSeconds} 秒内有人回复的。仍在等待的尚不计。`,
      en: `Denominator: chats offered in the period, the abandoned included (ended without a person’s reply; after less than ${shortAbandonSeconds} s they are left out). Numerator: those a person answered within ${answerWithinSeconds} s. What still waits does not count yet.`,
    },
    unit: 'share',
    shows: 'share',
    numerator: () => oneIf(sql`${isAnswered} and ${wait} <= ${answerWithinSeconds}::float8`),
  },
  {
    ...offered,
    code: 'abandonment',
    names: { zh: '放弃率（在线客服）', en: 'Abandonment (chat)' },
    meaning: {
      zh: `分母：当期进线的在线会话，同服务水平；分子：未获人工回复即结束的（等待不足 ${shortAbandonSeconds} 秒的两边都不计）。访客离开但会话仍开着的不算放弃，因为仍会得到回复。`,
      en: `Denominator: chats offered, as for the service level. Numerator: those that ended without a person’s reply (after less than ${shortAbandonSeconds} s they are in neither). A visitor who left an open chat has not abandoned it: he is still answered.`,
    },
    unit: 'share',
    shows: 'share',
    cuts: conversationCuts,
    numerator: () => oneIf(sql`not (${isAnswered})`),
  },
  {
    ...offered,
    code: 'speed_of_answer',
    names: { zh: '平均应答速度（在线客服）', en: 'Average speed of answer (chat)' },
    meaning: {
      zh: '已获人工回复的在线会话从进线到首次回复的等待之和，除以这些会话数。',
      en: 'The waits of answered chats from their opening to the first reply of a person, divided by these chats.',
    },
    unit: 'seconds',
    shows: 'mean',
    where: () => sql`${isCountable} and conversations.channel_kind = 'web_chat' and ${isAnswered}`,
    numerator: () => wait,
  },
  {
    code: 'handling',
    names: { zh: '处理时长（在线客服）', en: 'Handling time (chat)' },
    meaning: {
      zh: '当期解决的在线会话，从首次有人接手到解决。量的是会话在人手上的跨度：没有测量打字或阅读；同时处理多个会话时各自全额计入。邮件不计，因为它会在手上停留数日。',
      en: 'Chats resolved in the period, from the first taking by a person to the resolution. It measures how long a chat was in somebody’s hands: typing and reading are not measured, and of several at once each counts in full. Mail is left out, since it rests for days.',
    },
    unit: 'seconds',
    shows: 'mean',
    days: 'company',
    cuts: [...conversationCuts, 'staff'],
    joins: () =>
      sql`cross join lateral (select a.at from assignments a where a.conversation_id = conversations.id and a.staff_id is not null order by a.at, a.id limit 1) as taken`,
    where: () =>
      sql`${isCountable} and conversations.channel_kind = 'web_chat' and taken.at <= conversations.resolved_at`,
    at: sql`conversations.resolved_at`,
    key: sql`conversations.id::text`,
    staff: sql`conversations.resolved_by`,
    numerator: () => seconds(sql`taken.at`, sql`conversations.resolved_at`),
  },
  {
    code: 'occupancy',
    names: { zh: '占用率', en: 'Occupancy' },
    meaning: {
      zh: '分母：每人每天在线与忙碌的时间，取自状态记录；分子：其中手上至少有一个在线会话（已接手、未解决）的时间。手上有会话但在等客户回复也算占用。',
      en: 'Denominator: each person’s time online and busy on a day, by the log of availability. Numerator: the part of it in which he held at least one chat (taken, not resolved). Holding one while its customer is silent counts too.',
    },
    unit: 'share',
    shows: 'share',
    days: 'company',
    cuts: ['day', 'staff'],
    where: () => sql`true`,
    at: sql`at`,
    key: sql`key`,
    numerator: () => sql`numerator`,
    rows: occupancyRows,
  },
  ...[24, 48, 72].map(
    (hours): Metric => ({
      code: `backlog_${hours}h`,
      names: { zh: `积压超过 ${hours} 小时`, en: `Backlog older than ${hours} h` },
      meaning: {
        zh: `分母：此刻未解决的会话；分子：其中开启超过 ${hours} 小时的。看的是现在，与期间无关；已合并的不计。`,
        en: `Denominator: conversations that are not resolved at this moment. Numerator: those opened more than ${hours} hours ago. It looks at now, whatever the period; what is merged is left out.`,
      },
      unit: 'share',
      shows: 'share',
      days: 'store',
      cuts: [...conversationCuts.filter(cut => cut !== 'hour'), 'staff'],
      isNow: true,
      where: () =>
        sql`conversations.category not in ('resolved', 'closed') and conversations.merged_into_id is null`,
      at: opened,
      key: sql`conversations.id::text`,
      staff: sql`conversations.assignee_id`,
      numerator: ({ now }) => oneIf(sql`${opened} < ${now}::timestamptz - ${hours} * interval '1 hour'`),
    }),
  ),
]
