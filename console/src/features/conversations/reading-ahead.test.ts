import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { ConversationRow } from './api.ts'
import { listedRow } from './reading-ahead.ts'

test('a conversation that a list shows is drawn from there until the server has said it', () => {
  const queries = new QueryClient()
  const row = { id: 'b', subject: 'A lamp' } as ConversationRow
  queries.setQueryData(['conversation', 'list', { view: 'mine' }], {
    pages: [{ items: [{ id: 'a' }, row], next: null }],
    pageParams: [''],
  })
  queries.setQueryData(['conversation', 'one', 'c'], { id: 'c' })
  expect(listedRow(queries, 'b')).toBe(row)
  expect(listedRow(queries, 'c')).toBeUndefined()
})
