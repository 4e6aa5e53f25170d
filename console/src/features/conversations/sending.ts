import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { answer, api } from '../../api/client.ts'
import { onReconnect } from '../../api/realtime.ts'
import { conversation, type Message } from './api.ts'
import { createOutbox, type Outbox, type Outgoing } from './outbox.ts'
import { addMessages } from './thread.ts'

let outbox: Outbox | undefined

function outboxOf(queries: QueryClient) {
  outbox ??= createOutbox({
    post,
    sent: ({ conversationId, afterwards }, message) => {
      addMessages(queries, conversationId, [message])
      if (afterwards) queries.invalidateQueries({ queryKey: conversation(conversationId).queryKey })
    },
    later: (run, ms) => void setTimeout(run, ms),
    storage: sessionStorage,
  })
  return outbox
}

async function post({
  conversationId,
  kind,
  clientId,
  text,
  attachments,
  mentionIds,
  lastSeenSeq,
  afterwards,
}: Outgoing): Promise<Message> {
  const params = { path: { id: conversationId } }
  const attachmentIds = attachments.map(({ id }) => id)
  return kind === 'note'
    ? answer(
        api.POST('/api/conversations/{id}/notes', {
          params,
          body: { clientId, text, mentionIds, attachmentIds },
        }),
      )
    : answer(
        api.POST('/api/conversations/{id}/replies', {
          params,
          body: { clientId, text, attachmentIds, lastSeenSeq, afterwards },
        }),
      )
}

/** What was written in a conversation and is not there yet, and what was held back. */
export function useOutbox(conversationId: string) {
  const box = outboxOf(useQueryClient())
  const all = useSyncExternalStore(box.watch, box.all)
  const held = useSyncExternalStore(box.watch, box.held).get(conversationId)
  const kept = useMemo(() => all.filter(one => one.conversationId === conversationId), [all, conversationId])
  return { kept, held, send: box.send, retry: box.retry, discard: box.discard, release: box.release }
}

export function useOutboxRetries() {
  const box = outboxOf(useQueryClient())
  useEffect(() => {
    const retry = () => box.retryAll()
    retry()
    window.addEventListener('online', retry)
    const stop = onReconnect(retry)
    return () => {
      window.removeEventListener('online', retry)
      stop()
    }
  }, [box])
}
