import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../../api/client.ts'
import { useMe } from '../../../api/session.ts'
import { conversation } from '../api.ts'

export type MessageTranslation = Schemas['MessageTranslation']
export type Original = NonNullable<Schemas['Message']['original']>
/** What is sent along with a reply: what its writer wrote, and what the machine made of it. */
export type NewOriginal = NonNullable<Schemas['HeldReply']['original']>

export const translations = (id: string, to: string) =>
  queryOptions({
    queryKey: ['translation', id, to],
    queryFn: () =>
      answer(api.GET('/api/conversations/{id}/translations', { params: { path: { id }, query: { to } } })),
  })

export function useAskTranslations(id: string, to: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { messageIds: string[]; again?: boolean }) =>
      answer(
        api.POST('/api/conversations/{id}/translations', {
          params: { path: { id } },
          body: { again: false, ...body, to },
        }),
      ),
    onSuccess: ({ items, ...service }) =>
      queries.setQueryData(translations(id, to).queryKey, known => {
        const fresh = new Set(items.map(item => item.messageId))
        return {
          ...service,
          items: [...items, ...(known?.items ?? []).filter(one => !fresh.has(one.messageId))],
        }
      }),
  })
}

/** A newer text ends the asking for an older one. */
export const draftTranslation = (id: string, body: { text: string; from: string; to: string }) =>
  queryOptions({
    queryKey: ['draft-translation', id, body],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/conversations/{id}/draft-translation', { params: { path: { id } }, body, signal }),
      ),
    // What failed is asked anew when he comes back to it; what was translated stays.
    staleTime: ({ state }) => (state.data?.state === 'done' ? Number.POSITIVE_INFINITY : 0),
    retry: false,
  })

export function useSetLanguage(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (language: string) =>
      answer(api.PUT('/api/conversations/{id}/language', { params: { path: { id } }, body: { language } })),
    onSuccess: row => queries.setQueryData(conversation(id).queryKey, row),
  })
}

/** In which language this person reads, and which others he needs no translation of. */
export function useReader() {
  const me = useMe()
  return { to: me.locale, reads: (language: string) => language === me.locale || me.reads.includes(language) }
}
