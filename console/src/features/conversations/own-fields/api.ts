import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api, type BodyOf, type Schemas } from '../../../api/client.ts'
import { type ConversationRow, conversation } from '../api.ts'

export type OwnField = Schemas['ConversationField']
export type OwnValue = string | number | boolean | null
export type NewOwnField = BodyOf<'/api/conversation-fields', 'post'>

export const ownFields = () =>
  queryOptions({
    queryKey: ['conversation_field', 'list'],
    queryFn: () => answer(api.GET('/api/conversation-fields')),
    staleTime: 300_000,
  })

const at = (id: string) => ({ path: { id } })

export function useFillFields(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (values: Record<string, OwnValue>) =>
      answer(api.PUT('/api/conversations/{id}/fields', { params: at(id), body: { values } })),
    onSuccess: row => queries.setQueryData(conversation(id).queryKey, row),
  })
}

export function useSaveOwnField(known: OwnField | undefined) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ key, type, isActive, ...fields }: NewOwnField & { isActive?: boolean }) =>
      known
        ? answer(
            api.PATCH('/api/conversation-fields/{id}', {
              params: at(known.id),
              body: { ...fields, isActive },
            }),
          )
        : answer(api.POST('/api/conversation-fields', { body: { ...fields, key, type } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['conversation_field'] }),
  })
}

/** As the server shows them: by store, channel, and the group of the reason that was given. */
export const isShown = (
  { isActive, storeId, channelKinds, reasonGroups }: OwnField,
  { store, channel }: Pick<ConversationRow, 'store' | 'channel'>,
  reason: string | null,
) =>
  isActive &&
  (storeId === null || storeId === store.id) &&
  (channelKinds.length === 0 || channelKinds.some(kind => kind === channel.kind)) &&
  (reasonGroups.length === 0 || reasonGroups.includes(reason?.split('.')[0] ?? ''))

export function useNameOfField() {
  const isChinese = useTranslation().i18n.language.startsWith('zh')
  return ({ nameZh, nameEn }: Pick<OwnField, 'nameZh' | 'nameEn'>) => (isChinese ? nameZh : nameEn)
}
