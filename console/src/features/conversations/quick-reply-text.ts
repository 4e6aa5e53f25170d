import type { ConversationRow, QuickReply } from './api.ts'

export const fillable = ['customer', 'agent', 'store', 'number'] as const
type Values = Record<(typeof fillable)[number], string>

/** Puts what is known in the place of `{{customer}}` and its like; an unknown name stays to be seen. */
export const fillIn = (text: string, values: Values) =>
  text.replace(/\{\{\s*(customer|agent|store|number)\s*\}\}/g, (_, name: keyof Values) => values[name])

const most = 8

/** Of this store: by shortcut first, then title, then text; those in the customer's language before the rest. */
export function findQuickReplies(
  all: readonly QuickReply[],
  search: string,
  { store, language }: Pick<ConversationRow, 'store' | 'language'>,
) {
  const wanted = search.toLowerCase()
  const base = language?.split('-')[0]
  const rank = ({ shortcut, title, text }: QuickReply) => {
    if (shortcut.toLowerCase().startsWith(wanted)) return 0
    if (title.toLowerCase().includes(wanted)) return 1
    return text.toLowerCase().includes(wanted) ? 2 : 3
  }
  const foreign = (reply: QuickReply) =>
    reply.language && base && reply.language.split('-')[0] !== base ? 1 : 0
  return all
    .filter(({ storeId }) => storeId === null || storeId === store.id)
    .map(reply => ({ reply, rank: rank(reply) }))
    .filter(({ rank }) => rank < 3)
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        foreign(a.reply) - foreign(b.reply) ||
        a.reply.shortcut.localeCompare(b.reply.shortcut),
    )
    .slice(0, most)
    .map(({ reply }) => reply)
}
