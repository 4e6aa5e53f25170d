import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Choice } from '../../../ui/action-form/action-fields.tsx'
import { useStaff, useTeams } from '../../staff/api.ts'
import { statusLabels } from '../api.ts'
import { contactReasons } from '../reasons/api.ts'
import type { ActionKind } from './api.ts'

const wordsOf: Record<string, string> = {
  category: 'status',
  priority: 'priority',
  waitingFor: 'waiting',
  afterwards: 'actionField.afterwardsOf',
}

/** Names for what actions ask for: records by their nouns, and the words of choices. */
export function useActionWords() {
  const { t, i18n } = useTranslation()
  const staff = useStaff()
  const teams = useTeams()
  const labels = useQuery(statusLabels()).data?.items
  const reasons = useQuery(contactReasons()).data?.items
  const isChinese = i18n.language.startsWith('zh')
  const named = (items: readonly { id: string; name: string }[] | undefined) =>
    items?.map(({ id, name }): Choice => ({ value: id, label: name }))
  const known: Record<string, Choice[] | undefined> = {
    staff: named(staff?.filter(({ deactivatedAt }) => !deactivatedAt)),
    team: named(teams),
    status_label: named(labels),
    contact_reason: reasons?.map(({ code, nameZh, nameEn }) => ({
      value: code,
      label: isChinese ? nameZh : nameEn,
    })),
  }
  return {
    choicesOf: (of: string) => known[of],
    wordOf: (field: string, word: string) =>
      wordsOf[field] ? t(`${wordsOf[field]}.${word}` as 'status.open', { defaultValue: word }) : word,
    nameOf: (kind: Pick<ActionKind, 'zh' | 'en'>) => (isChinese ? kind.zh : kind.en),
  }
}
