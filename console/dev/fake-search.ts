import type { components } from '../src/api/schema.d.ts'
import { customers } from './fake-people.ts'
import { messages, type Row, rows } from './fake-threads.ts'
import { type FakeRoute, refuse } from './fake-wire.ts'

type S = components['schemas']

const shown = (row: Row): S['FoundConversation'] => ({
  ...{ id: row.id, number: row.number, store: row.store, channelKind: row.channel.kind },
  ...{ customer: row.customer, category: row.status.category, assignee: row.assignee },
  ...{ subject: row.subject, lastActivityAt: row.lastActivityAt },
})

/** Words as they stand in a text; nothing of scripts, phrases or prefixes. */
function rangesOf(text: string, words: readonly string[]) {
  const places = words.map(word => ({ start: text.toLowerCase().indexOf(word), long: word.length }))
  if (places.some(({ start }) => start < 0)) return null
  return places.toSorted((a, b) => a.start - b.start).map(({ start, long }) => ({ start, end: start + long }))
}

function hitsIn(row: Row, words: readonly string[]): S['SearchHit'][] {
  return (messages.get(row.id) ?? []).toReversed().flatMap(({ id, seq, kind, author, text, createdAt }) => {
    const ranges = kind === 'system' ? null : rangesOf(text, words)
    if (!ranges || kind === 'system') return []
    const about = { messageId: id, seq, kind, author: author?.name ?? null, at: createdAt }
    return { ...about, part: 'text' as const, snippet: text, ranges }
  })
}

export const searchRoutes: FakeRoute[] = [
  [
    'GET',
    /^\/search$/,
    ({ query }): S['SearchResults'] => {
      const words = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean)
      if (words.length === 0) refuse(422, 'nothing_to_search_for')
      const inside = query.get('conversationId')
      const among = inside ? rows.filter(({ id }) => id === inside) : rows
      const items = among.flatMap(row => {
        const hits = hitsIn(row, words)
        const conversation = shown(row)
        return hits.length > 0
          ? { conversation, hits: inside ? hits : hits.slice(0, 3), hitCount: hits.length }
          : []
      })
      const numbered = rows.find(({ number }) => String(number) === words[0]?.replace('#', ''))
      return {
        customers: inside ? [] : customers.filter(({ name }) => name.toLowerCase().includes(words[0]!)),
        numbered: numbered ? shown(numbered) : null,
        items,
        next: null,
        count: { conversations: items.length, isMore: false },
        searchedBackTo: null,
        indexing: null,
      }
    },
  ],
]
