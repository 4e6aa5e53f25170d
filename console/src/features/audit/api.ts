import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type QueryOf, type Schemas } from '../../api/client.ts'

export type AuditEntry = Schemas['AuditEntry']
export type AuditVerification = Schemas['AuditVerification']
export type AuditSearch = Pick<QueryOf<'/api/audit'>, 'actorId' | 'action' | 'object' | 'from' | 'to'>

export const auditList = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'list', search],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/audit', {
          params: { query: { ...search, limit: 50, cursor: pageParam || undefined } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

/** While one runs it is asked after each second. */
export const auditVerification = () =>
  queryOptions({
    queryKey: ['audit', 'verification'],
    queryFn: () => answer(api.GET('/api/audit/verification')),
    refetchInterval: query => (query.state.data?.state === 'running' ? 1_000 : false),
  })

export function useVerifyAudit() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.POST('/api/audit/verification')),
    onSuccess: begun => queries.setQueryData(auditVerification().queryKey, begun),
  })
}
