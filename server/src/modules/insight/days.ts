import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { findCompany } from '../settings/company.ts'
import type { Availability } from '../staff/tables.ts'
import { askFor } from './facts.ts'
import { getFigures } from './figures.ts'
import { namesOf } from './naming.ts'
import type { WorkDays } from './schemas.ts'

const topReasons = 5
const hours = 24

/** What each colleague's day was: when he was there, what he answered and resolved, how quickly and of what. */
export async function listDays(ctx: Ctx, date: string): Promise<WorkDays> {
  const zone = (await findCompany(ctx))?.zone ?? 'UTC'
  const { rows: bounds } = await ctx.db.execute<{ from: string; to: string }>(sql`
    select ${date}::date::timestamp at time zone ${zone} as from, (${date}::date + 1)::timestamp at time zone ${zone} as to`)
  const day = { from: new Date(bounds[0]!.from), to: new Date(bounds[0]!.to) }
  const question = { from: date, to: date, by: 'staff' as const, isToday: false }
  const figuresOf = async (metric: string) =>
    new Map(
      (await getFigures(ctx, { ...question, metric })).items.map(({ key, name: _, ...figure }) => [
        key,
        figure,
      ]),
    )
  const [response, firstResponse, resolution, handling, occupancy] = await Promise.all(
    ['response', 'first_response', 'resolution', 'handling', 'occupancy'].map(figuresOf),
  )
  const spans = await spansOf(ctx, day)
  const answers = await answersOf(ctx, date, zone)
  const ids = new Set(
    [response!, firstResponse!, resolution!, spans, answers].flatMap(some => [...some.keys()]),
  )
  const known = [...ids].filter(id => id !== null)
  const name = await namesOf(ctx, 'staff', known)
  const codes = [...answers.values()].flatMap(({ reasons }) => [...reasons.keys()])
  const reasonName = await namesOf(ctx, 'reason', [...new Set(codes)])
  const items = known.flatMap(id => {
    const own = spans.get(id) ?? []
    const answered = answers.get(id)
    const called = name(id)
    if (called === null) return []
    return {
      staff: { id, name: called },
      spans: own,
      onlineSeconds: secondsIn(own, ['online', 'busy']),
      awaySeconds: secondsIn(own, ['away']),
      answers: answered?.byHour ?? Array<number>(hours).fill(0),
      response: response!.get(id) ?? null,
      firstResponse: firstResponse!.get(id) ?? null,
      resolution: resolution!.get(id) ?? null,
      handling: handling!.get(id) ?? null,
      occupancy: occupancy!.get(id) ?? null,
      conversations: answered?.conversations.size ?? 0,
      reasons: [...(answered?.reasons ?? [])]
        .sort(([a, n], [b, m]) => m - n || (a ?? '').localeCompare(b ?? ''))
        .slice(0, topReasons)
        .map(([code, n]) => ({ code, n, name: reasonName(code) })),
    }
  })
  return { date, zone, ...day, items: items.sort((a, b) => a.staff.name.localeCompare(b.staff.name)) }
}

type Span = WorkDays['items'][number]['spans'][number]

/** Where somebody was through the day, as far as the log says and time has gone; of those the actor shares a store with. */
async function spansOf(ctx: Ctx, day: { from: Date; to: Date }): Promise<Map<string, Span[]>> {
  const { storeIds } = ctx.actor
  const seen =
    storeIds === 'all'
      ? sql`true`
      : sql`(s.store_ids is null or s.store_ids && ${sql.param([...storeIds])}::uuid[])`
  const { rows } = await ctx.db.execute<{
    staffId: string
    state: Availability
    reason: string | null
    from: string
    to: string
  }>(sql`
    with log as (select l.staff_id, l.state, l.reason, l.at, lead(l.at) over (partition by l.staff_id order by l.at, l.id) as until
      from availability_log l join staff s on s.id = l.staff_id and ${seen}
      where l.at < ${day.to} and l.at >= ${day.from}::timestamptz - interval '7 days')
    select staff_id as "staffId", state, reason, greatest(at, ${day.from}::timestamptz) as from,
      least(coalesce(until, ${day.to}::timestamptz), ${day.to}::timestamptz, ${ctx.now}::timestamptz) as to
    from log where coalesce(until, ${day.to}::timestamptz) > ${day.from} and greatest(at, ${day.from}::timestamptz) < ${ctx.now} order by at`)
  const spans = rows.map(({ from, to, ...span }) => ({ ...span, from: new Date(from), to: new Date(to) }))
  const byStaff = Map.groupBy(spans, ({ staffId }) => staffId)
  return new Map(
    [...byStaff]
      .filter(([, own]) => own.some(({ state }) => state !== 'offline'))
      .map(([id, own]) => [id, own.map(({ staffId: _, ...span }) => span)]),
  )
}

const secondsIn = (spans: readonly Span[], states: readonly Availability[]) =>
  Math.round(
    spans
      .filter(({ state }) => states.includes(state))
      .reduce((sum, { from, to }) => sum + (to.getTime() - from.getTime()), 0) / 1_000,
  )

type Answers = { byHour: number[]; conversations: Set<string>; reasons: Map<string | null, number> }

async function answersOf(ctx: Ctx, date: string, zone: string): Promise<Map<string, Answers>> {
  const { facts } = await askFor(ctx, {
    ...{ metric: 'response', from: date, to: date, by: 'staff', isToday: false },
  })
  const { rows } = await ctx.db.execute<{
    staffId: string
    id: string
    reason: string | null
    hour: number
    n: number
  }>(sql`
    with ${facts} select facts.staff_id as "staffId", c.id, c.reason, extract(hour from at at time zone ${zone})::int as hour, count(*)::int as n
    from facts join conversations c on c.id = conversation_id group by 1, 2, 3, 4`)
  const all = new Map<string, Answers>()
  for (const { staffId, id, reason, hour, n } of rows) {
    const own = all.get(staffId) ?? {
      byHour: Array<number>(hours).fill(0),
      conversations: new Set(),
      reasons: new Map(),
    }
    all.set(staffId, own)
    own.byHour[hour]! += n
    if (!own.conversations.has(id)) own.reasons.set(reason, (own.reasons.get(reason) ?? 0) + 1)
    own.conversations.add(id)
  }
  return all
}
