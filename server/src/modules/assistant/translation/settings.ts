import { eq, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { assertSeesStores } from '../../staff/roles.ts'
import { translationSettingsChanged } from '../events.ts'
import { spentToday } from './budget.ts'
import type { TranslationSettingsChange } from './schemas.ts'
import { translationSettings } from './tables.ts'

export async function getTranslationSettings(ctx: Ctx) {
  const [row] = await ctx.db.select().from(translationSettings)
  return row!
}

export const seedTranslationSettings = async (ctx: Ctx) => {
  await ctx.db.insert(translationSettings).values({}).onConflictDoNothing()
}

export async function showTranslationSettings(ctx: Ctx) {
  const { currency, dailyBudgetMicros, isAutomatic } = await getTranslationSettings(ctx)
  return { currency, dailyBudgetMicros, isAutomatic, todayMicros: await spentToday(ctx) }
}

export async function changeTranslationSettings(ctx: Ctx, change: TranslationSettingsChange) {
  assertSeesStores(ctx.actor, null)
  const changed = Object.keys(change)
  if (changed.length > 0) {
    await ctx.db.update(translationSettings).set(change)
    ctx.emit(translationSettingsChanged, {})
    ctx.audit('translation.changed', 'translation', changed)
  }
  return showTranslationSettings(ctx)
}

/** Whether anybody could be asked at all, and whether it is asked before a person wants it. */
export async function translationService(ctx: Ctx) {
  const { rows } = await ctx.db.execute<{ isSetUp: boolean; isAutomatic: boolean }>(sql`
    select exists (select from translation_providers where is_active and archived_at is null) as "isSetUp",
      coalesce((select is_automatic from translation_settings), true) as "isAutomatic"`)
  return rows[0]!
}

/** What was translated by the terms of before is not right any more. */
export const moveGlossary = (ctx: Ctx) =>
  ctx.db
    .update(translationSettings)
    .set({ glossaryVersion: sql`${translationSettings.glossaryVersion} + 1` })
    .where(eq(translationSettings.isOnly, true))
