import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'

export type Fact = Schemas['Fact']
export type Customer = Schemas['Customer']
export type CustomerRow = Schemas['CustomerRow']
export type TimelineItem = Schemas['TimelineItem']
export type CustomField = Schemas['CustomField']

const at = (id: string) => ({ path: { id } })

export const customer = (id: string) =>
  queryOptions({
    queryKey: ['customer', 'one', id],
    queryFn: () => answer(api.GET('/api/customers/{id}', { params: at(id) })),
    staleTime: 30_000,
  })

export const customerList = (search: string) =>
  infiniteQueryOptions({
    queryKey: ['customer', 'list', search],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/customers', {
          params: { query: { search: search || undefined, cursor: pageParam || undefined, limit: 50 } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
    staleTime: 10_000,
  })

export const timeline = (id: string, kinds: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['customer', 'timeline', id, kinds],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/customers/{id}/timeline', {
          params: { ...at(id), query: { kinds, cursor: pageParam || undefined, limit: 100 } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

export const conversationsOf = (customerId: string) =>
  queryOptions({
    queryKey: ['conversation', 'of', customerId],
    queryFn: async () => {
      const query = { customerId, sort: 'activity', limit: 50 } as const
      return (await answer(api.GET('/api/conversations', { params: { query } }))).items
    },
    staleTime: 15_000,
  })

export const factHistory = (id: string, field: string) =>
  queryOptions({
    queryKey: ['customer', 'fact', id, field],
    queryFn: () =>
      answer(api.GET('/api/customers/{id}/facts', { params: { ...at(id), query: { field, limit: 20 } } })),
  })

export const customFields = () =>
  queryOptions({
    queryKey: ['custom_field', 'list'],
    queryFn: () => answer(api.GET('/api/custom-fields')),
    staleTime: 300_000,
  })

export function useCreateCustomField() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<'/api/custom-fields', 'post'>) =>
      answer(api.POST('/api/custom-fields', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['custom_field'] }),
  })
}

export function useCreateCustomer() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<'/api/customers', 'post'>) => answer(api.POST('/api/customers', { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['customer', 'list'] }),
  })
}

/** Whatever is changed about a customer, all that shows him is fetched again. */
export function useCustomerChanges(id: string) {
  const queries = useQueryClient()
  const use = <Input>(change: (input: Input) => Promise<unknown>) =>
    // biome-ignore lint/correctness/useHookAtTopLevel: called a fixed number of times, right below
    useMutation({
      mutationFn: change,
      onSettled: () => queries.invalidateQueries({ queryKey: ['customer'] }),
    })
  return {
    change: use((body: BodyOf<'/api/customers/{id}', 'patch'>) =>
      answer(api.PATCH('/api/customers/{id}', { params: at(id), body })),
    ),
    tag: use((tags: string[]) =>
      answer(api.PUT('/api/customers/{id}/tags', { params: at(id), body: { tags } })),
    ),
    addIdentity: use((body: BodyOf<'/api/customers/{id}/identities', 'post'>) =>
      answer(api.POST('/api/customers/{id}/identities', { params: at(id), body })),
    ),
    removeIdentity: use((identityId: string) =>
      answer(
        api.DELETE('/api/customers/{id}/identities/{identityId}', { params: { path: { id, identityId } } }),
      ),
    ),
    verify: use((identityId: string) =>
      answer(
        api.PUT('/api/customers/{id}/identities/{identityId}/verification', {
          params: { path: { id, identityId } },
        }),
      ),
    ),
    note: use(({ field, value }: { field: string; value: string }) =>
      answer(
        api.PUT('/api/customers/{id}/facts/{field}', {
          params: { path: { id, field } },
          body: { value, source: 'staff', legalBasis: null },
        }),
      ),
    ),
    mergeInto: use((intoId: string) =>
      answer(api.PUT('/api/customers/{id}/merge', { params: at(id), body: { intoId } })),
    ),
  }
}

/** `id` is the one who was merged away. */
export function useUndoMerge() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/customers/{id}/merge', { params: at(id) })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['customer'] }),
  })
}

/** One hidden detail, for a reason. */
export function useRevealDetail(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<'/api/customers/{id}/reveals', 'post'>) =>
      answer(api.POST('/api/customers/{id}/reveals', { params: at(id), body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['customer', 'reveals', id] }),
  })
}

export const revealsOf = (id: string) =>
  queryOptions({
    queryKey: ['customer', 'reveals', id],
    queryFn: () => answer(api.GET('/api/customers/{id}/reveals', { params: at(id) })),
  })

/** Whole addresses and numbers; each look goes on record. */
export const useReveal = (id: string) =>
  useMutation({ mutationFn: () => answer(api.POST('/api/customers/{id}/reveal', { params: at(id) })) })
