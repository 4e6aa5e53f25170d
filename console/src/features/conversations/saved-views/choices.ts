import { useTranslation } from 'react-i18next'
import type { Field } from './api.ts'

const wordsOf: Record<string, string> = {
  category: 'status',
  priority: 'priority',
  channel: 'channel.kind',
  kind: 'condition.kind',
}

/** The choices of a field in the reader's words, where the console has some; null where any word may be. */
export function useChoices({ code, choices }: Field): { value: string; label: string }[] | null {
  const { t } = useTranslation()
  if (!choices) return null
  const words = wordsOf[code]
  return choices.map(value => ({
    value,
    label: words ? t(`${words}.${value}` as 'status.open', { defaultValue: value }) : value,
  }))
}
