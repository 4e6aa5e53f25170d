import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import css from './marks.module.css'
import { spellLanguage } from './spell.ts'

export function LanguageTag({ code }: { code: string }) {
  const { i18n } = useTranslation()
  return (
    <Tooltip title={spellLanguage(code, i18n.language)} mouseEnterDelay={0.4}>
      <span className={css.language}>{code.split('-')[0]}</span>
    </Tooltip>
  )
}
