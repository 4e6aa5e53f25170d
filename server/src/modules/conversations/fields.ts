import { type SQL, sql } from 'drizzle-orm'
import type { Actor } from '../../platform/context.ts'
import type { Field, FieldsOf, Relation } from '../../platform/filters/fields.ts'
import { channelKinds } from '../channels/tables.ts'
import { clockKinds, clocks, pauseReasons } from '../clocks/tables.ts'
import { inSightOf } from './conversations.ts'
import { describeOwnFields, ownFieldFor } from './own-fields/own-fields.ts'
import { conversations, messageKinds, messages, priorities, statusCategories } from './tables.ts'

const c = conversations

const ofCustomer = (column: string) =>
  sql`(select ${sql.raw(column)} from customers where customers.id = ${c.customerId})`

const fields: Field[] = [
  { code: 'number', type: 'number', zh: '编号', en: 'Number', sql: sql`${c.number}` },
  {
    code: 'category',
    type: 'choice',
    zh: '状态',
    en: 'Status',
    sql: sql`${c.category}`,
    choices: statusCategories,
  },
  {
    code: 'label',
    type: 'reference',
    of: 'status_label',
    zh: '状态标签',
    en: 'Status label',
    sql: sql`${c.labelId}`,
  },
  {
    code: 'assignee',
    type: 'reference',
    of: 'staff',
    zh: '负责人',
    en: 'Assignee',
    sql: sql`${c.assigneeId}`,
  },
  { code: 'team', type: 'reference', of: 'team', zh: '团队', en: 'Team', sql: sql`${c.teamId}` },
  {
    code: 'priority',
    type: 'choice',
    zh: '优先级',
    en: 'Priority',
    sql: sql`${c.priority}`,
    choices: priorities,
  },
  { code: 'store', type: 'reference', of: 'store', zh: '店铺', en: 'Store', sql: sql`${c.storeId}` },
  {
    code: 'channel',
    type: 'choice',
    zh: '渠道',
    en: 'Channel',
    sql: sql`${c.channelKind}`,
    choices: channelKinds,
  },
  {
    code: 'channel_account',
    type: 'reference',
    of: 'channel',
    zh: '渠道账号',
    en: 'Channel account',
    sql: sql`${c.channelId}`,
  },
  { code: 'language', type: 'text', zh: '语言', en: 'Language', sql: sql`${c.language}` },
  { code: 'subject', type: 'text', zh: '主题', en: 'Subject', sql: sql`${c.subject}` },
  { code: 'reason', type: 'choice', zh: '联系原因', en: 'Contact reason', sql: sql`${c.reason}` },
  {
    code: 'reason_at_open',
    type: 'choice',
    zh: '开启时的联系原因',
    en: 'Contact reason at open',
    sql: sql`${c.reasonAtOpen}`,
  },
  { code: 'summary', type: 'text', zh: '小结', en: 'Summary', sql: sql`${c.summary}` },
  { code: 'tags', type: 'words', zh: '标签', en: 'Tags', sql: sql`${c.tags}` },
  { code: 'messages', type: 'number', zh: '消息数', en: 'Messages', sql: sql`${c.lastSeq}` },
  {
    code: 'customer_messages',
    type: 'number',
    zh: '客户消息数',
    en: 'Messages of the customer',
    sql: sql`${c.customerCount}`,
  },
  { code: 'opened_at', type: 'instant', zh: '开启时间', en: 'Opened', sql: sql`${c.openedAt}` },
  {
    code: 'last_activity_at',
    type: 'instant',
    zh: '最近动态',
    en: 'Last activity',
    sql: sql`${c.lastActivityAt}`,
  },
  {
    code: 'waiting_since',
    type: 'instant',
    zh: '客户等待自',
    en: 'Customer waits since',
    sql: sql`${c.waitingSince}`,
  },
  {
    code: 'due_at',
    type: 'instant',
    zh: '最近时限',
    en: 'Nearest clock',
    sql: sql`nullif(${c.dueAt}, '9999-12-31T00:00:00Z')`,
  },
  { code: 'replied_at', type: 'instant', zh: '首次回复', en: 'First answered', sql: sql`${c.repliedAt}` },
  { code: 'snoozed_until', type: 'instant', zh: '暂缓至', en: 'Snoozed until', sql: sql`${c.snoozedUntil}` },
  { code: 'is_spam', type: 'boolean', zh: '垃圾消息', en: 'Spam', sql: sql`${c.spamAt} is not null` },
  { code: 'resolved_at', type: 'instant', zh: '解决时间', en: 'Resolved', sql: sql`${c.resolvedAt}` },
  {
    code: 'resolved_by',
    type: 'reference',
    of: 'staff',
    zh: '解决人',
    en: 'Resolved by',
    sql: sql`${c.resolvedBy}`,
  },
  {
    code: 'customer',
    type: 'reference',
    of: 'customer',
    zh: '客户',
    en: 'Customer',
    sql: sql`${c.customerId}`,
  },
  {
    code: 'customer_name',
    type: 'text',
    zh: '客户姓名',
    en: 'Name of the customer',
    sql: ofCustomer('name'),
  },
  {
    code: 'customer_country',
    type: 'text',
    zh: '客户国家',
    en: 'Country of the customer',
    sql: ofCustomer('country'),
  },
  {
    code: 'customer_tags',
    type: 'words',
    zh: '客户标签',
    en: 'Tags of the customer',
    sql: ofCustomer('tags'),
  },
]

