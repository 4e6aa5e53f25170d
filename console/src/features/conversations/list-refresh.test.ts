import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { ConversationRow, ListFilter } from './api.ts'
import { type Pages, rowsOf } from './list-pages.ts'
import { type ListKey, refreshList } from './list-refresh.ts'

const key: ListKey = ['conversation', 'list', { savedViewId: 'v', sort: 'activity' }]
const row = (id: string, minute: number) =>
  ({ id, lastActivityAt: new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString() }) as ConversationRow

/** A list of two pages, and a server whose view now holds the rows of `view`, in their order. */
function stand(view: ConversationRow[]) {
  const queries = new QueryClient()
  queries.setQueryData<Pages>(key, {
    pages: [
      { items: [row('a', 50), row('b', 40)], next: 'b' },
      { items: [row('c', 30), row('d', 20)], next: null },
    ],
    pageParams: ['', 'b'],
  })
  const asked: (ListFilter & { ids?: string })[] = []
  const fetch = async (filter: ListFilter & { ids?: string }) => {
    asked.push(filter)
    const ids = filter.ids?.split(',')
    return ids
      ? { items: view.filter(({ id }) => ids.includes(id)), next: null }
      : { items: view.slice(0, 2), next: view.length > 2 ? 'more' : null }
  }
  return {
    asked,
    refresh: (changed: string[] | 'all') => refreshList(queries, key, changed, fetch),
    ids: () => rowsOf(queries.getQueryData<Pages>(key)).map(({ id }) => id),
  }
}

test('rows further down that changed are asked about in one question, and go where the view lost them', async () => {
  const list = stand([row('a', 50), row('b', 40), row('c', 30)])
  await list.refresh(['c', 'd', 'elsewhere'])
  expect(list.ids()).toEqual(['a', 'b', 'c'])
  expect(list.asked.map(({ ids }) => ids)).toEqual([undefined, 'c,d'])
})

test('a change on the first page alone costs one request', async () => {
  const list = stand([row('b', 51), row('a', 50), row('c', 30), row('d', 20)])
  await list.refresh(['b'])
  expect(list.ids()).toEqual(['b', 'a', 'c', 'd'])
  expect(list.asked).toHaveLength(1)
})

test('a row that left the first page goes though another took its place', async () => {
  const list = stand([row('b', 40), row('c', 30), row('d', 20)])
  await list.refresh(['a'])
  expect(list.ids()).toEqual(['b', 'c', 'd'])
})

test('where nothing happened but time went by, all that is loaded is asked about', async () => {
  const list = stand([row('a', 50), row('b', 40), row('d', 20)])
  await list.refresh('all')
  expect(list.ids()).toEqual(['a', 'b', 'd'])
})
