import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../api/client.ts'
import { changeDraft, draftOf } from './drafts.ts'
import { editsOf, type MailOptions } from './mail/recipients.ts'
import { thread } from './thread.ts'

/** With what the writer changed of the mail, where the server tells it. */
export type HeldReply = Schemas['HeldReply'] & { mail?: MailOptions | null }

/**
 * What waits to be sent, or was stopped. One that is gone may have been sent: its message is fetched before it
 * leaves the list, so that nothing vanishes between the two.
 */
export const heldReplies = (conversationId: string) =>
  queryOptions({
    queryKey: ['reply', conversationId],
    queryFn: async ({ client, queryKey }): Promise<HeldReply[]> => {
      const params = { path: { id: conversationId } }
      const { items } = await answer(api.GET('/api/conversations/{id}/held-replies', { params }))
      const known = client.getQueryData<HeldReply[]>(queryKey) ?? []
      if (known.some(({ id }) => items.every(item => item.id !== id)))
        await client.refetchQueries({ queryKey: thread(conversationId).queryKey }).catch(() => {})
      return items
    },
  })

/** Takes a reply back; to be changed, it is put into the field again before whatever stands there. */
export function useTakeBack(conversationId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ held }: { held: HeldReply; isToChange: boolean }) =>
      answer(api.DELETE('/api/held-replies/{id}', { params: { path: { id: held.id } } })),
    onSuccess: (_, { held, isToChange }) => {
      queries.setQueryData<HeldReply[]>(heldReplies(conversationId).queryKey, known =>
        known?.filter(({ id }) => id !== held.id),
      )
      if (isToChange)
        changeDraft(conversationId, draft => ({
          tab: 'reply',
          reply: [held.text, draft.reply].filter(Boolean).join('\n\n'),
          attachments: [...held.attachments, ...draft.attachments],
          mail: editsOf(held.mail ?? recall(held.clientId)),
          ...(held.original && draftOf(held.original)),
        }))
    },
    onSettled: () => queries.invalidateQueries({ queryKey: heldReplies(conversationId).queryKey }),
  })
}

const key = (clientId: string) => `afar.held.${clientId}`

/** The list of what is held does not tell recipients, so whoever wrote it remembers them here. */
export function remember(clientId: string, mail: MailOptions | undefined) {
  if (mail) sessionStorage.setItem(key(clientId), JSON.stringify(mail))
}

function recall(clientId: string): MailOptions | undefined {
  const kept = sessionStorage.getItem(key(clientId))
  return kept ? JSON.parse(kept) : undefined
}

/** Whole seconds until then, never fewer than none. */
export const secondsUntil = (at: string, now: number) =>
  Math.max(0, Math.ceil((Date.parse(at) - now) / 1_000))
