import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { Time } from '../../../ui/time.tsx'
import { useStaff } from '../../staff/api.ts'
import css from './blocked-senders.module.css'

/** Beside whoever is blocked; who did it and when at a touch. */
export function BlockedMark({ at, by }: { at: string; by: string | null }) {
  const { t } = useTranslation()
  return (
    <Tooltip
      title={
        <>
          <BlockedBy by={by} /> <Time at={at} as="moment" />
        </>
      }
    >
      <span className={css.mark}>{t('blocked.mark')}</span>
    </Tooltip>
  )
}

export function BlockedBy({ by }: { by: string | null }) {
  const { t } = useTranslation()
  const name = useStaff()?.find(({ id }) => id === by)?.name
  return name ? t('blocked.by', { name }) : t('blocked.byNobody')
}
