import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'

export type ClockPolicy = Schemas['ClockPolicy']
export type ConversationClock = Schemas['ClockOfConversation']
export type NewPolicy = BodyOf<'/api/clock-policies', 'post'>

export const policyList = () =>
  queryOptions({ queryKey: ['clock_policy', 'list'], queryFn: () => answer(api.GET('/api/clock-policies')) })

/** Begins with the noun of its events, and is stale with every one of its conversation's. */
export const conversationClocks = (id: string, version: number) =>
  queryOptions({
    queryKey: ['clock', 'of', id, version],
    queryFn: () => answer(api.GET('/api/conversations/{id}/clocks', { params: { path: { id } } })),
  })

export function useEndPolicy() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/clock-policies/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clock_policy'] }),
  })
}

/** A policy is never rewritten: a change begins its next version. */
export function useSavePolicy(id: string | undefined) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: NewPolicy) => {
      const { code: _, kind: __, channel: ___, sites: ____, storeId: _____, ...terms } = body
      return id
        ? answer(api.PATCH('/api/clock-policies/{id}', { params: { path: { id } }, body: terms }))
        : answer(api.POST('/api/clock-policies', { body }))
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clock_policy'] }),
  })
}

export function useMakePromise(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { text: string; dueAt: string }) =>
      answer(api.POST('/api/conversations/{id}/promises', { params: { path: { id } }, body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clock'] }),
  })
}

export function useSettlePromise(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ promiseId, outcome }: { promiseId: string; outcome: 'kept' | 'withdrawn' }) =>
      answer(
        api.PUT('/api/conversations/{id}/promises/{promiseId}', {
          params: { path: { id, promiseId } },
          body: { outcome },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clock'] }),
  })
}
