import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../../api/client.ts'
import { useChangeChannel } from '../api.ts'
import { credentialsOf, settingsOf, type Values } from './settings.ts'

const at = (id: string) => ({ path: { id } })

export const mailbox = (id: string) =>
  queryOptions({
    queryKey: ['channel', 'mailbox', id],
    queryFn: () => answer(api.GET('/api/channels/{id}/mailbox', { params: at(id) })),
    refetchInterval: 5_000,
  })

/** Under the item's noun, so a retry shows anew what was made of it. */
export const mailSteps = (inboundId: number) =>
  queryOptions({
    queryKey: ['inbound', 'steps', inboundId],
    queryFn: async () =>
      (await answer(api.GET('/api/inbound/{id}/steps', { params: { path: { id: inboundId } } }))).items,
  })

/** Credentials go their own way: they are written and never read. */
export function useSaveMailbox(id: string) {
  const queries = useQueryClient()
  const change = useChangeChannel(id)
  return async (values: Values) => {
    const credentials = credentialsOf(values)
    await change.mutateAsync({ name: values.name, settings: settingsOf(values) })
    if (!credentials) return
    await answer(api.PUT('/api/channels/{id}/mailbox/credentials', { params: at(id), body: credentials }))
    await queries.invalidateQueries({ queryKey: mailbox(id).queryKey })
  }
}

/** With what stands in the form, saved or not. */
export const useTrial = (id: string) =>
  useMutation({
    mutationFn: ({ values, sendsMail }: { values: Values; sendsMail: boolean }) =>
      answer(
        api.POST('/api/channels/{id}/mailbox/trial', {
          params: at(id),
          body: { settings: settingsOf(values), credentials: credentialsOf(values), sendsMail },
        }),
      ),
  })

function useAsk(id: string, ask: () => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ask,
    onSuccess: () => queries.invalidateQueries({ queryKey: mailbox(id).queryKey }),
  })
}

export const useFetchNow = (id: string) =>
  useAsk(id, () => answer(api.POST('/api/channels/{id}/mailbox/fetch', { params: at(id) })))
export const useCompare = (id: string) =>
  useAsk(id, () => answer(api.POST('/api/channels/{id}/mailbox/comparison', { params: at(id) })))

/** Where to go to give consent; one comes back to the page of the channel. */
export const askForConsent = (id: string) =>
  answer(api.POST('/api/channels/{id}/mailbox/grant', { params: at(id) }))
