import { useTranslation } from 'react-i18next'
import { splitWindow } from './window.ts'

export function SpelledWindow({ seconds }: { seconds: number }) {
  const { t } = useTranslation()
  const { value, unit } = splitWindow(seconds)
  return <>{t(`clockPolicy.spell.${unit}`, { value })}</>
}
