import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api, type Schemas } from '../../../api/client.ts'
import { type ParamsSchema, paramsOf } from '../../../ui/action-form/params.ts'

export type ActionCall = Schemas['ActionCall']
export type ActionKind = Omit<Schemas['ActionDescription'], 'params'> & { params: ParamsSchema }

export const actionKinds = () =>
  queryOptions({
    queryKey: ['action', 'conversation'],
    queryFn: async () =>
      (await answer(api.GET('/api/actions/{record}', { params: { path: { record: 'conversation' } } })))
        .items as ActionKind[],
    staleTime: 300_000,
  })

/** What macros and flows can be made of. They know no other conversation, and what they did is undone otherwise. */
export const isForLater = ({ code, params }: ActionKind) =>
  code !== 'unmerge' && paramsOf(params).every(({ param }) => (param.items ?? param).of !== 'conversation')

/** Actions are called as the server calls them, since modules to come bring their own. */
export function useNameOfAction() {
  const isChinese = useTranslation().i18n.language.startsWith('zh')
  const kinds = useQuery(actionKinds()).data
  return (code: string) => {
    const kind = kinds?.find(kind => kind.code === code)
    return kind ? (isChinese ? kind.zh : kind.en) : code
  }
}
