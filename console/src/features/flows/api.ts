import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../api/client.ts'
import type { Condition } from '../conversations/saved-views/api.ts'

export type Flow = Schemas['Flow']
export type FlowRun = Schemas['FlowRun']
export type DryRun = Schemas['FlowDryRun']
export type Described = Schemas['TriggerDescription']

/** As the server understands it; a draft may lack anything. */
export type Step =
  | { do: 'act'; action: { code: string; params: Record<string, unknown> }; ifRefused?: 'go_on' | 'stop' }
  | { do: 'wait'; n: number; unit: WaitUnit; orUntil?: string | null; onlyIfStill?: boolean }
  | { do: 'branch'; if: Condition; yes: Step[]; no: Step[] }
  | { do: 'stop' }
export type WaitUnit = (typeof waitUnits)[number]
export const waitUnits = ['minutes', 'hours', 'days', 'business_hours'] as const

export type Draft = {
  trigger: { code: string; params: Record<string, unknown> }
  condition: Condition
  steps: Step[]
  stopsOthers: boolean
  limits: { perHour: number; sendsPerHour: number; perRecordHour: number }
}

export const fresh: Draft = {
  trigger: { code: 'opened', params: {} },
  condition: { all: [] },
  steps: [],
  stopsOthers: false,
  limits: { perHour: 1_000, sendsPerHour: 200, perRecordHour: 10 },
}

export const draftOf = ({ draft }: Pick<Flow, 'draft'>): Draft => ({ ...fresh, ...(draft as Partial<Draft>) })

const at = (id: string) => ({ params: { path: { id } } })
const conversation = { params: { path: { record: 'conversation' } } }

export const flowList = () =>
  queryOptions({
    queryKey: ['flow', 'list'],
    queryFn: async () => (await answer(api.GET('/api/flows'))).items,
    refetchInterval: 30_000,
  })

export const flow = (id: string) =>
  queryOptions({ queryKey: ['flow', id], queryFn: () => answer(api.GET('/api/flows/{id}', at(id))) })

export const triggerList = () =>
  queryOptions({
    queryKey: ['trigger', 'conversation'],
    queryFn: async () => (await answer(api.GET('/api/triggers/{record}', conversation))).items,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const runList = (id: string, state: FlowRun['state'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['flow', id, 'runs', state],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/flows/{id}/runs', {
          params: {
            path: { id },
            query: { ...(pageParam && { cursor: pageParam }), ...(state && { state }) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next,
  })

/** What flows did to a conversation changes with it. */
export const runsOfConversation = (id: string) =>
  queryOptions({
    queryKey: ['conversation', id, 'flow-runs'],
    queryFn: async () => (await answer(api.GET('/api/conversations/{id}/flow-runs', at(id)))).items,
  })

export const dryRun = (draft: Draft, recordId: string | undefined) =>
  queryOptions({
    queryKey: ['flow', 'dry-run', draft, recordId],
    queryFn: () =>
      answer(api.POST('/api/flows/dry-runs', { body: { draft, ...(recordId && { recordId }) } })),
    retry: false,
    gcTime: 30_000,
  })

function useWrite<Input, Output>(write: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSettled: () => queries.invalidateQueries({ queryKey: ['flow'] }),
  })
}

export const useCreateFlow = () =>
  useWrite((name: string) => answer(api.POST('/api/flows', { body: { name, draft: fresh } })))
export const useSaveFlow = (id: string) =>
  useWrite((body: { name: string; draft: Draft; expectedVersion: number }) =>
    answer(api.PATCH('/api/flows/{id}', { ...at(id), body })),
  )
export const usePublishFlow = (id: string) =>
  useWrite((expectedVersion: number) =>
    answer(api.PUT('/api/flows/{id}/publication', { ...at(id), body: { expectedVersion } })),
  )
export const useSwitchFlow = () =>
  useWrite(({ id, state }: { id: string; state: 'on' | 'off' }) =>
    answer(api.PUT('/api/flows/{id}/state', { ...at(id), body: { state } })),
  )
/** Shown at once, so that one can go on moving; the moves are told one after the other. */
export function useOrderFlows() {
  const queries = useQueryClient()
  return useMutation({
    mutationKey: ['flow', 'order'],
    scope: { id: 'flow-order' },
    mutationFn: (ids: string[]) => answer(api.PUT('/api/flows/order', { body: { ids } })),
    onMutate: async ids => {
      await queries.cancelQueries({ queryKey: flowList().queryKey })
      queries.setQueryData(flowList().queryKey, flows =>
        ids.flatMap(id => flows?.find(flow => flow.id === id) ?? []),
      )
    },
    onSettled: () =>
      queries.isMutating({ mutationKey: ['flow', 'order'] }) > 1
        ? undefined
        : queries.invalidateQueries({ queryKey: ['flow'] }),
  })
}
export const useRemoveFlow = () => useWrite((id: string) => answer(api.DELETE('/api/flows/{id}', at(id))))
