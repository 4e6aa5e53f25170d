import { ExclamationCircleOutlined, StopOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useAfterPause } from '../../ui/use-after-pause.ts'
import { contentCheck } from './api.ts'
import css from './content-findings.module.css'

type Props = { conversationId: string; text: string }

/** What the rules of the channel say to a reply in the making, as soon as its writer pauses. */
export function ContentFindings({ conversationId, text }: Props) {
  const { t } = useTranslation()
  const written = useAfterPause(text.trim(), 600)
  const isWorth = written.length > 2
  const query = useQuery({
    ...contentCheck(conversationId, written),
    enabled: isWorth,
    placeholderData: keepPreviousData,
  })
  const findings = isWorth ? (query.data?.findings ?? []) : []
  if (findings.length === 0) return null
  return (
    <ul className={css.findings} aria-label={t('content.title')} aria-live="polite">
      {findings.map(({ rule, severity, pieces, source }) => (
        <li key={rule} className={css[severity]} title={source}>
          {severity === 'block' ? <StopOutlined /> : <ExclamationCircleOutlined />}
          <b>{t(severity === 'block' ? 'content.blocks' : 'content.warns')}</b>
          <span>{t(`content.rule.${rule as 'no_pan'}`, { defaultValue: rule })}</span>
          {rule !== 'lang_check' && <q dir="auto">{pieces.join(' · ')}</q>}
        </li>
      ))}
    </ul>
  )
}
