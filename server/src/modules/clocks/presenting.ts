import { inArray } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { nextOpening } from '../settings/business-time.ts'
import { storeCalendars } from '../settings/calendars.ts'
import { calendars } from '../settings/tables.ts'
import type { clockPolicies } from './tables.ts'

type PolicyRow = typeof clockPolicies.$inferSelect

const staleAfter = 180 * 86_400_000

export async function presentPolicies(ctx: Ctx, rows: readonly PolicyRow[]) {
  const neverOpens = await findClosed(ctx, rows)
  return rows.map(row => presentPolicy(ctx, row, neverOpens(row)))
}

export const presentPolicy = (
  ctx: Ctx,
  { createdAt: _, windowValue, windowUnit, ringSeconds, ...policy }: PolicyRow,
  neverOpens = false,
) => ({
  ...policy,
  window:
    windowValue && windowUnit
      ? { value: windowValue, unit: windowUnit, ...(ringSeconds !== null && { ringSeconds }) }
      : null,
  isStale: ctx.now.getTime() - Date.parse(policy.verifiedAt) > staleAfter,
  neverOpens,
})

async function findClosed(ctx: Ctx, rows: readonly PolicyRow[]) {
  const ids = rows.flatMap(({ calendarId }) => calendarId ?? [])
  const own = ids.length === 0 ? [] : await ctx.db.select().from(calendars).where(inArray(calendars.id, ids))
  const shops = await storeCalendars(
    ctx,
    rows.flatMap(({ calendar, storeId }) => (calendar === 'store' && storeId ? storeId : [])),
  )
  return ({ calendar, calendarId, storeId }: PolicyRow) => {
    const hours =
      calendar === 'own'
        ? own.find(({ id }) => id === calendarId)
        : calendar === 'store' && storeId
          ? shops.get(storeId)
          : undefined
    return hours !== undefined && nextOpening(hours, ctx.now) === null
  }
}
