import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useActionWords } from './action-words.ts'
import { actionKinds, type BulkJob } from './api.ts'

/** What it does, in the words of its actions. */
export function useJobTitle() {
  const { t } = useTranslation()
  const { nameOf } = useActionWords()
  const kinds = useQuery(actionKinds()).data
  return ({ actions, undoesId }: BulkJob) => {
    if (undoesId) return t('bulk.undoing')
    const names = actions.map(({ code }) => {
      const kind = kinds?.find(one => one.code === code)
      return kind ? nameOf(kind) : code
    })
    return names.join(' · ')
  }
}
