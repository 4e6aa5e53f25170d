import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api, type QueryOf, type Schemas } from '../../api/client.ts'

export type Results = Schemas['SearchResults']
export type Hit = Schemas['SearchHit']
export type Found = Schemas['FoundConversation']
export type SearchFilter = Omit<QueryOf<'/api/search'>, 'cursor' | 'limit' | 'conversationId' | 'mine'> & {
  mine?: true
}

export const kinds = ['customer', 'reply', 'note'] as const
export const channels = ['web_chat', 'api', 'mail'] as const

const fetchResults = (query: QueryOf<'/api/search'>, signal: AbortSignal) =>
  answer(api.GET('/api/search', { params: { query }, signal }))

export const searchPages = ({ mine, ...filter }: SearchFilter) =>
  infiniteQueryOptions({
    queryKey: ['search', filter, mine],
    queryFn: ({ pageParam, signal }) =>
      fetchResults({ ...filter, mine: mine && 'true', cursor: pageParam || undefined }, signal),
    initialPageParam: '',
    getNextPageParam: page => page.next,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    // Back from a conversation the results stand where they stood.
    gcTime: 10 * 60_000,
  })

export const searchInside = (conversationId: string, q: string) =>
  queryOptions({
    queryKey: ['search', 'inside', conversationId, q],
    queryFn: async ({ signal }) =>
      (await fetchResults({ q, conversationId }, signal)).items[0] ?? { hits: [], hitCount: 0 },
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 10_000,
  })
