import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ConversationRow } from './api.ts'
import { type Pages, rowsOf } from './list-pages.ts'
import { thread } from './thread.ts'

/** Fetches the threads beside the open one, so that the next key shows words and not a skeleton. */
export function useReadAhead(rows: readonly ConversationRow[], openId: string | undefined) {
  const queries = useQueryClient()
  const at = openId === undefined ? -1 : rows.findIndex(({ id }) => id === openId)
  const [next, previous] = at < 0 ? [] : [rows[at + 1]?.id, rows[at - 1]?.id]
  useEffect(() => {
    for (const id of [next, previous])
      if (id && !queries.getQueryData(thread(id).queryKey)) queries.prefetchQuery(thread(id))
  }, [queries, next, previous])
}

/** What a list knows of a conversation: good enough to draw until the server has said it again. */
export function listedRow(queries: QueryClient, id: string): ConversationRow | undefined {
  for (const [, pages] of queries.getQueriesData<Pages>({ queryKey: ['conversation', 'list'] })) {
    const row = rowsOf(pages).find(one => one.id === id)
    if (row) return row
  }
  return undefined
}
