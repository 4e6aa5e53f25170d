import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../../api/client.ts'
import { useMay } from '../../../api/session.ts'
import { customer } from '../api.ts'

export type BlockedSender = Schemas['BlockedSender']

const at = (id: string) => ({ path: { id } })

export const blockedSenders = () =>
  infiniteQueryOptions({
    queryKey: ['customer', 'blocked', 'list'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/blocked-senders', { params: { query: { cursor: pageParam || undefined, limit: 50 } } }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

/** `id` is that of his identity. Asked once by whoever is about to unblock him: after that there is none. */
export const blockedSender = (id: string) =>
  queryOptions({
    queryKey: ['blocked_sender', id],
    queryFn: () => answer(api.GET('/api/identities/{id}/block', { params: at(id) })),
    staleTime: 0,
    gcTime: 0,
  })

/** As whom the customer wrote a conversation; unknown to who may not see customers. */
export const useSender = (row: { identityId: string; customer: { id: string } }) =>
  useQuery({ ...customer(row.customer.id), enabled: useMay()('customers:read') }).data?.identities.find(
    ({ id }) => id === row.identityId,
  )

export function useBlock() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.PUT('/api/identities/{id}/block', { params: at(id) })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['customer'] }),
  })
}

export function useUnblock() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, takeIn }: { id: string; takeIn: boolean }) =>
      answer(
        api.DELETE('/api/identities/{id}/block', {
          params: { ...at(id), query: { takeIn: takeIn ? 'true' : 'false' } },
        }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['customer'] }),
  })
}
