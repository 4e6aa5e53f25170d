import { createHash } from 'node:crypto'
import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { messageTranslations, translationProviders, translations } from './tables.ts'

export type Kept = typeof translations.$inferSelect & { providerName: string }

type Keyed = {
  text: string
  from: string | null
  to: string
  providerId: string
  model: string | null
  glossaryVersion: number
}

export const keyOf = ({ text, from, to, providerId, model, glossaryVersion }: Keyed) =>
  createHash('sha256')
    .update(JSON.stringify([text, from, to, providerId, model, glossaryVersion]))
    .digest('base64url')

export async function findKept(ctx: Ctx, keys: readonly string[]): Promise<Map<string, Kept>> {
  const rows = await ctx.db
    .select({ kept: translations, providerName: translationProviders.name })
    .from(translations)
    .innerJoin(translationProviders, eq(translationProviders.id, translations.providerId))
    .where(inArray(translations.key, [...new Set(keys)]))
  return new Map(rows.map(({ kept, providerName }) => [kept.key, { ...kept, providerName }]))
}

export const keep = (ctx: Ctx, kept: readonly Kept[]) =>
  ctx.db
    .insert(translations)
    .values(kept.map(({ providerName: _, ...row }) => row))
    .onConflictDoNothing()

/**
 * Forgets what was translated of messages that are erased, and the kept texts that no other message has. A text that
 * many customers wrote alike stays as long as one of their messages does.
 */
export async function forgetTranslations(ctx: Ctx, messageIds: readonly string[]) {
  const gone = await ctx.db
    .delete(messageTranslations)
    .where(inArray(messageTranslations.messageId, [...messageIds]))
    .returning({ key: messageTranslations.key })
  const keys = gone.flatMap(({ key }) => key ?? [])
  if (keys.length > 0) await ctx.db.delete(translations).where(and(inArray(translations.key, keys), isOrphan))
}

const isOrphan = sql`not exists (select from message_translations where message_translations.key = ${translations.key})`

const day = 86_400_000
const atOnce = 500

/** Drafts that were never sent, and what else no message names: after a day nobody needs them. */
export async function forgetOrphans(ctx: Ctx) {
  const old = ctx.db
    .select({ key: translations.key })
    .from(translations)
    .where(and(lt(translations.at, new Date(ctx.now.getTime() - day)), isOrphan))
    .limit(atOnce)
  const gone = await ctx.db
    .delete(translations)
    .where(inArray(translations.key, old))
    .returning({ key: translations.key })
  return gone.length === atOnce
}
