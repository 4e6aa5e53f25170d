import { and, asc, eq, isNull, or } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { textChanged } from './events.ts'
import { getStore } from './stores.ts'
import { stores, texts } from './tables.ts'

export const listTexts = (ctx: Ctx, storeId: string | undefined) =>
  ctx.db
    .select()
    .from(texts)
    .where(storeId ? eq(texts.storeId, storeId) : undefined)
    .orderBy(asc(texts.key), asc(texts.locale))

/** An empty text takes the company's wording away, so that the built-in one holds again. */
export async function setText(
  ctx: Ctx,
  key: string,
  { storeId, locale, text }: { storeId: string | null; locale: string; text: string },
) {
  if (storeId) await getStore(ctx, storeId)
  const where = and(
    eq(texts.key, key),
    eq(texts.locale, locale),
    storeId ? eq(texts.storeId, storeId) : isNull(texts.storeId),
  )
  await ctx.db.delete(texts).where(where)
  if (text.trim() !== '')
    await ctx.db.insert(texts).values({ storeId, key, locale, text, createdAt: ctx.now })
  ctx.emit(textChanged, { key })
  ctx.audit('text.set', `text:${key}`, [locale])
  return { storeId, key, locale, text }
}

/**
 * The company's wordings for a customer of this store and locale, each from the nearest that exists: the very
 * locale, its language, the store's own language; and at each of these the store's before the company's.
 */
export async function textsFor(ctx: Ctx, storeId: string, locale: string): Promise<Record<string, string>> {
  const [store] = await ctx.db
    .select({ languages: stores.languages })
    .from(stores)
    .where(eq(stores.id, storeId))
  const own = store?.languages[0] ?? 'en'
  const wanted = [locale, primary(locale), own, primary(own)]
  const rows = await ctx.db
    .select()
    .from(texts)
    .where(or(eq(texts.storeId, storeId), isNull(texts.storeId)))
  const nearest: Record<string, string> = {}
  for (const tag of wanted)
    for (const isOfStore of [true, false])
      for (const row of rows)
        if (row.locale.toLowerCase() === tag.toLowerCase() && (row.storeId !== null) === isOfStore)
          nearest[row.key] ??= row.text
  return nearest
}

const primary = (tag: string) => tag.split('-')[0]!
