import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf } from '../../../api/client.ts'
import { type ConversationRow, conversation, type Message } from '../api.ts'

const at = (id: string) => ({ path: { id } })

/** They stand where they were written, and change no more. */
export const splitMessages = (id: string) =>
  queryOptions({
    queryKey: ['conversation', 'split-messages', id],
    queryFn: async () =>
      (await answer(api.GET('/api/conversations/{id}/split-messages', { params: at(id) }))).items,
    staleTime: 10 * 60_000,
  })

export function useSplit(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<'/api/conversations/{id}/splits', 'post'>) =>
      answer(api.POST('/api/conversations/{id}/splits', { params: at(id), body })),
    onSuccess: row => {
      queries.setQueryData(conversation(row.id).queryKey, row)
      queries.invalidateQueries({ queryKey: ['conversation', 'links'] })
    },
  })
}

/** Only a mail says what it answers: in other channels a customer has one conversation before him at a time. */
export const canSplit = ({ channel, mergedIntoId, isSpam }: ConversationRow) =>
  channel.kind === 'mail' && mergedIntoId === null && !isSpam

/** The messages that were split off before, by the conversation each is in since. */
export const splitOffIn = (items: readonly Message[]) =>
  new Map(
    items.flatMap(({ system }) => {
      if (system?.event !== 'conversation.split_off') return []
      const { seqs, number } = system.params as { seqs: number[]; number: number }
      return seqs.map(seq => [seq, number] as const)
    }),
  )
