import type { QueryClient } from '@tanstack/react-query'
import { fetchPage, type ListFilter, pageSize } from './api.ts'
import { type Pages, refreshPages, rowsOf } from './list-pages.ts'

export type ListKey = ['conversation', 'list', ListFilter]

/**
 * Brings a list up to date after some conversations changed: its first page is fetched, and of the changed rows
 * below it the server is asked, all in one question, which are still in the view. Only it can know for a saved one.
 */
export async function refreshList(
  queries: QueryClient,
  key: ListKey,
  changed: readonly string[] | 'all',
  fetch: typeof fetchPage = fetchPage,
) {
  const filter = key[2]
  const fresh = await fetch(filter)
  const known = queries.getQueryData<Pages>(key)
  if (!known) return
  const isWhole = known.pages.length === 1 && fresh.next === null
  const onTop = new Set(fresh.items.map(row => row.id))
  const asked = isWhole
    ? []
    : rowsOf(known)
        .map(row => row.id)
        .filter(id => !onTop.has(id) && (changed === 'all' || changed.includes(id)))
        .slice(0, pageSize)
  const there = asked.length > 0 ? (await fetch({ ...filter, ids: asked.join(',') })).items : []
  const rows = new Map(there.map(row => [row.id, row]))
  const answers = new Map(asked.map(id => [id, rows.get(id) ?? null]))
  queries.setQueryData<Pages>(key, now => now && refreshPages(now, fresh, answers, filter.sort))
}