const relations: Relation[] = [
  {
    code: 'messages',
    zh: '消息',
    en: 'Messages',
    from: sql`messages where ${messages.conversationId} = ${c.id}`,
    fields: [
      {
        code: 'kind',
        type: 'choice',
        zh: '类别',
        en: 'Kind',
        sql: sql`${messages.kind}`,
        choices: messageKinds,
      },
      { code: 'at', type: 'instant', zh: '时间', en: 'Time', sql: sql`${messages.createdAt}` },
      {
        code: 'author',
        type: 'reference',
        of: 'staff',
        zh: '作者',
        en: 'Author',
        sql: sql`${messages.authorId}`,
      },
      { code: 'text', type: 'text', zh: '内容', en: 'Text', sql: sql`${messages.text}` },
      { code: 'language', type: 'text', zh: '语言', en: 'Language', sql: sql`${messages.language}` },
    ],
  },
  {
    code: 'clocks',
    zh: '时限',
    en: 'Clocks',
    from: sql`clocks where ${clocks.subjectId} = ${c.id}`,
    fields: [
      { code: 'kind', type: 'choice', zh: '类别', en: 'Kind', sql: sql`${clocks.kind}`, choices: clockKinds },
      {
        code: 'is_running',
        type: 'boolean',
        zh: '进行中',
        en: 'Running',
        sql: sql`${clocks.stoppedAt} is null`,
      },
      {
        code: 'due_at',
        type: 'instant',
        zh: '到期',
        en: 'Due',
        sql: sql`nullif(${clocks.dueAt}, '9999-12-31T00:00:00Z')`,
      },
      {
        code: 'paused_for',
        type: 'choice',
        zh: '暂停原因',
        en: 'Paused for',
        sql: sql`${clocks.pauseReason}`,
        choices: pauseReasons,
      },
      { code: 'promise', type: 'text', zh: '承诺内容', en: 'Promise', sql: sql`${clocks.promise}` },
      {
        code: 'policy',
        type: 'text',
        zh: '政策代码',
        en: 'Policy code',
        sql: sql`(select code from clock_policies where clock_policies.id = ${clocks.policyId})`,
      },
      {
        code: 'breached_at',
        type: 'instant',
        zh: '超时时间',
        en: 'Breached',
        sql: sql`${clocks.breachedAt}`,
      },
    ],
  },
  {
    code: 'others',
    zh: '同一客户的其他会话',
    en: 'Other conversations of the customer',
    from: sql`conversations as others where others.customer_id = ${c.customerId} and others.id <> ${c.id}`,
    fields: [
      {
        code: 'category',
        type: 'choice',
        zh: '状态',
        en: 'Status',
        sql: sql`others.category`,
        choices: statusCategories,
      },
      {
        code: 'channel',
        type: 'choice',
        zh: '渠道',
        en: 'Channel',
        sql: sql`others.channel_kind`,
        choices: channelKinds,
      },
      { code: 'reason', type: 'choice', zh: '联系原因', en: 'Contact reason', sql: sql`others.reason` },
      { code: 'opened_at', type: 'instant', zh: '开启时间', en: 'Opened', sql: sql`others.opened_at` },
      { code: 'resolved_at', type: 'instant', zh: '解决时间', en: 'Resolved', sql: sql`others.resolved_at` },
    ],
  },
]

/** What views, automation and reports may ask about a conversation. */
export const conversationFields: FieldsOf[] = [
  {
    record: 'conversation',
    fields,
    relations,
    seen,
    own: { find: ownFieldFor, list: describeOwnFields },
    rows: { table: c, id: c.id, storeId: c.storeId, customerId: c.customerId, conversationId: c.id },
  },
]

function seen(actor: Actor, id: SQL) {
  if (!actor.teamIds) return undefined
  return sql`exists (select from conversations where ${c.id} = ${id} and ${inSightOf(actor)})`
}
