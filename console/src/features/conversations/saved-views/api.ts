import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../../api/client.ts'

export type SavedView = Schemas['SavedView']
export type Condition = Schemas['Condition']
export type ConditionFields = Schemas['ConditionFields']
export type Field = ConditionFields['fields'][number]
export type NewSavedView = BodyOf<'/api/views', 'post'>
export type SavedViewChange = BodyOf<'/api/views/{id}', 'patch'>

const at = (id: string) => ({ path: { id } })

export const savedViews = () =>
  queryOptions({
    queryKey: ['saved_view', 'list'],
    queryFn: async () => (await answer(api.GET('/api/views'))).items,
    staleTime: 60_000,
  })

/** What looks at the clock changes without an event. */
export const viewCounts = () =>
  queryOptions({
    queryKey: ['conversation', 'view-counts'],
    queryFn: async () => (await answer(api.GET('/api/views/counts'))).items,
    refetchInterval: 10_000,
  })

export const conditionFields = () =>
  queryOptions({
    queryKey: ['condition_field', 'conversation'],
    queryFn: () => answer(api.GET('/api/fields/{record}', { params: { path: { record: 'conversation' } } })),
    staleTime: 300_000,
  })

export const preview = (condition: Condition) =>
  queryOptions({
    queryKey: ['conversation', 'preview', condition],
    queryFn: () => answer(api.POST('/api/views/previews', { body: { condition } })),
    retry: false,
    gcTime: 30_000,
  })

/** The event of a change comes to everybody; who made it sees it before. */
function useWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSettled: () => queries.invalidateQueries({ queryKey: ['saved_view'] }),
  })
}

export const useSaveView = (id: string | undefined) =>
  useWrite((body: NewSavedView & { expectedVersion?: number }) => {
    const { expectedVersion, ...fields } = body
    return id
      ? answer(api.PATCH('/api/views/{id}', { params: at(id), body }))
      : answer(api.POST('/api/views', { body: fields }))
  })

export const useChangeView = () =>
  useWrite(({ id, ...body }: SavedViewChange & { id: string }) =>
    answer(api.PATCH('/api/views/{id}', { params: at(id), body })),
  )

export const useMoveView = () =>
  useWrite(async (moves: { id: string; position: number }[]) => {
    for (const { id, position } of moves)
      await answer(api.PATCH('/api/views/{id}', { params: at(id), body: { position } }))
  })

export const useDeleteView = () =>
  useWrite((id: string) => answer(api.DELETE('/api/views/{id}', { params: at(id) })))
