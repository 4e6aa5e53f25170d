import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onEvent, type PushedEvent, refreshesItself } from '../../api/realtime.ts'
import { conversation, conversationCounts, type ListFilter, queue } from './api.ts'
import { links } from './linking/api.ts'
import { type ListKey, refreshList } from './list-refresh.ts'
import { viewCounts } from './saved-views/api.ts'
import { thread } from './thread.ts'

const pause = 800
const timedEvery = 15_000

for (const noun of ['conversation', 'message', 'clock']) refreshesItself(noun)

/**
 * Keeps threads and lists true by pushes. The first of a burst acts at once, the rest together after a
 * pause, so that a busy floor costs each console about one small fetch a second.
 */
export function useLiveConversations() {
  const queries = useQueryClient()
  useEffect(() => {
    const changed = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    let actedAt = 0

    async function act() {
      actedAt = Date.now()
      timer = undefined
      const ids = [...changed]
      changed.clear()
      await refresh(queries, ids).catch(() => {})
    }

    function hear({ name, conversationId, viewId }: PushedEvent) {
      if (name === 'saved_view.changed') viewChanged(queries, viewId)
      if (!conversationId) return
      if (movesThread(name)) queries.invalidateQueries({ queryKey: thread(conversationId).queryKey })
      changed.add(conversationId)
      timer ??= setTimeout(act, Math.max(0, actedAt + pause - Date.now()))
    }

    const stop = onEvent(hear)
    const ticks = setInterval(() => {
      if (!document.hidden) refreshTimed(queries).catch(() => {})
    }, timedEvery)
    return () => {
      stop()
      clearTimeout(timer)
      clearInterval(ticks)
    }
  }, [queries])
}

/** New messages, and what changes the ticks of old ones. */
const movesThread = (name: string) =>
  name.startsWith('message.') || name === 'conversation.read' || name === 'delivery.changed'

/** A saved view may ask how long something is ago: its rows come and go without anything having happened. */
const isTimed = ({ savedViewId }: ListFilter) => savedViewId !== undefined

async function refresh(queries: QueryClient, ids: string[]) {
  for (const id of ids) {
    queries.invalidateQueries({ queryKey: conversation(id).queryKey })
    queries.invalidateQueries({ queryKey: ['conversation', 'assignments', id] })
    queries.invalidateQueries({ queryKey: links(id).queryKey })
  }
  queries.invalidateQueries({ queryKey: conversationCounts().queryKey })
  queries.invalidateQueries({ queryKey: viewCounts().queryKey })
  queries.invalidateQueries({ queryKey: queue().queryKey })
  const lists = listsOf(queries)
  for (const list of lists.filter(query => !query.isActive())) list.invalidate()
  await Promise.all(
    lists
      .filter(query => query.isActive())
      .map(({ queryKey }) => refreshList(queries, queryKey as ListKey, ids)),
  )
}

async function refreshTimed(queries: QueryClient) {
  const lists = listsOf(queries).filter(query => query.isActive() && isTimed((query.queryKey as ListKey)[2]))
  for (const { queryKey } of lists) await refreshList(queries, queryKey as ListKey, 'all')
}

/** What a view asks for may be another thing now. */
function viewChanged(queries: QueryClient, viewId: unknown) {
  queries.invalidateQueries({ queryKey: viewCounts().queryKey })
  for (const list of listsOf(queries))
    if ((list.queryKey as ListKey)[2].savedViewId === viewId)
      queries.invalidateQueries({ queryKey: list.queryKey })
}

const listsOf = (queries: QueryClient) =>
  queries.getQueryCache().findAll({ queryKey: ['conversation', 'list'] })
