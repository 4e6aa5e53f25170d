import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'

export type Queue = Schemas['Queue']
export type QueueTerms = Required<BodyOf<'/api/queues', 'post'>>
export type ChannelWeight = Schemas['ChannelWeight']
export type Simulation = Schemas['Simulation']
export type Played = NonNullable<BodyOf<'/api/routing/simulations', 'post'>['queues']>[number]

export const queueList = () =>
  queryOptions({ queryKey: ['queue', 'list'], queryFn: () => answer(api.GET('/api/queues')) })

export const weightList = () =>
  queryOptions({
    queryKey: ['channel_weight', 'list'],
    queryFn: () => answer(api.GET('/api/routing/weights')),
  })

export function useSaveQueue(queue: Queue | undefined) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: QueueTerms) =>
      queue
        ? answer(
            api.PATCH('/api/queues/{id}', {
              params: { path: { id: queue.id } },
              body: { ...body, expectedVersion: queue.version },
            }),
          )
        : answer(api.POST('/api/queues', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['queue'] }),
  })
}

export function useOrderQueues() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (ids: string[]) => answer(api.PUT('/api/queues/order', { body: { ids } })),
    onSuccess: items => queries.setQueryData(queueList().queryKey, items),
  })
}

export function useRemoveQueue() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/queues/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['queue'] }),
  })
}

export function useChangeWeight() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ channelKind, ...body }: Pick<ChannelWeight, 'channelKind' | 'units' | 'source'>) =>
      answer(api.PUT('/api/routing/weights/{channelKind}', { params: { path: { channelKind } }, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['channel_weight'] }),
  })
}

export const useSimulate = () =>
  useMutation({
    mutationFn: (body: BodyOf<'/api/routing/simulations', 'post'>) =>
      answer(api.POST('/api/routing/simulations', { body })),
  })
