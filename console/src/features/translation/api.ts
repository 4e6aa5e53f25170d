import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api, type BodyOf, type Schemas } from '../../api/client.ts'

export type Provider = Schemas['TranslationProvider']
export type TranslationSettings = Schemas['TranslationSettings']
export type GlossaryTerm = Schemas['GlossaryTerm']
export type Costs = Schemas['TranslationCosts']
export type Trial = Schemas['TranslationTrial']
export type NewProvider = BodyOf<'/api/translation-providers', 'post'>
export type Price = BodyOf<'/api/translation-providers/{id}/price', 'put'>
export type NewTerm = BodyOf<'/api/glossary-terms', 'post'>

export const providerList = () =>
  queryOptions({
    queryKey: ['translation_provider', 'list'],
    queryFn: () => answer(api.GET('/api/translation-providers')),
  })

export const translationSettings = () =>
  queryOptions({
    queryKey: ['translation_provider', 'settings'],
    queryFn: () => answer(api.GET('/api/translation-settings')),
  })

export const translationCosts = (from: string, to: string) =>
  queryOptions({
    queryKey: ['translation_provider', 'costs', from, to],
    queryFn: () => answer(api.GET('/api/translation-costs', { params: { query: { from, to } } })),
  })

export const glossary = () =>
  queryOptions({
    queryKey: ['glossary_term', 'list'],
    queryFn: () => answer(api.GET('/api/glossary-terms')),
  })

export const exportAddress = '/api/glossary-terms/export'

function useChange<Input, Answer>(noun: string, change: (input: Input) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: [noun] }),
  })
}

export const useChangeSettings = () =>
  useChange('translation_provider', (body: BodyOf<'/api/translation-settings', 'patch'>) =>
    answer(api.PATCH('/api/translation-settings', { body })),
  )

export const useCreateProvider = () =>
  useChange('translation_provider', (body: NewProvider) =>
    answer(api.POST('/api/translation-providers', { body })),
  )

export const useChangeProvider = (id: string) =>
  useChange('translation_provider', (body: BodyOf<'/api/translation-providers/{id}', 'patch'>) =>
    answer(api.PATCH('/api/translation-providers/{id}', { params: { path: { id } }, body })),
  )

export const useChangePrice = (id: string) =>
  useChange('translation_provider', (body: Price) =>
    answer(api.PUT('/api/translation-providers/{id}/price', { params: { path: { id } }, body })),
  )

export const useRemoveProvider = () =>
  useChange('translation_provider', (id: string) =>
    answer(api.DELETE('/api/translation-providers/{id}', { params: { path: { id } } })),
  )

export const useTryProvider = () =>
  useChange('translation_provider', ({ id, to }: { id: string; to: string }) =>
    answer(api.POST('/api/translation-providers/{id}/trial', { params: { path: { id } }, body: { to } })),
  )

export const useSaveTerm = (id: string | undefined) =>
  useChange('glossary_term', (body: NewTerm) =>
    id
      ? answer(api.PUT('/api/glossary-terms/{id}', { params: { path: { id } }, body }))
      : answer(api.POST('/api/glossary-terms', { body })),
  )

export const useRemoveTerm = () =>
  useChange('glossary_term', (id: string) =>
    answer(api.DELETE('/api/glossary-terms/{id}', { params: { path: { id } } })),
  )

export const useImportGlossary = () =>
  useChange('glossary_term', (csv: string) =>
    answer(api.POST('/api/glossary-terms/import', { body: { csv } })),
  )
