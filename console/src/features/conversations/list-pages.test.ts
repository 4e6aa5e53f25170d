import { expect, test } from 'vitest'
import type { ConversationRow } from './api.ts'
import { refreshPages, rowsOf } from './list-pages.ts'

const row = (id: string, minute: number, over: Partial<ConversationRow> = {}) =>
  ({
    id,
    assignee: { id: 'me', name: 'Lin' },
    status: { category: 'open', label: null },
    store: { id: 's1', name: 'One' },
    lastActivityAt: new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString(),
    ...over,
  }) as ConversationRow

const loaded = {
  pages: [
    { items: [row('a', 50), row('b', 40)], next: 'b' },
    { items: [row('c', 30), row('d', 20)], next: 'd' },
  ],
  pageParams: ['', 'b'],
}
const ids = (pages: Parameters<typeof rowsOf>[0]) => rowsOf(pages).map(({ id }) => id)

test('a new conversation pushes the others down, and none is lost between two pages', () => {
  const fresh = { items: [row('new', 55), row('a', 50)], next: 'a' }
  expect(ids(refreshPages(loaded, fresh, new Map(), 'activity'))).toEqual(['new', 'a', 'b', 'c', 'd'])
})

test('a row from further down that moved up stands once, at the top', () => {
  const fresh = { items: [row('d', 58), row('a', 50)], next: 'a' }
  expect(ids(refreshPages(loaded, fresh, new Map([['d', row('d', 58)]]), 'activity'))).toEqual([
    'd',
    'a',
    'b',
    'c',
  ])
})

test('a row that left the view goes', () => {
  const fresh = { items: [row('b', 40), row('c', 30)], next: 'c' }
  expect(ids(refreshPages(loaded, fresh, new Map([['a', null]]), 'activity'))).toEqual(['b', 'c', 'd'])
})

test('a row changed further down is replaced where it stands', () => {
  const fresh = { items: [row('a', 50), row('b', 40)], next: 'b' }
  const changed = row('d', 20, { unread: 3 })
  expect(rowsOf(refreshPages(loaded, fresh, new Map([['d', changed]]), 'activity')).at(-1)?.unread).toBe(3)
})
