import { and, eq, gt, isNotNull, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { translationSettingsChanged } from '../events.ts'
import type { ProviderFailure } from './provider.ts'
import type { ProviderRow } from './providers.ts'
import { translationProviders } from './tables.ts'

const second = 1_000
const enoughFailures = 3
const firstPause = 30 * second
const longestPause = 10 * 60 * second
const quotaPause = 60 * 60 * second
const trialFor = 30 * second

/** Whether a service may be asked now. When its pause is over, one of all processes tries it for the others. */
export async function admit(ctx: Ctx, { id, pausedUntil }: ProviderRow): Promise<boolean> {
  if (pausedUntil === null) return true
  if (pausedUntil > ctx.now) return false
  const [first] = await ctx.db
    .update(translationProviders)
    .set({ pausedUntil: new Date(ctx.now.getTime() + trialFor) })
    .where(and(eq(translationProviders.id, id), eq(translationProviders.pausedUntil, pausedUntil)))
    .returning({ id: translationProviders.id })
  return first !== undefined
}

export async function noteSuccess(ctx: Ctx, id: string) {
  const [mended] = await ctx.db
    .update(translationProviders)
    .set({ failures: 0, pausedUntil: null, failure: null, failedAt: null })
    .where(
      and(
        eq(translationProviders.id, id),
        or(gt(translationProviders.failures, 0), isNotNull(translationProviders.pausedUntil)),
      ),
    )
    .returning({ id: translationProviders.id })
  if (mended) ctx.emit(translationSettingsChanged, {})
}

/** Pauses a service: for as long as it says, for an hour where its quota is used up, else after several failures. */
export async function noteFailure(ctx: Ctx, id: string, failure: ProviderFailure) {
  const [row] = await ctx.db
    .update(translationProviders)
    .set({ failures: sql`${translationProviders.failures} + 1`, failure: failure.code, failedAt: ctx.now })
    .where(eq(translationProviders.id, id))
    .returning({ failures: translationProviders.failures })
  const pause = pauseAfter(failure, row?.failures ?? 0)
  if (pause > 0)
    await ctx.db
      .update(translationProviders)
      .set({ pausedUntil: new Date(ctx.now.getTime() + pause) })
      .where(eq(translationProviders.id, id))
  ctx.emit(translationSettingsChanged, {})
}

function pauseAfter({ code, retryAfterSeconds }: ProviderFailure, failures: number) {
  if (code === 'quota') return quotaPause
  if (code === 'key_refused' || code === 'not_allowed') return longestPause
  if (code === 'busy' && retryAfterSeconds !== undefined)
    return Math.min(Math.max(retryAfterSeconds, 1) * second, longestPause)
  if (failures < enoughFailures) return 0
  return Math.min(firstPause * 2 ** Math.min(failures - enoughFailures, 10), longestPause)
}
