import { queryOptions, useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { answer, api, type Schemas } from './client.ts'

export type Me = Schemas['Me']
export type Availability = Schemas['Availability']

export const session = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: () => answer(api.GET('/api/session')),
    staleTime: 60_000,
    retry: false,
  })

export const setup = () =>
  queryOptions({
    queryKey: ['setup'],
    queryFn: () => answer(api.GET('/api/setup')),
    staleTime: 0,
    retry: false,
  })

export const useMe = () => useSuspenseQuery(session()).data

/** What this person may do, as the server said with the session; never asked by the name of a role. */
export function useMay() {
  const me = useQuery(session()).data
  return (permission: string) => me?.permissions.some(held => held === permission || held === '*') ?? false
}

export function useSetAvailability() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { state: Availability['state']; reason?: string }) =>
      answer(api.PUT('/api/session/availability', { body })),
    onSuccess: (_, { state, reason = null }) =>
      queries.setQueryData(session().queryKey, me => me && { ...me, availability: { state, reason } }),
  })
}

export function useChangeMe() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { locale?: 'zh' | 'en'; name?: string; zone?: string | null; reads?: string[] }) =>
      answer(api.PATCH('/api/session', { body })),
    onSuccess: (me, { locale }) => {
      queries.setQueryData(session().queryKey, me)
      // The names of roles come from the server, in the reader's language.
      if (locale) queries.invalidateQueries()
    },
  })
}

export function useSignOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => answer(api.DELETE('/api/session')),
    // A new page leaves nothing of one person's work in memory for the next.
    onSettled: () => {
      queries.clear()
      sessionStorage.clear()
      window.location.assign('/sign-in')
    },
  })
}
