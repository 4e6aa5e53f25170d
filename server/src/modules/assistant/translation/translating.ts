import { system } from '../../../platform/context.ts'
import { languageOf } from '../../../platform/language.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { providers } from './adapters.ts'
import { admit, noteFailure, noteSuccess } from './breaker.ts'
import { costOf, type Purpose, reserve, settle } from './budget.ts'
import { findKept, type Kept, keep, keyOf } from './cache.ts'
import { termsFor } from './glossary.ts'
import {
  hasWords,
  isSaneLength,
  missingTerms,
  type Protected,
  protect,
  restore,
  type Term,
  termsIn,
} from './pieces.ts'
import { type Answered, type Asked, noUsage, ProviderFailure } from './provider.ts'
import { activeProviders, openKey, type PriceRow, type ProviderRow } from './providers.ts'
import { getTranslationSettings } from './settings.ts'
import { takeTurn } from './turns.ts'

export const untranslatedReasons = [
  'no_service',
  'no_service_for_pair',
  'same_language',
  'unknown_language',
  'no_words',
  'too_long',
  'budget',
  'paused',
  'failed',
  'unsafe_answer',
] as const
export type UntranslatedReason = (typeof untranslatedReasons)[number]

export type Outcome =
  | { state: 'done'; kept: Kept }
  | { state: 'untranslated'; from: string | null; reason: UntranslatedReason }

type Wish = {
  texts: readonly { text: string; from: string | null }[]
  to: string
  purpose: Purpose
  context?: string
  timeoutMs?: number
}

const longestText = 20_000
const usualTimeoutMs = 20_000

/**
 * Each text in another language, or why not. What was paid for before is taken from where it is kept; else the
 * services are asked in order until one gives an answer that may be believed. It runs outside of any transaction,
 * for it waits for others.
 */
export async function translate(place: Workplace, wish: Wish): Promise<Outcome[]> {
  const known = await Promise.all(
    wish.texts.map(async ({ text, from }) => ({
      text: text.toWellFormed(),
      from: from ?? (await languageOf(text)),
    })),
  )
  const outcomes: (Outcome | undefined)[] = known.map(() => undefined)
  const places = known.map((one, at) => ({ ...one, at }))
  for (const [from, group] of Map.groupBy(places, one => one.from)) {
    const found = await translateFrom(
      place,
      wish,
      from,
      group.map(({ text }) => text),
    )
    for (const [n, { at }] of group.entries()) outcomes[at] = found[n]
  }
  return outcomes as Outcome[]
}

async function translateFrom(
  place: Workplace,
  { to, purpose, context = '', timeoutMs = usualTimeoutMs }: Wish,
  from: string | null,
  texts: string[],
): Promise<Outcome[]> {
  const no = (reason: UntranslatedReason): Outcome => ({ state: 'untranslated', from, reason })
  if (from === to) return texts.map(() => no('same_language'))
  const ctx = lookingContext(place, system)
  const all = await activeProviders(ctx)
  const suited = all.filter(({ provider }) => suits(provider, from, to))
  if (suited.length === 0) return texts.map(() => no(all.length === 0 ? 'no_service' : 'no_service_for_pair'))
  const { glossaryVersion } = await getTranslationSettings(ctx)
  const terms = await termsFor(ctx, from, to)

  const outcomes = texts.map((text): Outcome | undefined => {
    if (text.length > longestText) return no('too_long')
    return hasWords(protect(text, []).pieces) ? undefined : no('no_words')
  })
  const keyFor = (provider: ProviderRow, text: string) =>
    keyOf({ text, from, to, providerId: provider.id, model: provider.model, glossaryVersion })

  const keys = suited.flatMap(({ provider }) => texts.map(text => keyFor(provider, text)))
  const kept = await findKept(ctx, keys)
  const open = () =>
    texts
      .keys()
      .filter(at => outcomes[at] === undefined)
      .toArray()
  for (const at of open()) {
    const found = suited.map(({ provider }) => kept.get(keyFor(provider, texts[at]!))).find(Boolean)
    if (found) outcomes[at] = { state: 'done', kept: found }
  }

  let reason: UntranslatedReason = 'paused'
  for (const { provider, price } of suited) {
    const places = open()
    if (places.length === 0) break
    const asking = places.map(at => texts[at]!)
    const asked = await ask(place, {
      provider,
      price,
      texts: asking,
      from,
      to,
      terms,
      context,
      purpose,
      timeoutMs,
    })
    if (typeof asked === 'string') {
      // What a service says weighs more than that another one rests.
      if (asked !== 'paused') reason = asked
      continue
    }
    const cost = Math.ceil(asked.micros / asking.length)
    const good: Kept[] = []
    for (const [n, at] of places.entries()) {
      const text = asked.texts[n]
      if (text === null || text === undefined) continue
      const one: Kept = {
        key: keyFor(provider, texts[at]!),
        text,
        fromLanguage: from ?? asked.languages[n] ?? null,
        toLanguage: to,
        providerId: provider.id,
        providerName: provider.name,
        missingTerms: missingTerms(texts[at]!, text, terms),
        micros: cost,
        at: place.clock.now(),
      }
      good.push(one)
      outcomes[at] = { state: 'done', kept: one }
    }
    if (good.length > 0) await transact(place, system, ctx => keep(ctx, good))
    if (good.length < places.length) reason = 'unsafe_answer'
  }
  return outcomes.map(outcome => outcome ?? no(reason))
}

