import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type QueryOf, type Schemas } from '../../../api/client.ts'

export type BulkJob = Schemas['BulkJob']
export type BulkItem = Schemas['BulkItem']
export type ItemState = NonNullable<QueryOf<'/api/bulk-jobs/{id}/items'>['state']>
export type NewBulkJob = BodyOf<'/api/bulk-jobs', 'post'>

export const bulkJobs = () =>
  queryOptions({
    queryKey: ['bulk_job', 'list'],
    queryFn: async () => (await answer(api.GET('/api/bulk-jobs'))).items,
  })

export const bulkJob = (id: string) =>
  queryOptions({
    queryKey: ['bulk_job', 'one', id],
    queryFn: () => answer(api.GET('/api/bulk-jobs/{id}', { params: { path: { id } } })),
  })

export const bulkItems = (id: string, state: ItemState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['bulk_job', 'items', id, state],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/bulk-jobs/{id}/items', {
          params: { path: { id }, query: { state, cursor: pageParam || undefined, limit: 50 } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

function useJobChange<Input>(change: (input: Input) => Promise<BulkJob>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: job => {
      queries.setQueryData(bulkJob(job.id).queryKey, job)
      queries.invalidateQueries({ queryKey: ['bulk_job'] })
    },
  })
}

export const useStartBulkJob = () =>
  useJobChange((body: NewBulkJob) => answer(api.POST('/api/bulk-jobs', { body })))

export const useCancelBulkJob = () =>
  useJobChange((id: string) =>
    answer(api.PUT('/api/bulk-jobs/{id}/cancellation', { params: { path: { id } } })),
  )

export const useUndoBulkJob = () =>
  useJobChange((id: string) => answer(api.PUT('/api/bulk-jobs/{id}/undo', { params: { path: { id } } })))
