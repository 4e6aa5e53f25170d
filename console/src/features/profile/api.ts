import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../api/client.ts'

export type NotificationSettings = Schemas['NotificationSettings']

export const notificationSettings = () =>
  queryOptions({
    queryKey: ['notification_settings'],
    queryFn: () => answer(api.GET('/api/session/notifications')),
    staleTime: 300_000,
  })

/** Shown at once, so that boxes ticked quickly one after the other build on each other. */
export function useSetNotifications() {
  const queries = useQueryClient()
  const { queryKey } = notificationSettings()
  return useMutation({
    mutationFn: (body: NotificationSettings) => answer(api.PUT('/api/session/notifications', { body })),
    onMutate: settings => void queries.setQueryData(queryKey, settings),
    onError: () => queries.invalidateQueries({ queryKey }),
  })
}

export const useChangePassword = () =>
  useMutation({
    mutationFn: (body: { current: string; next: string }) =>
      answer(api.PUT('/api/session/password', { body })),
  })

export const useBeginTotp = () => useMutation({ mutationFn: () => answer(api.POST('/api/session/totp')) })

export const useConfirmTotp = () =>
  useMutation({ mutationFn: (code: string) => answer(api.PUT('/api/session/totp', { body: { code } })) })

export const useEndTotp = () =>
  useMutation({
    mutationFn: (password: string) => answer(api.DELETE('/api/session/totp', { body: { password } })),
  })
