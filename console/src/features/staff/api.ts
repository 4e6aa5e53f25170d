import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'
import { useMay } from '../../api/session.ts'
import type { Locale } from '../../i18n/index.ts'

export type Staff = Schemas['Staff']
export type Team = Schemas['Team']
export type Role = Schemas['Role']
export type Invitation = Schemas['Invitation']
export type ApiKey = Schemas['ApiKey']
export type Giver = Schemas['IdentityGiver']
export type GiverTrial = Schemas['GiverTrial']

const at = (id: string) => ({ path: { id } })

export const staffList = () =>
  queryOptions({
    queryKey: ['staff', 'list'],
    queryFn: () => answer(api.GET('/api/staff')),
    staleTime: 30_000,
  })

export const teamList = () =>
  queryOptions({
    queryKey: ['team', 'list'],
    queryFn: () => answer(api.GET('/api/teams')),
    staleTime: 300_000,
  })

/** Colleagues and teams, for who may see them; for others there are none. */
export const useStaff = () => useQuery({ ...staffList(), enabled: useMay()('staff:read') }).data?.items
export const useTeams = () => useQuery({ ...teamList(), enabled: useMay()('staff:read') }).data?.items

export const roleList = () =>
  queryOptions({
    queryKey: ['role', 'list'],
    queryFn: () => answer(api.GET('/api/roles')),
    staleTime: 60_000,
  })

export const permissionList = () =>
  queryOptions({
    queryKey: ['permission'],
    queryFn: () => answer(api.GET('/api/permissions')),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const invitationList = () =>
  queryOptions({ queryKey: ['invitation', 'list'], queryFn: () => answer(api.GET('/api/invitations')) })

export const invitation = (token: string, locale: Locale) =>
  queryOptions({
    queryKey: ['invitation', token, locale],
    queryFn: () =>
      answer(
        api.GET('/api/invitations/by-token/{token}', { params: { path: { token }, query: { locale } } }),
      ),
    retry: false,
  })

export const apiKeyList = () =>
  queryOptions({ queryKey: ['api_key', 'list'], queryFn: () => answer(api.GET('/api/api-keys')) })

/** What is written about one noun makes that noun, and the lists of staff that show it, fetch again. */
function useWrite<Input, Output>(noun: string, write: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: [noun] })
      queries.invalidateQueries({ queryKey: ['staff'] })
    },
  })
}

export const useChangeStaff = (id: string) =>
  useWrite('staff', (body: BodyOf<'/api/staff/{id}', 'patch'>) =>
    answer(api.PATCH('/api/staff/{id}', { params: at(id), body })),
  )

export const useSetDeactivated = (id: string) =>
  useWrite('staff', (deactivated: boolean) =>
    deactivated
      ? answer(api.PUT('/api/staff/{id}/deactivation', { params: at(id) }))
      : answer(api.DELETE('/api/staff/{id}/deactivation', { params: at(id) })),
  )

export const useIssuePasswordReset = (id: string) =>
  useMutation({ mutationFn: () => answer(api.POST('/api/staff/{id}/password-reset', { params: at(id) })) })

export const useResetSecondFactor = (id: string) =>
  useWrite('staff', () => answer(api.POST('/api/staff/{id}/second-factor-reset', { params: at(id) })))

export const passwordReset = (token: string) =>
  queryOptions({
    queryKey: ['password_reset', token],
    queryFn: () => answer(api.GET('/api/password-resets/by-token/{token}', { params: { path: { token } } })),
    retry: false,
  })

export const useResetPassword = (token: string) =>
  useMutation({
    mutationFn: (body: BodyOf<'/api/password-resets/by-token/{token}/password', 'put'>) =>
      answer(
        api.PUT('/api/password-resets/by-token/{token}/password', { params: { path: { token } }, body }),
      ),
  })

export const useInvite = () =>
  useWrite('invitation', (body: BodyOf<'/api/invitations', 'post'>) =>
    answer(api.POST('/api/invitations', { body })),
  )

export const useWithdrawInvitation = () =>
  useWrite('invitation', (id: string) => answer(api.DELETE('/api/invitations/{id}', { params: at(id) })))

export const useAcceptInvitation = (token: string) =>
  useMutation({
    mutationFn: (body: BodyOf<'/api/invitations/by-token/{token}/acceptance', 'post'>) =>
      answer(api.POST('/api/invitations/by-token/{token}/acceptance', { params: { path: { token } }, body })),
  })

export const useSaveTeam = (id: string | undefined) =>
  useWrite('team', (body: BodyOf<'/api/teams', 'post'>) =>
    id
      ? answer(api.PATCH('/api/teams/{id}', { params: at(id), body }))
      : answer(api.POST('/api/teams', { body })),
  )

export const useRemoveTeam = () =>
  useWrite('team', (id: string) => answer(api.DELETE('/api/teams/{id}', { params: at(id) })))

export const useSaveRole = (id: string | undefined) =>
  useWrite('role', (body: BodyOf<'/api/roles', 'post'>) =>
    id
      ? answer(api.PATCH('/api/roles/{id}', { params: at(id), body }))
      : answer(api.POST('/api/roles', { body })),
  )

export const useRemoveRole = () =>
  useWrite('role', (id: string) => answer(api.DELETE('/api/roles/{id}', { params: at(id) })))

export const useCreateApiKey = () =>
  useWrite('api_key', (body: BodyOf<'/api/api-keys', 'post'>) => answer(api.POST('/api/api-keys', { body })))

export const useRotateApiKey = (id: string) =>
  useWrite('api_key', (overlapHours: number) =>
    answer(api.POST('/api/api-keys/{id}/rotation', { params: at(id), body: { overlapHours } })),
  )

export const giverList = () =>
  queryOptions({
    queryKey: ['identity_giver', 'list'],
    queryFn: () => answer(api.GET('/api/identity-givers')),
  })

export const useCreateGiver = () =>
  useWrite('identity_giver', (body: BodyOf<'/api/identity-givers', 'post'>) =>
    answer(api.POST('/api/identity-givers', { body })),
  )

export const useChangeGiver = () =>
  useWrite(
    'identity_giver',
    ({ id, ...body }: { id: string } & BodyOf<'/api/identity-givers/{id}', 'patch'>) =>
      answer(api.PATCH('/api/identity-givers/{id}', { params: at(id), body })),
  )

export const useRemoveGiver = () =>
  useWrite('identity_giver', (id: string) =>
    answer(api.DELETE('/api/identity-givers/{id}', { params: at(id) })),
  )

export const useTryGiver = () =>
  useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/identity-givers/{id}/trial', { params: at(id) })),
  })

export const useRevokeApiKey = () =>
  useWrite('api_key', (id: string) => answer(api.DELETE('/api/api-keys/{id}', { params: at(id) })))
