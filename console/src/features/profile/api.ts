import { useMutation } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'

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
