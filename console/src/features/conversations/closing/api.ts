import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf } from '../../../api/client.ts'
import { conversation } from '../api.ts'
import type { OwnValue } from '../own-fields/api.ts'

export type NewSummary = BodyOf<'/api/conversations/{id}/summary', 'put'>

/** Says why the customer wrote and what came of it, as far as either is new; answers the version that this left. */
export function useClosingWords(id: string) {
  const queries = useQueryClient()
  const params = { path: { id } }
  return useMutation({
    async mutationFn({ reason, values, summary, version }: Said) {
      if (reason)
        ({ version } = await answer(
          api.PUT('/api/conversations/{id}/reason', {
            params,
            body: { reason, expectedVersion: version },
          }),
        ))
      if (Object.keys(values).length > 0)
        ({ version } = await answer(
          api.PUT('/api/conversations/{id}/fields', { params, body: { values, expectedVersion: version } }),
        ))
      if (summary)
        ({ version } = await answer(api.PUT('/api/conversations/{id}/summary', { params, body: summary })))
      return version
    },
    onSettled: () => queries.invalidateQueries({ queryKey: conversation(id).queryKey }),
  })
}

type Said = {
  reason: string | null
  values: Record<string, OwnValue>
  summary: NewSummary | null
  version: number
}
