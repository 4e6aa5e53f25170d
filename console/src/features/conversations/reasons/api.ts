import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api, type BodyOf, type Schemas } from '../../../api/client.ts'

export type ContactReason = Schemas['ContactReason']
export type ReasonModel = Schemas['ReasonModel']

export const contactReasons = () =>
  queryOptions({
    queryKey: ['contact_reason', 'list'],
    queryFn: () => answer(api.GET('/api/contact-reasons')),
    staleTime: 300_000,
  })

/** A guess about what the customer wrote until `lastSeq`; a later message may change it. */
export const reasonSuggestion = (id: string, lastSeq: number) =>
  queryOptions({
    queryKey: ['reason_model', 'suggestion', id, lastSeq],
    queryFn: () => answer(api.GET('/api/conversations/{id}/reason-suggestion', { params: { path: { id } } })),
    staleTime: 60_000,
  })

export const reasonModel = () =>
  queryOptions({
    queryKey: ['reason_model', 'facts'],
    queryFn: () => answer(api.GET('/api/reason-model')),
  })

type Change = BodyOf<'/api/contact-reasons/{code}', 'patch'>

export function useSaveReason(code: string | undefined) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ code: named, ...fields }: BodyOf<'/api/contact-reasons', 'post'>) =>
      code
        ? answer(
            api.PATCH('/api/contact-reasons/{code}', { params: { path: { code } }, body: fields as Change }),
          )
        : answer(api.POST('/api/contact-reasons', { body: { code: named, ...fields } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['contact_reason'] }),
  })
}

export const useTrain = () =>
  useMutation({ mutationFn: () => answer(api.POST('/api/reason-model/trainings')) })

/** A reason's name and strategy in the language of who reads. */
export function useSpellReason() {
  const isChinese = useTranslation().i18n.language.startsWith('zh')
  return {
    nameOf: ({ nameZh, nameEn }: Pick<ContactReason, 'nameZh' | 'nameEn'>) => (isChinese ? nameZh : nameEn),
    stepsOf: ({ strategyZh, strategyEn }: ContactReason) =>
      (isChinese ? strategyZh : strategyEn).split('\n').filter(Boolean),
  }
}
