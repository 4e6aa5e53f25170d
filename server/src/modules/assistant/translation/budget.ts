import { and, asc, eq, gte, lte, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import type { Usage } from './provider.ts'
import type { Price } from './schemas.ts'
import {
  type purposes,
  translationCosts,
  translationDays,
  translationProviders,
  translationSettings,
} from './tables.ts'

export type Purpose = (typeof purposes)[number]
type Rates = Pick<Price, 'perMillionCharacters' | 'perMillionInputTokens' | 'perMillionOutputTokens'>

/** In millionths of the currency, rounded up. */
export const costOf = ({ characters, inputTokens, outputTokens }: Usage, price: Rates) =>
  Math.ceil(
    (characters * price.perMillionCharacters +
      inputTokens * price.perMillionInputTokens +
      outputTokens * price.perMillionOutputTokens) /
      1_000_000,
  )

/**
 * Sets money of today aside before a service is asked; null where the day has not enough left. What is never
 * settled, because the process died, stays spent.
 */
export async function reserve(ctx: Ctx, micros: number): Promise<string | null> {
  const day = await today(ctx)
  await ctx.db.insert(translationDays).values({ day }).onConflictDoNothing()
  const budget = sql`(select ${translationSettings.dailyBudgetMicros} from ${translationSettings})`
  const [row] = await ctx.db
    .update(translationDays)
    .set({ micros: sql`${translationDays.micros} + ${micros}` })
    .where(and(eq(translationDays.day, day), sql`${translationDays.micros} + ${micros} <= ${budget}`))
    .returning({ day: translationDays.day })
  return row?.day ?? null
}

type Spending = {
  day: string
  reserved: number
  micros: number
  usage: Usage
  providerId: string
  purpose: Purpose
  from: string | null
  to: string
}

/** Puts what it did cost in the place of what was set aside. */
export async function settle(ctx: Ctx, { day, reserved, micros, usage, ...what }: Spending) {
  const over = micros - reserved
  if (over !== 0)
    await ctx.db
      .update(translationDays)
      .set({ micros: sql`${translationDays.micros} + ${over}` })
      .where(eq(translationDays.day, day))
  const { characters, inputTokens, outputTokens } = usage
  if (micros === 0 && characters + inputTokens + outputTokens === 0) return
  const added = { requests: 1, characters, inputTokens, outputTokens, micros }
  const columns = Object.keys(added) as (keyof typeof added)[]
  await ctx.db
    .insert(translationCosts)
    .values({
      day,
      providerId: what.providerId,
      purpose: what.purpose,
      fromLanguage: what.from ?? '',
      toLanguage: what.to,
      ...added,
    })
    .onConflictDoUpdate({
      target: [
        translationCosts.day,
        translationCosts.providerId,
        translationCosts.purpose,
        translationCosts.fromLanguage,
        translationCosts.toLanguage,
      ],
      set: Object.fromEntries(
        columns.map(column => [column, sql`${translationCosts[column]} + ${added[column]}`]),
      ),
    })
}

export async function spentToday(ctx: Ctx) {
  const [row] = await ctx.db
    .select({ micros: translationDays.micros })
    .from(translationDays)
    .where(eq(translationDays.day, await today(ctx)))
  return row?.micros ?? 0
}

/** By day, service, purpose and direction; and how much of the drafts people changed before they sent them. */
export async function listCosts(ctx: Ctx, { from, to }: { from: string; to: string }) {
  const rows = await ctx.db
    .select({ cost: translationCosts, name: translationProviders.name })
    .from(translationCosts)
    .innerJoin(translationProviders, eq(translationProviders.id, translationCosts.providerId))
    .where(and(gte(translationCosts.day, from), lte(translationCosts.day, to)))
    .orderBy(sql`${translationCosts.day} desc`, asc(translationProviders.position))
    .limit(2_000)
  const edits = await ctx.db.execute<{
    provider: string
    to: string
    replies: number
    draftChars: number
    editedChars: number
  }>(sql`
    select original ->> 'provider' as provider, original ->> 'to' as "to", count(*)::int as replies,
      sum((original ->> 'draftChars')::int)::int as "draftChars",
      sum((original ->> 'editedChars')::int)::int as "editedChars"
    from messages, (select coalesce((select zone from company), 'UTC') as zone) as clock
    where original ->> 'draftChars' is not null
      and created_at >= ${from}::date::timestamp at time zone zone
      and created_at < (${to}::date + 1)::timestamp at time zone zone
    group by 1, 2 order by 3 desc, 1, 2 limit 200`)
  const [settings] = await ctx.db.select().from(translationSettings)
  return {
    currency: settings!.currency,
    items: rows.map(({ cost: { providerId, fromLanguage, toLanguage, ...cost }, name }) => ({
      ...cost,
      provider: { id: providerId, name },
      from: fromLanguage,
      to: toLanguage,
    })),
    edits: edits.rows,
  }
}

async function today(ctx: Ctx): Promise<string> {
  const { rows } = await ctx.db.execute<{ day: string }>(
    sql`select to_char(${ctx.now}::timestamptz at time zone coalesce((select zone from company), 'UTC'), 'YYYY-MM-DD') as day`,
  )
  return rows[0]!.day
}
