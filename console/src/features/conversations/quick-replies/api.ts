import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../../api/client.ts'
import { conversation } from '../api.ts'

export type QuickReply = Schemas['QuickReply']
export type QuickReplyEffect = Schemas['QuickReplyEffect']
export type QuickReplyUse = Schemas['QuickReplyUse']
export type Variable = Schemas['VariableValue']
export type Step = QuickReply['steps'][number]
export type QuickReplyFields = BodyOf<'/api/quick-replies', 'post'>

export const quickReplies = () =>
  queryOptions({
    queryKey: ['quick_reply', 'list'],
    queryFn: () => answer(api.GET('/api/quick-replies')),
    staleTime: 300_000,
  })

/** `version`: of the conversation, since what it would change follows from how that stands. */
export const quickReplyEffect = (conversationId: string, version: number, quickReplyId: string) =>
  queryOptions({
    queryKey: ['quick_reply', 'effect', conversationId, version, quickReplyId],
    queryFn: () =>
      answer(
        api.POST('/api/conversations/{id}/quick-reply-previews', {
          params: { path: { id: conversationId } },
          body: { quickReplyId },
        }),
      ),
    staleTime: 60_000,
  })

export const variablesOf = (conversationId: string) =>
  queryOptions({
    queryKey: ['variable', conversationId],
    queryFn: () =>
      answer(api.GET('/api/conversations/{id}/variables', { params: { path: { id: conversationId } } })),
    staleTime: 30_000,
  })

export const variableNames = () =>
  queryOptions({
    queryKey: ['variable', 'names'],
    queryFn: () =>
      answer(api.GET('/api/variables/{record}', { params: { path: { record: 'conversation' } } })),
    staleTime: 300_000,
  })

const at = (id: string) => ({ path: { id } })

function useWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['quick_reply'] }),
  })
}

export const useSaveQuickReply = (known: QuickReply | undefined) =>
  useWrite(({ isPersonal, ...fields }: QuickReplyFields) =>
    known
      ? answer(
          api.PATCH('/api/quick-replies/{id}', {
            params: at(known.id),
            body: { ...fields, expectedVersion: known.version },
          }),
        )
      : answer(api.POST('/api/quick-replies', { body: { ...fields, isPersonal } })),
  )

export const useRemoveQuickReply = () =>
  useWrite((id: string) => answer(api.DELETE('/api/quick-replies/{id}', { params: at(id) })))

/** What using it, or taking it back, answers of the conversation is shown at once. */
export function useQuickReplyUses(conversationId: string) {
  const queries = useQueryClient()
  const show = (row: QuickReplyUse['conversation']) => {
    queries.setQueryData(conversation(conversationId).queryKey, row)
    queries.invalidateQueries({ queryKey: ['quick_reply', 'list'] })
  }
  const start = useMutation({
    mutationFn: (body: BodyOf<'/api/conversations/{id}/quick-reply-uses', 'post'>) =>
      answer(api.POST('/api/conversations/{id}/quick-reply-uses', { params: at(conversationId), body })),
    onSuccess: ({ conversation }) => show(conversation),
  })
  const undo = useMutation({
    mutationFn: (useId: string) =>
      answer(
        api.DELETE('/api/conversations/{id}/quick-reply-uses/{useId}', {
          params: { path: { id: conversationId, useId } },
        }),
      ),
    onSuccess: show,
  })
  return { start, undo }
}
