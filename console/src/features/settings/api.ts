import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../api/client.ts'

export type Store = Schemas['Store']

export const storeList = () =>
  queryOptions({ queryKey: ['store', 'list'], queryFn: () => answer(api.GET('/api/stores')), staleTime: 300_000 })
