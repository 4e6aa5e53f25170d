import { and, type SQL, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { invalid } from '../../platform/errors.ts'
import { conditionSql } from '../../platform/filters/compile.ts'
import { type Condition, checkCondition } from '../../platform/filters/conditions.ts'
import { inVisibleStores } from '../conversations/conversations.ts'
import { conversationKind, getSavedView } from '../conversations/saved-views/saved-views.ts'
import { findCompany } from '../settings/company.ts'
import { readerOf } from '../settings/readers.ts'
import { hoursSql, joinHours } from './metrics/hours.ts'
import { type Cut, isNoSpam, type Metric } from './metrics/metric.ts'
import { getMetric } from './metrics/metrics.ts'
import { targetSql } from './metrics/targets.ts'
import type { Question } from './schemas.ts'

const longestDays = 400
const day = 86_400_000

/** A question that can be answered: what it asks for, by whose days, and its rows as SQL named `facts`. */
export type Asked = { metric: Metric; by: Cut | null; dayZone: DayZone; facts: SQL }
export type DayZone = { of: 'store' | 'company'; zone: string | null }

/**
 * The rows behind a figure. What is about people begins its days at the company's midnight, what is about shops at
 * each store's own; one figure never mixes them. A question that the metric cannot answer is refused.
 */
export async function askFor(ctx: Ctx, question: Question): Promise<Asked> {
  const metric = getMetric(question.metric)
  const { by } = question
  const today = ctx.now.toISOString().slice(0, 10)
  const { from, to } = question.isToday ? { from: today, to: today } : question
  const days = (Date.parse(to) - Date.parse(from)) / day + 1
  if (days < 1 || days > longestDays)
    throw invalid('period_impossible', `A period has 1 to ${longestDays} days.`)
  if (by && !metric.cuts.includes(by)) throw invalid('cut_unknown', 'This metric is not cut by that.')
  const company = (await findCompany(ctx))?.zone ?? 'UTC'
  const isOfPeople = metric.days === 'company' || by === 'staff' || by === 'team'
  const dayZone: DayZone = isOfPeople ? { of: 'company', zone: company } : { of: 'store', zone: null }
  const holds = await conditionOf(ctx, question)
  if (metric.rows) {
    if (holds) throw invalid('condition_not_fitting', 'This metric is not about conversations.')
    const period = { from, to, zone: company, now: ctx.now, storeIds: ctx.actor.storeIds }
    const cut =
      by === 'staff'
        ? sql`staff_id::text`
        : by
          ? sql`to_char(at at time zone ${company}, 'YYYY-MM-DD')`
          : null
    return {
      ...{ metric, by, dayZone },
      facts: sql`facts as materialized (select counted.*, null::float8 as target, ${cut ?? sql`null::text`} as cut from (${metric.rows(period)}) as counted)`,
    }
  }
  const zone = isOfPeople ? sql`${company}::text` : sql`stores.zone`
  const { at } = metric
  const hours = metric.usesHours ? sql`${await hoursSql(ctx, new Date(Date.parse(from) - 2 * day))}, ` : sql``
  // The first two say the same as the third, loosely, for the index; no zone is further than 14 hours from UTC.
  const midnight = sql`date_trunc('day', ${ctx.now}::timestamptz at time zone ${zone}) at time zone ${zone}`
  const within = metric.isNow
    ? undefined
    : question.isToday
      ? sql`${at} >= ${ctx.now}::timestamptz - interval '26 hours' and ${at} >= ${midnight}`
      : sql`${at} >= (${from}::date - interval '14 hours') at time zone 'UTC' and ${at} < (${to}::date + interval '38 hours') at time zone 'UTC'
      and ${at} >= ${from}::date::timestamp at time zone ${zone} and ${at} < (${to}::date + 1)::timestamp at time zone ${zone}`
  const facts = sql`${hours}facts as materialized (select ${metric.key} as key, conversations.id as conversation_id,
      ${metric.staff ?? sql`null::uuid`} as staff_id, ${at} as at, ${metric.numerator(ctx)} as numerator, ${metric.denominator ?? sql`1::float8`} as denominator,
      ${targetSql(metric.code, at)} as target, ${by ? cutSql(metric, by, zone) : sql`null::text`} as cut
    from conversations join stores on stores.id = conversations.store_id ${metric.usesHours ? joinHours : sql``} ${metric.joins?.(ctx) ?? sql``}
    where ${and(within, isNoSpam(), metric.where(ctx), inVisibleStores(ctx), holds)})`
  return { metric, by, dayZone, facts }
}

async function conditionOf(ctx: Ctx, { condition, savedViewId }: Question): Promise<SQL | undefined> {
  const kind = conversationKind(ctx)
  const parts: Condition[] = []
  if (condition !== undefined) parts.push(checkCondition(kind, ctx.actor, condition))
  if (savedViewId) parts.push((await getSavedView(ctx, savedViewId)).condition as Condition)
  return parts.length === 0 ? undefined : conditionSql(kind, { all: parts }, await readerOf(ctx))
}

const columns: Partial<Record<Cut, SQL>> = {
  channel_kind: sql`conversations.channel_kind`,
  channel: sql`conversations.channel_id::text`,
  store: sql`conversations.store_id::text`,
  language: sql`conversations.language`,
  team: sql`conversations.team_id::text`,
  queue: sql`conversations.queue_id::text`,
  reason: sql`conversations.reason`,
}

function cutSql(metric: Metric, by: Cut, zone: SQL): SQL {
  if (by === 'day') return sql`to_char(${metric.at} at time zone ${zone}, 'YYYY-MM-DD')`
  if (by === 'hour') return sql`to_char(${metric.at} at time zone ${zone}, 'HH24')`
  if (by === 'staff') return sql`${metric.staff}::text`
  if (by === 'policy') return metric.policy!
  return columns[by]!
}
