import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { answer, api } from '../../api/client.ts'
import type { Message } from './api.ts'
import { mergeMessages, resumeSeq, type Thread } from './messages.ts'

const pageSize = 60
const mostAtOnce = 200

const fetchMessages = (id: string, query: { afterSeq?: number; beforeSeq?: number; limit: number }) =>
  answer(api.GET('/api/conversations/{id}/messages', { params: { path: { id }, query } }))

/** The thread as far as it was read. Fetching again fetches on from its cursor, so a push is only a hint to do so. */
export const thread = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: async ({ client }): Promise<Thread> => {
      const known = client.getQueryData<Thread>(['message', id])
      if (!known) return firstPage(id)
      const fresh = await fetchOn(id, resumeSeq(known.items))
      // Older pages or an own reply may have come in meanwhile.
      const now = client.getQueryData<Thread>(['message', id]) ?? known
      return { ...now, items: mergeMessages(now.items, fresh) }
    },
    structuralSharing: false,
    gcTime: 10 * 60_000,
  })

async function firstPage(id: string): Promise<Thread> {
  const { items, hasEarlier } = await fetchMessages(id, { limit: pageSize })
  return { items: mergeMessages([], items), reachedStart: !hasEarlier }
}

async function fetchOn(id: string, from: number) {
  const found: Message[] = []
  for (let afterSeq = from; ; ) {
    const { items } = await fetchMessages(id, { afterSeq, limit: pageSize })
    found.push(...items)
    if (items.length < pageSize) return found
    afterSeq = items.at(-1)!.seq
  }
}

export const addMessages = (queries: QueryClient, id: string, messages: Message[]) =>
  queries.setQueryData<Thread>(
    ['message', id],
    known => known && { ...known, items: mergeMessages(known.items, messages) },
  )

export function useThread(id: string) {
  const queries = useQueryClient()
  const query = useQuery(thread(id))
  const [isLoadingOlder, setLoadingOlder] = useState(false)
  const busy = useRef(false)

  const loadOlder = useCallback(async () => {
    const known = queries.getQueryData<Thread>(['message', id])
    const first = known?.items[0]
    if (busy.current || !first || known.reachedStart) return
    busy.current = true
    setLoadingOlder(true)
    try {
      const { items, hasEarlier } = await fetchMessages(id, { beforeSeq: first.seq, limit: pageSize })
      queries.setQueryData<Thread>(
        ['message', id],
        now => now && { items: mergeMessages(items, now.items), reachedStart: !hasEarlier },
      )
    } finally {
      busy.current = false
      setLoadingOlder(false)
    }
  }, [id, queries])

  /** Fetches what is older up to this message, so that it can be shown with all that came after it. */
  const loadBackTo = useCallback(
    async (seq: number) => {
      for (;;) {
        const known = queries.getQueryData<Thread>(['message', id])
        const first = known?.items[0]
        if (!first || known.reachedStart || first.seq <= seq) return
        const limit = Math.min(mostAtOnce, first.seq - seq + pageSize)
        const { items, hasEarlier } = await fetchMessages(id, { beforeSeq: first.seq, limit })
        queries.setQueryData<Thread>(
          ['message', id],
          now => now && { items: mergeMessages(items, now.items), reachedStart: !hasEarlier },
        )
        if (items.length === 0) return
      }
    },
    [id, queries],
  )

  return { ...query, loadOlder, loadBackTo, isLoadingOlder }
}
