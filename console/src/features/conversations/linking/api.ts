import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../../api/client.ts'
import type { ConversationRow } from '../api.ts'

export type ConversationLink = Schemas['ConversationLink']
export type LinkKind = ConversationLink['kind']
export const linkKinds = ['related', 'duplicate', 'follows', 'followed_by'] as const satisfies LinkKind[]

/** What a dialog offers to link to. */
export type Candidate = Pick<NonNullable<ConversationLink['other']>, 'id' | 'number' | 'subject'> & {
  customer: { name: string }
  category: ConversationRow['status']['category']
  lastActivityAt: string
}

const at = (id: string) => ({ path: { id } })

export const links = (id: string) =>
  queryOptions({
    queryKey: ['conversation', 'links', id],
    queryFn: async () => (await answer(api.GET('/api/conversations/{id}/links', { params: at(id) }))).items,
    staleTime: 15_000,
  })

/** By its number, by words in it, or all of a customer's by his name. */
export const candidates = (q: string) =>
  queryOptions({
    queryKey: ['search', 'candidates', q],
    queryFn: async ({ signal }): Promise<Candidate[]> => {
      const query = { q, limit: 10 }
      const { numbered, items, customers } = await answer(
        api.GET('/api/search', { params: { query }, signal }),
      )
      const ofCustomers = await Promise.all(
        customers.slice(0, 3).map(({ id }) => conversationsOf(id, signal)),
      )
      const found = [
        ...(numbered ? [numbered] : []),
        ...ofCustomers.flat(),
        ...items.map(({ conversation }) => conversation),
      ]
      return [...new Map(found.map(one => [one.id, one])).values()]
    },
    staleTime: 10_000,
  })

async function conversationsOf(customerId: string, signal: AbortSignal) {
  const query = { customerId, sort: 'activity', limit: 5 } as const
  const { items } = await answer(api.GET('/api/conversations', { params: { query }, signal }))
  return items.map(candidateOf)
}

export const candidateOf = ({
  id,
  number,
  subject,
  preview,
  customer,
  status,
  lastActivityAt,
}: ConversationRow) => ({
  ...{ id, number, customer, lastActivityAt, category: status.category },
  subject: subject ?? preview?.text ?? null,
})

export function useLink(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<'/api/conversations/{id}/links', 'post'>) =>
      answer(api.POST('/api/conversations/{id}/links', { params: at(id), body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['conversation', 'links'] }),
  })
}

export function useUnlink(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (linkId: string) =>
      answer(api.DELETE('/api/conversations/{id}/links/{linkId}', { params: { path: { id, linkId } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['conversation', 'links'] }),
  })
}
