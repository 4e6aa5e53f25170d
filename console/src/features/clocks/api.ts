import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'

export type ClockPolicy = Schemas['ClockPolicy']

export const policyList = () =>
  queryOptions({ queryKey: ['clock_policy', 'list'], queryFn: () => answer(api.GET('/api/clock-policies')) })

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
    mutationFn: (body: BodyOf<'/api/clock-policies', 'post'>) => {
      const { name, windowSeconds, calendar, warnAt, source, verifiedAt } = body
      return id
        ? answer(
            api.PATCH('/api/clock-policies/{id}', {
              params: { path: { id } },
              body: { name, windowSeconds, calendar, warnAt, source, verifiedAt },
            }),
          )
        : answer(api.POST('/api/clock-policies', { body }))
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['clock_policy'] }),
  })
}
