import { useTranslation } from 'react-i18next'
import css from './wordmark.module.css'

export function Wordmark({ large = false }: { large?: boolean }) {
  const { t } = useTranslation()
  return (
    <span className={`${css.mark} ${large ? css.large : ''}`}>
      {t('brand.latin')} <span lang="zh-Hans">{t('brand.han')}</span>
    </span>
  )
}
