import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'

export type Company = Schemas['Company']
export type Store = Schemas['Store']
export type Calendar = Schemas['Calendar']
export type Interval = { from: string; to: string }

const at = (id: string) => ({ path: { id } })

export const company = () =>
  queryOptions({ queryKey: ['company'], queryFn: () => answer(api.GET('/api/company')), staleTime: 300_000 })

export const storeList = () =>
  queryOptions({
    queryKey: ['store', 'list'],
    queryFn: () => answer(api.GET('/api/stores')),
    staleTime: 300_000,
  })

export const calendarList = () =>
  queryOptions({
    queryKey: ['calendar', 'list'],
    queryFn: () => answer(api.GET('/api/calendars')),
    staleTime: 60_000,
  })

export const textList = (storeId: string | undefined) =>
  queryOptions({
    queryKey: ['text', 'list', storeId],
    queryFn: () => answer(api.GET('/api/texts', { params: { query: { storeId } } })),
  })

export const suggestHolidays = (country: string, year: number) =>
  answer(api.GET('/api/calendars/suggestion', { params: { query: { country, year } } }))

function useWrite<Input, Output>(noun: string, write: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: write, onSuccess: () => queries.invalidateQueries({ queryKey: [noun] }) })
}

export const useChangeCompany = () =>
  useWrite('company', (body: BodyOf<'/api/company', 'patch'>) => answer(api.PATCH('/api/company', { body })))

export const useSaveStore = (id: string | undefined) =>
  useWrite('store', (body: BodyOf<'/api/stores', 'post'> & { isArchived?: boolean }) => {
    const { isArchived, ...fresh } = body
    return id
      ? answer(api.PATCH('/api/stores/{id}', { params: at(id), body }))
      : answer(api.POST('/api/stores', { body: fresh }))
  })

export const useSaveCalendar = (known: Calendar | undefined) =>
  useWrite('calendar', (body: BodyOf<'/api/calendars', 'post'>) =>
    known
      ? answer(
          api.PATCH('/api/calendars/{id}', {
            params: at(known.id),
            body: { ...body, expectedVersion: known.version },
          }),
        )
      : answer(api.POST('/api/calendars', { body })),
  )

export const useRemoveCalendar = () =>
  useWrite('calendar', (id: string) => answer(api.DELETE('/api/calendars/{id}', { params: at(id) })))

type TextKey = Schemas['MessageText']['key']

export const useSetText = () =>
  useWrite('text', ({ key, ...body }: BodyOf<'/api/texts/{key}', 'put'> & { key: TextKey }) =>
    answer(api.PUT('/api/texts/{key}', { params: { path: { key } }, body })),
  )
