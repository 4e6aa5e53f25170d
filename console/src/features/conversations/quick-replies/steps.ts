import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client.ts'
import type { Step } from './api.ts'

export const conversationActions = () =>
  queryOptions({
    queryKey: ['action', 'conversation'],
    queryFn: () => answer(api.GET('/api/actions/{record}', { params: { path: { record: 'conversation' } } })),
    staleTime: 300_000,
  })

/** What this page can make a step of, and what each starts with. */
export const freshSteps: Record<string, Step['params']> = {
  set_priority: { priority: 'high' },
  add_tags: { tags: [] },
  remove_tags: { tags: [] },
  set_status: { category: 'resolved' },
  set_reason: {},
  set_field: { value: null },
  assign: { staffId: null },
  add_note: { text: '' },
}

/** Steps are called as the server calls them, since modules to come bring their own. */
export function useNameOfStep() {
  const { i18n } = useTranslation()
  const actions = useQuery(conversationActions()).data?.items ?? []
  return (code: string) => {
    const action = actions.find(action => action.code === code)
    return action ? (i18n.language.startsWith('zh') ? action.zh : action.en) : code
  }
}
