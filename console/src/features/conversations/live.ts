import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onEvent, type PushedEvent, refreshesItself } from '../../api/realtime.ts'
import { useMe } from '../../api/session.ts'
import {
  type ConversationRow,
  conversation,
  conversationCounts,
  fetchPage,
  type ListFilter,
  queue,
} from './api.ts'
import { belongs, type Page, refreshPages } from './list-pages.ts'
import { thread } from './thread.ts'

const pause = 800
const most = 20

for (const noun of ['conversation', 'message', 'clock']) refreshesItself(noun)

/**
 * Keeps threads and lists true by pushes. The first of a burst acts at once, the rest together after a
 * pause, so that a busy floor costs each console about one small fetch a second.
 */
export function useLiveConversations() {
  const queries = useQueryClient()
  const me = useMe()
  useEffect(() => {
    const changed = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    let actedAt = 0

    async function act() {
      actedAt = Date.now()
      timer = undefined
      const ids = [...changed]
      changed.clear()
      await refresh(queries, ids, me.id).catch(() => {})
    }

    function hear({ name, conversationId }: PushedEvent) {
      if (!conversationId) return
      if (movesThread(name)) queries.invalidateQueries({ queryKey: thread(conversationId).queryKey })
      changed.add(conversationId)
      timer ??= setTimeout(act, Math.max(0, actedAt + pause - Date.now()))
    }

    const stop = onEvent(hear)
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [queries, me.id])
}

/** New messages, and what changes the ticks of old ones. */
const movesThread = (name: string) =>
  name.startsWith('message.') || name === 'conversation.read' || name === 'delivery.changed'

async function refresh(queries: QueryClient, ids: string[], meId: string) {
  for (const id of ids) {
    queries.invalidateQueries({ queryKey: conversation(id).queryKey })
    queries.invalidateQueries({ queryKey: ['conversation', 'assignments', id] })
  }
  queries.invalidateQueries({ queryKey: conversationCounts().queryKey })
  queries.invalidateQueries({ queryKey: queue().queryKey })
  const lists = queries.getQueryCache().findAll({ queryKey: ['conversation', 'list'] })
  for (const list of lists.filter(query => !query.isActive())) list.invalidate()
  await Promise.all(
    lists
      .filter(query => query.isActive())
      .map(({ queryKey }) => refreshList(queries, queryKey as ListKey, ids, meId)),
  )
}

type ListKey = ['conversation', 'list', ListFilter]
type Pages = InfiniteData<Page>

async function refreshList(queries: QueryClient, key: ListKey, ids: string[], meId: string) {
  const filter = key[2]
  const fresh = await fetchPage(filter)
  const known = queries.getQueryData<Pages>(key)
  if (!known) return
  const onTop = new Set(fresh.items.map(row => row.id))
  const loaded = new Set(known.pages.flatMap(page => page.items.map(row => row.id)))
  const elsewhere = ids.filter(id => loaded.has(id) && !onTop.has(id)).slice(0, most)
  const changed = new Map(
    await Promise.all(elsewhere.map(async id => [id, await stillThere(queries, id, filter, meId)] as const)),
  )
  queries.setQueryData<Pages>(key, now => now && refreshPages(now, fresh, changed, filter.sort))
}

async function stillThere(
  queries: QueryClient,
  id: string,
  filter: ListFilter,
  meId: string,
): Promise<ConversationRow | null> {
  const row = await queries.fetchQuery({ ...conversation(id), staleTime: pause }).catch(() => null)
  return row && belongs(row, filter, meId) ? row : null
}
