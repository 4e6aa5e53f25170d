import { queryOptions, useMutation } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'

export const useSignIn = () =>
  useMutation({
    mutationFn: (body: { email: string; password: string }) => answer(api.POST('/api/session', { body })),
  })

export const signInWays = () =>
  queryOptions({ queryKey: ['session', 'ways'], queryFn: () => answer(api.GET('/api/session/ways')) })

export const useGiverTrip = () =>
  useMutation({
    mutationFn: (body: { giverId: string; next: string }) =>
      answer(api.POST('/api/session/giver-trips', { body })),
  })

export const useSecondFactor = () =>
  useMutation({
    mutationFn: (code: string) => answer(api.POST('/api/session/second-factor', { body: { code } })),
  })
