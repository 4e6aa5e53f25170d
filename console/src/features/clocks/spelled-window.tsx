import { useTranslation } from 'react-i18next'
import { type ClockWindow, plainWindow } from './window.ts'

export function SpelledWindow({ window }: { window: ClockWindow | null }) {
  return <>{useSpellWindow()(window)}</>
}

export function useSpellWindow() {
  const { t } = useTranslation()
  return (window: ClockWindow | null) => {
    if (!window) return t('clockPolicy.asPromised')
    const { value, unit } = plainWindow(window)
    return t(`clockPolicy.spell.${unit}`, { value })
  }
}
