import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { assertSeesStores } from '../staff/roles.ts'
import { textChanged } from './events.ts'
import type { NewText, TextKey } from './schemas.ts'
import { getStore } from './stores.ts'
import { company, stores, texts } from './tables.ts'

/** One store's own wordings, or the company's and those of every store the actor sees. */
export async function listTexts(ctx: Ctx, storeId: string | undefined) {
  if (storeId) await getStore(ctx, storeId)
  const { storeIds } = ctx.actor
  const visible =
    storeIds === 'all' ? undefined : or(isNull(texts.storeId), inArray(texts.storeId, [...storeIds]))
  return ctx.db
    .select()
    .from(texts)
    .where(storeId ? eq(texts.storeId, storeId) : visible)
    .orderBy(asc(texts.key), asc(texts.locale), asc(texts.id))
}

/** An empty text takes the company's wording away, so that the built-in one holds again. */
export async function setText(ctx: Ctx, key: TextKey, { storeId, text, ...input }: NewText) {
  if (storeId) await getStore(ctx, storeId)
  else assertSeesStores(ctx.actor, null)
  const locale = canonical(input.locale)
  const worded = { storeId, key, locale, text: text.trim() === '' ? '' : text }
  if (worded.text === '')
    await ctx.db
      .delete(texts)
      .where(
        and(
          eq(texts.key, key),
          eq(texts.locale, locale),
          storeId ? eq(texts.storeId, storeId) : isNull(texts.storeId),
        ),
      )
  else
    await ctx.db
      .insert(texts)
      .values({ ...worded, createdAt: ctx.now })
      .onConflictDoUpdate({ target: [texts.storeId, texts.key, texts.locale], set: { text } })
  ctx.emit(textChanged, { key, storeId })
  ctx.audit('text.set', `text:${key}`, [locale])
  return worded
}

/**
 * The company's wordings for a customer of this store and locale, each from the nearest that exists: the very
 * locale (zh-Hant-TW), what is left of it without its last parts (zh-Hant, zh: RFC 4647 §3.4), the store's first
 * language, the company's; and at each of these the store's own before the one for all stores.
 */
export async function textsFor(ctx: Ctx, storeId: string, locale: string): Promise<Record<string, string>> {
  const rows = await ctx.db
    .select({ own: stores.languages, house: company.locale, text: texts })
    .from(stores)
    .leftJoin(company, eq(company.isOnly, true))
    .innerJoin(texts, or(eq(texts.storeId, stores.id), isNull(texts.storeId)))
    .where(eq(stores.id, storeId))
  const [first] = rows
  if (!first) return {}
  const tags = [locale, first.own[0] ?? '', first.house ?? ''].flatMap(fallbacks)
  const distance = ({ text }: (typeof rows)[number]) => {
    const place = tags.indexOf(text.locale.toLowerCase())
    return place < 0 ? Number.POSITIVE_INFINITY : 2 * place + (text.storeId ? 0 : 1)
  }
  const usable = rows.filter(row => distance(row) < Number.POSITIVE_INFINITY)
  const farthestFirst = usable.sort((a, b) => distance(b) - distance(a))
  return Object.fromEntries(farthestFirst.map(({ text }) => [text.key, text.text]))
}

function fallbacks(tag: string): string[] {
  const parts = tag.toLowerCase().split('-')
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'))
}

const canonical = (tag: string) => Intl.getCanonicalLocales(tag)[0]!
