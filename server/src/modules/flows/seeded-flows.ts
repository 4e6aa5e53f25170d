import { max } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { Condition } from '../../platform/filters/conditions.ts'
import { getRoleByCode } from '../staff/roles.ts'
import type { Locale } from '../staff/tables.ts'
import { limits } from './limits.ts'
import { flows } from './tables.ts'
import type { Act, Step, Terms } from './terms.ts'

const names: Record<string, Record<Locale, string>> = {
  vip_waits: { zh: 'VIP 客户来信，优先处理', en: 'Put VIPs who write first' },
  breach_escalates: { zh: '时限超时，通知主管', en: 'Call supervisors when a clock is breached' },
  unanswered_hours: { zh: '4 小时无人接手，提醒主管', en: 'Call supervisors after 4 hours without anybody' },
  silence_resolves: { zh: '客户 7 天未回复，自动解决', en: 'Resolve after 7 days of silence' },
  thanks_after_resolving: { zh: '解决后致谢', en: 'Thank the customer after resolving' },
}

/** What a new house starts with speaks the reader's language until somebody gives it another name. */
export const seededName = ({ seed, name }: { seed: string | null; name: string }, locale: Locale) =>
  seed && names[seed]?.en === name ? names[seed][locale] : name

/** All off, to be looked at, changed and switched on; repeated at every start without effect. */
export async function seedFlows(ctx: Ctx) {
  const supervisors = (await getRoleByCode(ctx, 'supervisor')).id
  const drafts = draftsFor(supervisors)
  const [last] = await ctx.db.select({ position: max(flows.position) }).from(flows)
  await ctx.db
    .insert(flows)
    .values(
      Object.entries(drafts).map(([seed, draft], n) => ({
        ...{ seed, draft, name: names[seed]!.en, record: 'conversation' },
        position: (last!.position ?? 0) + n + 1,
        createdAt: ctx.now,
      })),
    )
    .onConflictDoNothing({ target: flows.seed })
}

const act = (code: string, params: Record<string, unknown>): Act => ({
  do: 'act',
  action: { code, params },
  ifRefused: 'go_on',
})
const thank = (text: string) => act('reply', { text, afterwards: 'resolve' })

function draftsFor(supervisors: string): Record<string, Terms> {
  const call = (text: string) => act('notify', { roleIds: [supervisors], text })
  return {
    vip_waits: flow(
      { code: 'customer_wrote', params: {} },
      { field: 'customer_tags', is: 'has_any', value: ['VIP', 'vip'] },
      [act('add_tags', { tags: ['VIP'] }), act('set_priority', { priority: 'high' })],
    ),
    breach_escalates: flow(
      { code: 'clock_breached', params: { kinds: ['first_response', 'next_response'] } },
      { field: 'category', is: 'not_in', value: ['resolved', 'closed'] },
      [act('set_priority', { priority: 'urgent' }), call('时限已超时 · A clock is breached')],
    ),
    unanswered_hours: flow(
      { code: 'elapsed', params: { field: 'waiting_since', hours: 4 } },
      { field: 'assignee', is: 'is_empty' },
      [
        act('set_priority', { priority: 'high' }),
        call('客户已等待 4 小时 · The customer has waited for 4 hours'),
      ],
    ),
    silence_resolves: flow(
      { code: 'changed', params: { fields: ['category'] } },
      { field: 'category', is: 'in', value: ['waiting_customer'] },
      [
        { do: 'wait', n: 7, unit: 'days', orUntil: 'customer_wrote', onlyIfStill: true },
        act('set_status', { category: 'resolved' }),
      ],
    ),
    thanks_after_resolving: flow(
      { code: 'resolved', params: {} },
      {
        all: [
          { field: 'category', is: 'in', value: ['resolved'] },
          { field: 'replied_at', is: 'is_set' },
        ],
      },
      [
        { do: 'wait', n: 10, unit: 'minutes', orUntil: null, onlyIfStill: true },
        {
          do: 'branch',
          if: { field: 'language', is: 'starts_with', value: 'zh' },
          yes: [thank('感谢您的来信。如还有其他问题，直接回复即可。')],
          no: [thank('Thank you for writing to us. If anything else comes up, simply answer here.')],
        },
      ],
    ),
  }
}

const flow = (trigger: Terms['trigger'], condition: Condition, steps: Step[]): Terms => ({
  ...{ trigger, condition, steps, stopsOthers: false },
  limits: {
    perHour: limits.perHour.usual,
    sendsPerHour: limits.sendsPerHour.usual,
    perRecordHour: limits.perRecordHour.usual,
  },
})
