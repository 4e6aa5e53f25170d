import type { ClockPolicy, NewPolicy } from './api.ts'
import { plainWindow, type WindowUnit } from './window.ts'

export type EscalationValues = {
  when: 'fraction' | 'after'
  amount: number
  do: 'notify' | 'raise_priority' | 'reassign' | 'note'
  whom?: 'assignee' | 'team' | 'supervisors'
  to?: 'high' | 'urgent'
  teamId?: string | null
  mentionId?: string
  text?: string
}

/** A policy as its form has it: percentages instead of fractions, nothing nested that is optional. */
export type PolicyValues = Pick<
  ClockPolicy,
  | 'code'
  | 'kind'
  | 'channel'
  | 'sites'
  | 'trigger'
  | 'calendar'
  | 'stopsOn'
  | 'pausesOn'
  | 'onExpiry'
  | 'severity'
  | 'source'
  | 'verifiedAt'
> & {
  names: { zh?: string; en?: string }
  storeId?: string | null
  window: { value: number; unit: WindowUnit; ringSeconds?: number }
  calendarId?: string | null
  country?: string | null
  zone?: string | null
  weekendDueAt?: string | null
  pauseCapHours?: number | null
  warnAt: string[]
  escalations: EscalationValues[]
  target: { percent?: number | null; lookbackDays?: number | null }
  sourceUrl?: string | null
}

export const freshPolicy = (today: string): Partial<PolicyValues> => ({
  kind: 'first_response',
  channel: 'web_chat',
  sites: [],
  trigger: 'oldest_unanswered_message',
  window: { value: 5, unit: 'minute' },
  calendar: 'store',
  stopsOn: ['human_reply', 'mark_spam', 'resolved'],
  pausesOn: [],
  warnAt: ['50', '75', '90'],
  escalations: [],
  onExpiry: 'metric_miss',
  severity: 2,
  target: {},
  verifiedAt: today,
})

export const valuesOf = (policy: ClockPolicy, today: string): PolicyValues => ({
  ...policy,
  window: (policy.window ? plainWindow(policy.window) : {}) as PolicyValues['window'],
  warnAt: policy.warnAt.map(part => String(Math.round(part * 100))),
  escalations: policy.escalations.map(({ at, ...step }) => ({
    ...('fraction' in at
      ? { when: 'fraction' as const, amount: Math.round(at.fraction * 100) }
      : { when: 'after' as const, amount: at.minutesAfterBreach }),
    ...step,
  })),
  target: policy.target
    ? { percent: Math.round(policy.target.value * 100), lookbackDays: policy.target.lookbackDays }
    : {},
  verifiedAt: today,
})

export function policyOf(values: PolicyValues, before: ClockPolicy | undefined): NewPolicy {
  const { names, window, target, warnAt, escalations, calendar, ...rest } = values
  const isOwn = calendar === 'own'
  const isByCountry = isOwn && !values.calendarId
  return {
    ...rest,
    calendar,
    names: { zh: names.zh || names.en || '', en: names.en || names.zh || '' },
    storeId: values.storeId ?? null,
    window:
      values.kind === 'promise'
        ? null
        : {
            value: window.value,
            unit: window.unit,
            ...(window.unit === 'ring' && { ringSeconds: window.ringSeconds ?? 6 }),
          },
    calendarId: isOwn ? (values.calendarId ?? null) : null,
    country: isByCountry ? (values.country ?? null) : null,
    zone: values.zone || null,
    weekendDueAt: values.weekendDueAt || null,
    pauseCapHours: values.pausesOn.length > 0 ? (values.pauseCapHours ?? null) : null,
    warnAt: warnAt.map(part => Number(part) / 100),
    escalations: escalations.map(toEscalation),
    target:
      target.percent && target.lookbackDays
        ? {
            ...(before?.target ?? { metric: 'reply_rate', op: '>=' as const }),
            value: target.percent / 100,
            lookbackDays: target.lookbackDays,
          }
        : null,
    sourceUrl: values.sourceUrl || null,
  }
}

type Escalation = NonNullable<NewPolicy['escalations']>[number]

function toEscalation({ when, amount, ...step }: EscalationValues): Escalation {
  const at = when === 'fraction' ? { fraction: amount / 100 } : { minutesAfterBreach: amount }
  if (step.do === 'notify') return { at, do: 'notify', whom: step.whom ?? 'assignee' }
  if (step.do === 'raise_priority') return { at, do: 'raise_priority', to: step.to ?? 'high' }
  if (step.do === 'reassign') return { at, do: 'reassign', teamId: step.teamId ?? null }
  return { at, do: 'note', mentionId: step.mentionId ?? '', text: step.text ?? '' }
}
