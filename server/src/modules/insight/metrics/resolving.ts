import { sql } from 'drizzle-orm'
import { conversationCuts, isCountable, isNoSpam, type Metric, oneIf, seconds } from './metric.ts'

const withStaff = [...conversationCuts, 'staff'] as const
const perConversation = { key: sql`conversations.id::text`, days: 'store' as const }
const lifetime = seconds(sql`conversations.opened_at`, sql`conversations.resolved_at`)

const perResolution = {
  ...{ unit: 'share' as const, shows: 'share' as const, days: 'store' as const, cuts: withStaff },
  joins: () => sql`join resolutions on resolutions.conversation_id = conversations.id`,
  at: sql`resolutions.resolved_at`,
  key: sql`resolutions.event_id::text`,
  staff: sql`resolutions.staff_id`,
}

const sameReason = sql`other.customer_id = conversations.customer_id and other.id <> conversations.id and other.merged_into_id is null
  and ${isNoSpam('other')} and (other.reason = conversations.reason or conversations.reason is null)`

export const resolving: Metric[] = [
  {
    ...perConversation,
    code: 'resolution',
    names: { zh: '解决时长', en: 'Resolution time' },
    meaning: {
      zh: '从首次开启到最近一次解决，按解决日计；导入、自动邮件及已合并的会话不计。',
      en: 'From the first opening to the latest resolution, by the day of that resolution; what is imported, automatic or merged is left out.',
    },
    unit: 'seconds',
    shows: 'median',
    cuts: withStaff,
    where: () => isCountable,
    at: sql`conversations.resolved_at`,
    staff: sql`conversations.resolved_by`,
    numerator: () => lifetime,
  },
  {
    ...perConversation,
    code: 'resolution_less_waiting',
    names: { zh: '解决时长（扣除等待客户）', en: 'Resolution time less waiting for the customer' },
    meaning: {
      zh: '解决时长减去等待客户的时间。只计有解决时限且该时限在等待客户时暂停的会话：只有它们记录了等待。',
      en: 'The resolution time less what was spent waiting for the customer. Counts only conversations with a resolution clock that stands still meanwhile: of no other is that recorded.',
    },
    unit: 'seconds',
    shows: 'median',
    cuts: withStaff,
    joins:
      () => sql`cross join lateral (select coalesce(sum(extract(epoch from least(p.ended_at, conversations.resolved_at) - p.began_at)) filter (where p.id is not null), 0)::float8 as waited
      from clocks k join clock_policies cp on cp.id = k.policy_id and 'customer' = any(cp.pauses_on)
      left join clock_pauses p on p.clock_id = k.id and p.reason = 'customer' and p.ended_at is not null and p.began_at < conversations.resolved_at
      where k.subject_id = conversations.id and k.kind = 'resolution' having count(*) > 0) as pauses`,
    where: () => isCountable,
    at: sql`conversations.resolved_at`,
    staff: sql`conversations.resolved_by`,
    numerator: () => sql`${lifetime} - pauses.waited`,
  },
  {
    ...perConversation,
    code: 'resolution_rate',
    names: { zh: '解决率', en: 'Resolution rate' },
    meaning: {
      zh: '分母：当期开启的会话；分子：其中现在已解决的。导入、自动邮件及已合并的会话不计。',
      en: 'Denominator: conversations opened in the period. Numerator: those of them that are resolved now. What is imported, automatic or merged is left out.',
    },
    unit: 'share',
    shows: 'share',
    cuts: conversationCuts,
    where: () => isCountable,
    at: sql`conversations.opened_at`,
    numerator: () => oneIf(sql`conversations.resolved_at is not null`),
  },
  {
    ...perResolution,
    code: 'first_contact_resolution',
    names: { zh: '一次解决率', en: 'First contact resolution' },
    meaning: {
      zh: '分母：首次解决且之后 7 天已过的会话，按解决日计；分子：只有一位同事回复过、7 天内未重开、同一客户 7 天内没有同一原因的新会话（未填原因时任何新会话都算）。最近 7 天解决的尚不计。',
      en: 'Denominator: conversations resolved for the first time whose seven days since are over, by the day of that resolution. Numerator: those that one colleague alone answered, that were not reopened within 7 days, and whose customer did not open another for the same reason within them (any other, where no reason was given). What was resolved in the last 7 days does not count yet.',
    },
    where: ({
      now,
    }) => sql`${isCountable} and resolutions.resolved_at <= ${now}::timestamptz - interval '7 days'
      and not exists (select 1 from resolutions earlier where earlier.conversation_id = conversations.id and earlier.resolved_at < resolutions.resolved_at)`,
    numerator: () =>
      oneIf(sql`(resolutions.reopened_at is null or resolutions.reopened_at > resolutions.resolved_at + interval '7 days')
      and (select count(distinct m.author_id) from messages m where m.conversation_id = conversations.id
        and m.kind = 'reply' and m.author_kind = 'staff' and m.created_at <= resolutions.resolved_at) = 1
      and not exists (select 1 from conversations other where ${sameReason}
        and other.opened_at > resolutions.resolved_at and other.opened_at <= resolutions.resolved_at + interval '7 days')`),
  },
  {
    ...perResolution,
    code: 'reopen_rate',
    names: { zh: '重开率', en: 'Reopen rate' },
    meaning: {
      zh: '分母：每一次解决，按解决日计；分子：其中至今被重新开启的。',
      en: 'Denominator: every resolution, by its day. Numerator: those after which the conversation was opened again, up to now.',
    },
    where: () => isCountable,
    numerator: () => oneIf(sql`resolutions.reopened_at is not null`),
  },
  {
    ...perConversation,
    code: 'repeat_contact_rate',
    names: { zh: '重复咨询率', en: 'Repeat contact rate' },
    meaning: {
      zh: '分母：当期开启且已填联系原因的会话；分子：同一客户此前 7 天内因同一原因开启过另一会话的。未填原因的不计；订单尚未接入，只按原因比较。',
      en: 'Denominator: conversations opened in the period that have a contact reason. Numerator: those whose customer had opened another for the same reason in the 7 days before. Those without a reason are left out; orders are not known yet, so only reasons are compared.',
    },
    unit: 'share',
    shows: 'share',
    cuts: conversationCuts,
    where: () => sql`${isCountable} and conversations.reason is not null`,
    at: sql`conversations.opened_at`,
    numerator: () =>
      oneIf(
        sql`exists (select 1 from conversations other where ${sameReason} and other.opened_at < conversations.opened_at
        and other.opened_at >= conversations.opened_at - interval '7 days')`,
      ),
  },
  {
    ...perConversation,
    code: 'automation_rate',
    names: { zh: '自动解决率', en: 'Automation rate' },
    meaning: {
      zh: '分母：当期解决的会话；分子：由接口的机器人回复过、没有任何人回复的。自动确认不算回复。',
      en: 'Denominator: conversations resolved in the period. Numerator: those a robot answered by the API and no person did. Acknowledgements by the house are no answer.',
    },
    unit: 'share',
    shows: 'share',
    cuts: conversationCuts,
    where: () => isCountable,
    at: sql`conversations.resolved_at`,
    numerator: () =>
      oneIf(sql`(select bool_or(m.author_kind = 'api_key') and not bool_or(m.author_kind = 'staff') from messages m
        where m.conversation_id = conversations.id and m.kind = 'reply')`),
  },
]
