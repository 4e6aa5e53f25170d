import type { ConversationRow } from '../api.ts'
import type { QuickReply } from './api.ts'

const most = 8

type Texts = Pick<QuickReply, 'title' | 'text' | 'language' | 'translations'>

const baseOf = (language: string | null | undefined) => language?.split('-')[0]?.toLowerCase()

/** What it is called and says in a language, as far as it is written in it. */
export function wordsIn({ title, text, language, translations }: Texts, wanted: string | null | undefined) {
  const base = baseOf(wanted)
  if (!base || baseOf(language) === base) return { title, text }
  return translations.find(one => baseOf(one.language) === base) ?? { title, text }
}

const speaks = ({ language, translations }: QuickReply, base: string) =>
  [language, ...translations.map(one => one.language)].some(one => one === null || baseOf(one) === base)

/** Of this store: by shortcut first, then title, then text; in the customer's language before the rest, then by use. */
export function findQuickReplies(
  all: readonly QuickReply[],
  search: string,
  { store, language }: Pick<ConversationRow, 'store' | 'language'>,
) {
  const wanted = search.toLowerCase()
  const base = baseOf(language)
  const rank = ({ shortcut, title, text, category, translations }: QuickReply) => {
    const has = (words: string) => words.toLowerCase().includes(wanted)
    if (shortcut.toLowerCase().startsWith(wanted)) return 0
    if (has(title) || has(category) || translations.some(one => has(one.title))) return 1
    return has(text) || translations.some(one => has(one.text)) ? 2 : 3
  }
  const foreign = (reply: QuickReply) => (base && !speaks(reply, base) ? 1 : 0)
  return all
    .filter(({ storeId }) => storeId === null || storeId === store.id)
    .map(reply => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank < 3)
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        foreign(a.reply) - foreign(b.reply) ||
        b.reply.uses - a.reply.uses ||
        a.reply.shortcut.localeCompare(b.reply.shortcut),
    )
    .slice(0, most)
    .map(({ reply }) => reply)
}
