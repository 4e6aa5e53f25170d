import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type QueryOf, type Schemas } from '../../api/client.ts'

export type ConversationRow = Schemas['Conversation']
export type Message = Schemas['Message']
export type Attachment = Schemas['Attachment']
export type Priority = ConversationRow['priority']
export type StatusCategory = ConversationRow['status']['category']
export type Assignment = Schemas['Assignment']
export type ListFilter = Omit<QueryOf<'/api/conversations'>, 'cursor' | 'limit' | 'customerId' | 'ids'>

export const priorities = ['urgent', 'high', 'normal', 'low'] as const satisfies Priority[]
export const categories = [
  'new',
  'open',
  'waiting_customer',
  'waiting_third_party',
  'scheduled',
  'resolved',
  'closed',
] as const satisfies StatusCategory[]
export const isDone = ({ status }: ConversationRow) =>
  status.category === 'resolved' || status.category === 'closed'

export const pageSize = 50

/** `ids`: of the whole view only those of these. */
export const fetchPage = (filter: ListFilter & { ids?: string }, cursor?: string) =>
  answer(api.GET('/api/conversations', { params: { query: { ...filter, cursor, limit: pageSize } } }))

export const conversationList = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: ['conversation', 'list', filter],
    queryFn: ({ pageParam }) => fetchPage(filter, pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: page => page.next,
    // Comparing thousands of rows field by field on each page costs more than drawing the twelve that show.
    structuralSharing: false,
    staleTime: 10_000,
  })

export const conversation = (id: string) =>
  queryOptions({
    queryKey: ['conversation', 'one', id],
    queryFn: () => answer(api.GET('/api/conversations/{id}', { params: { path: { id } } })),
  })

export const conversationCounts = () =>
  queryOptions({
    queryKey: ['conversation', 'counts'],
    queryFn: () => answer(api.GET('/api/conversations/counts')),
    refetchInterval: 30_000,
  })

export const queue = () =>
  queryOptions({
    queryKey: ['conversation', 'queue'],
    queryFn: () => answer(api.GET('/api/routing/queue')),
    refetchInterval: 15_000,
  })

export const assignments = (id: string) =>
  queryOptions({
    queryKey: ['conversation', 'assignments', id],
    queryFn: () => answer(api.GET('/api/conversations/{id}/assignments', { params: { path: { id } } })),
  })

export const contentCheck = (id: string, text: string) =>
  queryOptions({
    queryKey: ['content-check', id, text],
    queryFn: () =>
      answer(api.POST('/api/conversations/{id}/content-check', { params: { path: { id } }, body: { text } })),
    staleTime: 60_000,
  })

export const statusLabels = () =>
  queryOptions({
    queryKey: ['status_label', 'list'],
    queryFn: () => answer(api.GET('/api/status-labels')),
    staleTime: 300_000,
  })

/** What a change of one conversation answers is shown at once; the lists follow by its event. */
function useChange<Input>(id: string, change: (input: Input) => Promise<ConversationRow>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: row => {
      queries.setQueryData(conversation(id).queryKey, row)
      queries.invalidateQueries({ queryKey: ['conversation', 'assignments', id] })
      queries.invalidateQueries({ queryKey: ['conversation', 'counts'] })
    },
    onError: () => queries.invalidateQueries({ queryKey: conversation(id).queryKey }),
  })
}

const at = (id: string) => ({ path: { id } })

export const useAssign = (id: string) =>
  useChange(id, (body: BodyOf<'/api/conversations/{id}/assignee', 'put'>) =>
    answer(api.PUT('/api/conversations/{id}/assignee', { params: at(id), body })),
  )

export const useEndSnooze = (id: string) =>
  useChange(id, () => answer(api.DELETE('/api/conversations/{id}/snooze', { params: at(id) })))

export function useMerge(id: string) {
  const merge = (intoId: string) =>
    answer(api.PUT('/api/conversations/{id}/merge', { params: at(id), body: { intoId } }))
  return useChange(id, merge)
}

export const useUndoMerge = (id: string) =>
  useChange(id, () => answer(api.DELETE('/api/conversations/{id}/merge', { params: at(id) })))

export const markRead = (id: string, seq: number) =>
  answer(api.PUT('/api/conversations/{id}/read', { params: at(id), body: { seq } }))

export const markUnread = (id: string) =>
  answer(api.DELETE('/api/conversations/{id}/read', { params: at(id) }))

export type StatusLabel = Schemas['StatusLabel']

function useWrite<Input, Output>(noun: string, write: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({ mutationFn: write, onSuccess: () => queries.invalidateQueries({ queryKey: [noun] }) })
}

export const useSaveStatusLabel = (id: string | undefined) =>
  useWrite('status_label', ({ name, category, position }: BodyOf<'/api/status-labels', 'post'>) =>
    id
      ? answer(api.PATCH('/api/status-labels/{id}', { params: at(id), body: { name, position } }))
      : answer(api.POST('/api/status-labels', { body: { name, category, position } })),
  )

export const useRemoveStatusLabel = () =>
  useWrite('status_label', (id: string) => answer(api.DELETE('/api/status-labels/{id}', { params: at(id) })))
