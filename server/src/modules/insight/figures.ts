import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { readerLocale } from '../staff/roles.ts'
import { askFor } from './facts.ts'
import type { Metric } from './metrics/metric.ts'
import { metrics } from './metrics/metrics.ts'
import { targetOn } from './metrics/targets.ts'
import { namesOf } from './naming.ts'
import type { Figure, Question } from './schemas.ts'

const mostCuts = 500
/** So of every metric; see `isNoSpam`. */
const leftOut = { zh: '标为垃圾消息的会话不计。', en: ' What is marked as spam is left out.' }

export async function listMetrics(ctx: Ctx) {
  const locale = await readerLocale(ctx)
  const today = ctx.now.toISOString().slice(0, 10)
  return metrics.map(({ code, names, meaning, unit, shows, days, cuts, isNow = false }) => ({
    ...{ code, unit, shows, days, isNow },
    name: names[locale],
    meaning: meaning[locale] + leftOut[locale],
    cuts: [...cuts],
    target: targetOn(code, today),
  }))
}

/** A figure with its parts, in all and by what it is cut by: the days in order, everything else the greatest first. */
export async function getFigures(ctx: Ctx, question: Question) {
  const { metric, by, dayZone, facts } = await askFor(ctx, question)
  const { rows } = await ctx.db.execute<Sums & { cut: string | null; isTotal: boolean }>(sql`
    with ${facts}
    select cut, grouping(cut) = 1 as "isTotal", count(*)::int as n, coalesce(sum(numerator), 0)::float8 as numerator,
      coalesce(sum(denominator), 0)::float8 as denominator,
      percentile_disc(array[0.5, 0.9, 0.95]) within group (order by numerator) as percentiles,
      count(*) filter (where numerator <= target)::int as "withinTarget", count(target)::int as "withTarget"
    from facts group by grouping sets ((), (cut)) order by ${by === 'day' || by === 'hour' ? sql`cut` : sql`n desc, cut`} limit ${mostCuts + 1}`)
  const total = rows.find(({ isTotal }) => isTotal)!
  const parts = by ? rows.filter(({ isTotal }) => !isTotal) : []
  const name = await namesOf(
    ctx,
    by,
    parts.map(({ cut }) => cut),
  )
  return {
    metric: metric.code,
    ...{ by, dayZone, from: question.from, to: question.to },
    target: targetOn(metric.code, question.to),
    total: figure(metric, total),
    items: parts
      .slice(0, mostCuts)
      .map(part => ({ key: part.cut, name: name(part.cut), ...figure(metric, part) })),
    isMore: parts.length > mostCuts,
  }
}

type Sums = {
  n: number
  numerator: number
  denominator: number
  percentiles: number[] | null
  withinTarget: number
  withTarget: number
}

/** Nothing counted is no figure: null, never 0 %. */
function figure(
  { unit, shows }: Metric,
  { n, numerator, denominator, percentiles, ...target }: Sums,
): Figure {
  const mean = denominator > 0 ? numerator / denominator : null
  const [p50 = null, p90 = null, p95 = null] = unit === 'seconds' && percentiles ? percentiles : []
  const { withinTarget, withTarget } = target
  return {
    ...{ n, numerator, denominator, mean, p50, p90, p95 },
    value: n === 0 ? null : shows === 'count' ? numerator : shows === 'median' ? p50 : mean,
    withinTarget:
      unit === 'seconds' && withTarget > 0
        ? { numerator: withinTarget, denominator: withTarget, value: withinTarget / withTarget }
        : null,
  }
}
