import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { answer, api } from '../../api/client.ts'
import { onReconnect } from '../../api/realtime.ts'
import { conversation, type Message } from './api.ts'
import { type HeldReply, heldReplies, remember } from './held.ts'
import { createOutbox, type Outbox, type Outgoing } from './outbox.ts'
import { addMessages } from './thread.ts'

let outbox: Outbox | undefined

function outboxOf(queries: QueryClient) {
  outbox ??= createOutbox({
    post,
    sent: ({ conversationId, afterwards, snoozeUntil, mail }, { message, held }) => {
      if (message) addMessages(queries, conversationId, [message])
      if (held) {
        remember(held.clientId, mail)
        queries.setQueryData<HeldReply[]>(heldReplies(conversationId).queryKey, known => [
          ...(known ?? []).filter(({ id }) => id !== held.id),
          held,
        ])
      }
      if (snoozeUntil) snooze(queries, conversationId, snoozeUntil)
      if (afterwards) queries.invalidateQueries({ queryKey: conversation(conversationId).queryKey })
    },
    later: (run, ms) => void setTimeout(run, ms),
    storage: sessionStorage,
  })
  return outbox
}

type Sent = { message?: Message; held?: HeldReply }

async function post(outgoing: Outgoing): Promise<Sent> {
  const { conversationId, kind, clientId, text, attachments, hold } = outgoing
  const params = { path: { id: conversationId } }
  const said = { clientId, text, attachmentIds: attachments.map(({ id }) => id) }
  if (kind === 'note') {
    const body = { ...said, mentionIds: outgoing.mentionIds }
    return { message: await answer(api.POST('/api/conversations/{id}/notes', { params, body })) }
  }
  const { lastSeenSeq, afterwards, mail, original } = outgoing
  const reply = { ...said, lastSeenSeq, afterwards, mail, original }
  if (!hold)
    return { message: await answer(api.POST('/api/conversations/{id}/replies', { params, body: reply })) }
  const body = { ...reply, ...hold }
  return { held: await answer(api.POST('/api/conversations/{id}/held-replies', { params, body })) }
}

/** The reply has arrived all the same where this is refused; the conversation then stays in sight. */
const snooze = (queries: QueryClient, id: string, until: string) =>
  answer(api.PUT('/api/conversations/{id}/snooze', { params: { path: { id } }, body: { until } }))
    .catch(() => {})
    .finally(() => queries.invalidateQueries({ queryKey: conversation(id).queryKey }))

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
