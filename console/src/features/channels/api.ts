import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type QueryOf, type Schemas } from '../../api/client.ts'

export type Channel = Schemas['Channel']
export type InboundItem = Schemas['InboundItem']
export type InboundDetail = Schemas['InboundDetail']
export type Delivery = Schemas['Delivery']
export type InboundState = InboundItem['state']
export type DeliveryState = Delivery['state']

export type WebChatSettings = {
  greeting: string
  colour: string | null
  position: 'start' | 'end'
  requireContactWhenClosed: boolean
  allowedOrigins: string[]
  enforceIdentity: boolean
  reopenDays: number
}
export type ApiSettings = {
  webhookUrl: string | null
  timeoutSeconds: number
  reopenDays: number
  marketplace?: string | null
  site?: string | null
}

const at = (id: string) => ({ path: { id } })

export const channelList = () =>
  queryOptions({
    queryKey: ['channel', 'list'],
    queryFn: () => answer(api.GET('/api/channels')),
    staleTime: 60_000,
  })

export const channel = (id: string) =>
  queryOptions({
    queryKey: ['channel', 'one', id],
    queryFn: () => answer(api.GET('/api/channels/{id}', { params: at(id) })),
  })

export const inboundList = (filter: Omit<QueryOf<'/api/inbound'>, 'cursor' | 'limit'>) =>
  infiniteQueryOptions({
    queryKey: ['inbound', 'list', filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/inbound', {
          params: { query: { ...filter, cursor: pageParam || undefined, limit: 50 } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

export const inboundItem = (id: number) =>
  queryOptions({
    queryKey: ['inbound', 'one', id],
    queryFn: () => answer(api.GET('/api/inbound/{id}', { params: { path: { id } } })),
  })

export const deliveryList = (filter: Omit<QueryOf<'/api/deliveries'>, 'cursor' | 'limit'>) =>
  infiniteQueryOptions({
    queryKey: ['delivery', 'list', filter],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/deliveries', {
          params: { query: { ...filter, cursor: pageParam || undefined, limit: 50 } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

function useWrite<Input, Output>(noun: string, write: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: write, onSuccess: () => queries.invalidateQueries({ queryKey: [noun] }) })
}

export const useCreateChannel = () =>
  useWrite('channel', (body: BodyOf<'/api/channels', 'post'>) => answer(api.POST('/api/channels', { body })))

export const useChangeChannel = (id: string) =>
  useWrite('channel', (body: BodyOf<'/api/channels/{id}', 'patch'>) =>
    answer(api.PATCH('/api/channels/{id}', { params: at(id), body })),
  )

export const useRotateSecret = (id: string) =>
  useWrite('channel', () => answer(api.PUT('/api/channels/{id}/secret', { params: at(id) })))

export const useEndPreviousSecret = (id: string) =>
  useWrite('channel', () => answer(api.DELETE('/api/channels/{id}/previous-secret', { params: at(id) })))

export const useRetryInbound = () =>
  useWrite('inbound', (id: number) =>
    answer(api.PUT('/api/inbound/{id}/retry', { params: { path: { id } } })),
  )

export const useReplay = () =>
  useWrite('delivery', (id: string) => answer(api.PUT('/api/deliveries/{id}/replay', { params: at(id) })))