const suits = ({ fromLanguages, toLanguages }: ProviderRow, from: string | null, to: string) =>
  (fromLanguages.length === 0 || (from !== null && fromLanguages.includes(from))) &&
  (toLanguages.length === 0 || toLanguages.includes(to))

type Request = {
  provider: ProviderRow
  price: PriceRow
  texts: string[]
  from: string | null
  to: string
  terms: readonly Term[]
  context: string
  purpose: Purpose
  timeoutMs: number
}

/** One service, asked once: what came back, checked text by text (null for what may not be believed), or why nothing did. */
export async function ask(
  place: Workplace,
  request: Request,
): Promise<
  | { texts: (string | null)[]; languages: (string | null)[]; micros: number }
  | Extract<UntranslatedReason, 'paused' | 'budget' | 'failed'>
> {
  const { provider, price, from, to, purpose, timeoutMs } = request
  const adapter = providers[provider.kind]
  const { asked, guarded } = prepare(request, adapter.takesGlossary)
  const turn = await takeTurn(place, provider.id, provider.atOnce)
  if (!turn) return 'paused'
  try {
    const reserved = costOf(adapter.estimate(asked), price)
    const day = await transact(place, system, async ctx =>
      (await admit(ctx, provider)) ? await reserve(ctx, reserved) : 'paused',
    )
    if (day === 'paused') return 'paused'
    if (day === null) return 'budget'
    const spending = { day, reserved, providerId: provider.id, purpose, from, to }
    try {
      const account = { ...provider, key: openKey(place.secrets, provider) }
      const answered = await adapter.translate(place.outbound, account, asked, timeoutMs)
      const micros = costOf(answered.usage, price)
      await transact(place, system, async ctx => {
        await settle(ctx, { ...spending, micros, usage: answered.usage })
        await noteSuccess(ctx, provider.id)
      })
      return { texts: readAnswer(asked, answered, guarded), languages: answered.languages, micros }
    } catch (error) {
      const failure = error instanceof ProviderFailure ? error : null
      const micros = failure && !failure.isCharged ? 0 : reserved
      await transact(place, system, async ctx => {
        await settle(ctx, { ...spending, micros, usage: noUsage })
        if (failure) await noteFailure(ctx, provider.id, failure)
      })
      if (!failure) throw error
      return 'failed'
    }
  } finally {
    turn.end()
  }
}

/** What leaves the house: neither a number, an address nor a link of the texts, nor of what was said before. */
function prepare({ texts, from, to, terms, context }: Request, takesGlossary: boolean) {
  const isPutIn = (term: Term) => term.isLocked || term.translation === null || !takesGlossary
  const guarded = texts.map(text => protect(text, terms.filter(isPutIn)))
  const left = terms.filter(term => !isPutIn(term))
  const asked: Asked = {
    texts: guarded.map(({ pieces }) => pieces),
    from,
    to,
    glossary: termsIn(texts, left).map(({ term, translation }) => ({ term, translation: translation! })),
    context: protect(context, [])
      .pieces.map(piece => (typeof piece === 'number' ? '…' : piece))
      .join(''),
  }
  return { asked, guarded }
}

/** PostgreSQL holds no NUL, and nobody reads one. */
const readAnswer = (asked: Asked, { texts }: Answered, guarded: readonly Protected[]) =>
  guarded.map(({ kept }, n) =>
    isSaneLength(asked.texts[n]!, texts[n]!) && (hasWords(texts[n]!) || !hasWords(asked.texts[n]!))
      ? (restore(texts[n]!, kept)?.replaceAll('\0', '').toWellFormed() ?? null)
      : null,
  )
