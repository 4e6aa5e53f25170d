import { sql } from 'drizzle-orm'
import { openSeconds } from './hours.ts'
import { conversationCuts, firstReply, isCountable, type Metric, oneIf, seconds } from './metric.ts'

const opened = sql`conversations.opened_at`

const first = {
  unit: 'seconds',
  shows: 'median',
  days: 'store',
  cuts: [...conversationCuts, 'staff'],
  joins: () => firstReply,
  where: () => isCountable,
  at: opened,
  key: sql`conversations.id::text`,
  staff: sql`first_reply.author_id`,
} as const

export const responding: Metric[] = [
  {
    ...first,
    code: 'first_response',
    names: { zh: '首次响应时间', en: 'First response time' },
    meaning: {
      zh: '从客户第一条消息到第一条由人发出的公开回复。按开启日计入已得到人工回复的会话；自动确认不算回复，尚未回复、导入及已合并的会话不计。',
      en: 'From the customer’s first message to the first public reply by a person. Counts conversations that have one, by the day they opened; acknowledgements by the house are no reply, and what is unanswered, imported or merged is left out.',
    },
    numerator: () => seconds(opened, sql`first_reply.at`),
  },
  {
    ...first,
    code: 'first_response_open_hours',
    names: { zh: '首次响应时间（营业时间内）', en: 'First response time in opening hours' },
    meaning: {
      zh: '与首次响应时间相同，但只计店铺营业时间（按其现行日历）；没有日历的店铺全天营业。',
      en: 'The same as the first response time, counting only the store’s opening hours by the calendar it has now; a store without one is always open.',
    },
    usesHours: true,
    numerator: () => sql`${openSeconds(sql`first_reply.at`)} - ${openSeconds(opened)}`,
  },
  {
    code: 'response',
    names: { zh: '平均响应时间', en: 'Response time' },
    meaning: {
      zh: '每条由人发出的回复之前，客户最早一条未获回复的消息等待了多久。按回复日计入每一次等待，包括第一次；机器人的回复不结束等待。',
      en: 'How long the oldest unanswered message of the customer had waited when a person replied. Counts every wait, the first included, by the day of the reply; a robot’s answer ends no wait.',
    },
    unit: 'seconds',
    shows: 'mean',
    days: 'store',
    cuts: [...conversationCuts, 'staff'],
    joins: () =>
      sql`join messages on messages.conversation_id = conversations.id and messages.waited_ms is not null`,
    where: () => sql`conversations.merged_into_id is null`,
    at: sql`messages.created_at`,
    key: sql`messages.id::text`,
    staff: sql`messages.author_id`,
    numerator: () => sql`messages.waited_ms / 1000.0::float8`,
  },
  {
    code: 'policy_reply_rate',
    names: { zh: '政策回复率', en: 'Policy reply rate' },
    meaning: {
      zh: '分母：按各渠道政策计时、已回复或已超时的消息，按消息日计；分子：其中按时回复的。尚未到期的，以及未回复而被关闭的不计。',
      en: 'Denominator: messages on a policy’s clock that were answered or ran out of time, by the day they came. Numerator: those answered in time. What is not due yet, or was closed without an answer in time, is left out.',
    },
    unit: 'share',
    shows: 'share',
    days: 'store',
    cuts: [...conversationCuts, 'policy'],
    joins: () =>
      sql`join clocks on clocks.subject_id = conversations.id and clocks.kind in ('first_response', 'next_response')`,
    where: () =>
      sql`(clocks.breached_at is not null or clocks.stop_reason in ('answered', 'answered_by_robot'))`,
    at: sql`clocks.started_at`,
    key: sql`clocks.id::text`,
    policy: sql`(select p.code from clock_policies p where p.id = clocks.policy_id)`,
    numerator: () => oneIf(sql`clocks.breached_at is null`),
  },
]
