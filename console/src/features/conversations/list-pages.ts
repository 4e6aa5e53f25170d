import type { InfiniteData } from '@tanstack/react-query'
import type { ConversationRow, ListFilter } from './api.ts'

export type Page = { items: ConversationRow[]; next: string | null }
export type Pages = InfiniteData<Page>

/** The rows of all pages, each once: a row that moved up while one scrolled may stand on two pages. */
export function rowsOf(pages: Pages | undefined): ConversationRow[] {
  const seen = new Set<string>()
  const rows: ConversationRow[] = []
  for (const page of pages?.pages ?? [])
    for (const row of page.items) {
      if (seen.has(row.id)) continue
      seen.add(row.id)
      rows.push(row)
    }
  return rows
}

/**
 * What is loaded, after a push: the first page as it is now, then the rest as it was, with `changed` rows
 * replaced, or taken out (null) where they left the view. Pages far down are not fetched again.
 */
export function refreshPages(
  pages: Pages,
  fresh: Page,
  changed: ReadonlyMap<string, ConversationRow | null>,
  sort: ListFilter['sort'],
): Pages {
  const onTop = new Set(fresh.items.map(row => row.id))
  const [first, ...rest] = pages.pages
  const keep = (row: ConversationRow) => !onTop.has(row.id) && changed.get(row.id) !== null
  const renew = (row: ConversationRow) => changed.get(row.id) ?? row
  if (pages.pages.length === 1 && fresh.next === null) return { ...pages, pages: [fresh] }
  const pushedDown = (first?.items ?? []).filter(keep).map(renew)
  const last = fresh.items.at(-1)
  const compare = comparison[sort ?? 'clock']
  const below = last ? pushedDown.filter(row => compare(row, last) >= 0) : pushedDown
  return {
    ...pages,
    pages: [
      { items: [...fresh.items, ...below], next: first?.next ?? fresh.next },
      ...rest.map(page => ({ ...page, items: page.items.filter(keep).map(renew) })),
    ],
  }
}

const time = (at: string | null | undefined) => (at ? Date.parse(at) : Number.POSITIVE_INFINITY)

const comparison: Record<
  NonNullable<ListFilter['sort']>,
  (a: ConversationRow, b: ConversationRow) => number
> = {
  clock: (a, b) => compare(time(a.clock?.dueAt), time(b.clock?.dueAt)),
  waiting: (a, b) => compare(time(a.waitingSince), time(b.waitingSince)),
  activity: (a, b) => compare(time(b.lastActivityAt), time(a.lastActivityAt)),
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
