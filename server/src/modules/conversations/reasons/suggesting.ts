import { eq } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { languageOf } from '../../../platform/language.ts'
import { getConversation } from '../conversations.ts'
import { conversations } from '../tables.ts'
import { type Guess, predictor } from './classifier.ts'
import type { ReasonSuggestion } from './schemas.ts'
import { contactReasons, reasonModels } from './tables.ts'
import { firstWords, newest } from './training.ts'

const most = 3
const worthSaying = 0.1
/** The seeds are Chinese and English: of a text in another language only a sure guess is worth saying. */
const taughtLanguages = ['zh', 'en']
const worthSayingElsewhere = 0.6

/**
 * What the customer may be writing about, the likeliest first; nothing is set by it. Empty where nothing is likely
 * enough, and of reasons that are not in use.
 */
export async function suggestReasons(ctx: Ctx, conversationId: string): Promise<ReasonSuggestion[]> {
  const { language } = await getConversation(ctx, conversationId)
  const predict = await currentPredictor(ctx)
  if (!predict) return []
  const [said] = await ctx.db
    .select({ text: firstWords })
    .from(conversations)
    .where(eq(conversations.id, conversationId))
  const text = said!.text
  const spoken = (await languageOf(text)) ?? language ?? 'en'
  const least = taughtLanguages.includes(spoken.slice(0, 2)) ? worthSaying : worthSayingElsewhere
  const likely = predict(text).filter(({ probability }) => probability >= least)
  if (likely.length === 0) return []
  const rows = await ctx.db
    .select({ code: contactReasons.code })
    .from(contactReasons)
    .where(eq(contactReasons.isActive, true))
  const inUse = new Set(rows.map(({ code }) => code))
  return likely.filter(({ reason }) => inUse.has(reason)).slice(0, most)
}

/** One model is in use at a time; it is read again when its id has changed. */
let kept: { id: string; predict: (text: string) => Guess[] } | undefined

async function currentPredictor(ctx: Ctx) {
  const [row] = await ctx.db.select({ id: reasonModels.id }).from(reasonModels).orderBy(newest).limit(1)
  if (!row) return undefined
  if (kept?.id === row.id) return kept.predict
  const [read] = await ctx.db
    .select({ model: reasonModels.model })
    .from(reasonModels)
    .where(eq(reasonModels.id, row.id))
  if (!read) return undefined
  kept = { id: row.id, predict: predictor(read.model) }
  return kept.predict
}
