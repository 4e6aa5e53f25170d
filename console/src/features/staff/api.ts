import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../api/client.ts'

export type Staff = Schemas['Staff']
export type Team = Schemas['Team']

export const staffList = () =>
  queryOptions({ queryKey: ['staff', 'list'], queryFn: () => answer(api.GET('/api/staff')), staleTime: 30_000 })

export const teamList = () =>
  queryOptions({ queryKey: ['team', 'list'], queryFn: () => answer(api.GET('/api/teams')), staleTime: 300_000 })
