import { useTranslation } from 'react-i18next'
import { useNameOfAction } from '../actions/api.ts'
import type { BulkJob } from './api.ts'

/** What it does, in the words of its actions. */
export function useJobTitle() {
  const { t } = useTranslation()
  const nameOf = useNameOfAction()
  return ({ actions, undoesId }: BulkJob) =>
    undoesId ? t('bulk.undoing') : actions.map(({ code }) => nameOf(code)).join(' · ')
}
