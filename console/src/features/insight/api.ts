import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect } from 'react'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'
import { onEvent } from '../../api/realtime.ts'

export type Wall = Schemas['Wall']
export type Metric = Schemas['Metric']
export type Figures = Schemas['Figures']
export type Figure = Schemas['Figure']
export type FigureRow = Schemas['FigureRow']
export type WorkDay = Schemas['WorkDays']['items'][number]
export type DataExport = Schemas['DataExport']
export type Question = BodyOf<'/api/insight/figures', 'post'>
export type Move = BodyOf<'/api/moves', 'post'>
export type Cut = Metric['cuts'][number]

export const wall = () =>
  queryOptions({
    queryKey: ['wall'],
    queryFn: () => answer(api.GET('/api/insight/wall')),
    refetchInterval: 15_000,
  })

const pause = 1_000
const heard = /^(conversation|message|clock|staff|queue)\./

/** The floor changes with nearly every event: the first of a burst is looked after at once, the rest a second later. */
export function useLiveWall() {
  const queries = useQueryClient()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let actedAt = 0
    const stop = onEvent(({ name }) => {
      if (!heard.test(name)) return
      timer ??= setTimeout(
        () => {
          timer = undefined
          actedAt = Date.now()
          queries.invalidateQueries({ queryKey: wall().queryKey })
        },
        Math.max(50, actedAt + pause - Date.now()),
      )
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [queries])
}

export const metricList = () =>
  queryOptions({
    queryKey: ['metric', 'list'],
    queryFn: async () => (await answer(api.GET('/api/insight/metrics'))).items,
    staleTime: 300_000,
  })

export const figures = (question: Question) =>
  queryOptions({
    queryKey: ['figure', question],
    queryFn: () => answer(api.POST('/api/insight/figures', { body: question })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

export const figureRows = (question: Question & { key?: string | null }) =>
  infiniteQueryOptions({
    queryKey: ['figure', 'rows', question],
    queryFn: ({ pageParam }) =>
      answer(
        api.POST('/api/insight/figures/rows', {
          body: { ...question, limit: 50, ...(pageParam && { cursor: pageParam }) },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

export const workDays = (date: string) =>
  queryOptions({
    queryKey: ['work_day', date],
    queryFn: () => answer(api.GET('/api/insight/days', { params: { query: { date } } })),
    refetchInterval: 60_000,
  })

export const exportList = () =>
  queryOptions({
    queryKey: ['export', 'list'],
    queryFn: async () => (await answer(api.GET('/api/exports'))).items,
  })

export function useExport() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<'/api/exports', 'post'>) => answer(api.POST('/api/exports', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['export'] }),
  })
}

export function useMove() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Move) => answer(api.POST('/api/moves', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['wall'] }),
  })
}

export const useWhisper = (id: string) =>
  useMutation({
    mutationFn: (body: BodyOf<'/api/conversations/{id}/whispers', 'post'>) =>
      answer(api.POST('/api/conversations/{id}/whispers', { params: { path: { id } }, body })),
  })

export function useSetAway() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, ...body }: BodyOf<'/api/staff/{id}/availability', 'put'> & { id: string }) =>
      answer(api.PUT('/api/staff/{id}/availability', { params: { path: { id } }, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['wall'] }),
  })
}
