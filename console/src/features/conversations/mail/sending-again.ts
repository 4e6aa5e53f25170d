import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../../api/client.ts'
import type { Thread } from '../messages.ts'

type Sent = { messageId: string; deliveryId: string }

export function useSendAgain() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ deliveryId }: Sent) =>
      answer(api.PUT('/api/deliveries/{id}/replay', { params: { path: { id: deliveryId } } })),
    onSuccess: (_, sent) => {
      queries.setQueriesData<Thread>({ queryKey: ['message'] }, known => known && queueAgain(known, sent))
      queries.invalidateQueries({ queryKey: ['delivery'] })
    },
  })
}

/** Back to the start of its way: only so does the thread ask again how it fares. */
const queueAgain = (known: Thread, { messageId, deliveryId }: Sent): Thread => ({
  ...known,
  items: known.items.map(message =>
    message.id === messageId
      ? { ...message, delivery: { id: deliveryId, state: 'queued', reason: null } }
      : message,
  ),
})
