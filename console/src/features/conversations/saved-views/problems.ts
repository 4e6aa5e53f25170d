import { useTranslation } from 'react-i18next'
import type { SavedView } from './api.ts'

const told = ['unknown_field', 'unknown_relation', 'unknown_operator', 'wrong_value'] as const

/** What of a condition is no longer understood, a sentence each. */
export function useProblems(problems: SavedView['problems']): string[] {
  const { t } = useTranslation()
  const lines = problems.map(({ path, code }) => {
    const why = t(`views.problem.${told.find(known => known === code) ?? 'other'}`)
    const part = /^condition\.(?:not\.)?(?:all|any)\.(\d+)/.exec(path)?.[1]
    return part ? t('views.problemOf', { part: Number(part) + 1, why }) : why
  })
  return [...new Set(lines)]
}
