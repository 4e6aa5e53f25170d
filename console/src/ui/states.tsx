import { LockOutlined, ReloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../api/client.ts'
import { useRefusal } from './refusal.ts'
import css from './states.module.css'

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={css.state}>
      <p className={css.title}>{title}</p>
      {children && <div className={css.text}>{children}</div>}
    </div>
  )
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation()
  const spell = useRefusal()
  if (error instanceof Refused && error.status === 403) return <NoPermission />
  if (error instanceof Refused && error.status === 404) return <Empty title={t('state.gone')} />
  return (
    <div className={css.state} role="alert">
      <p className={css.title}>{t('state.failed')}</p>
      <p className={css.text}>{spell(error)}</p>
      {retry && (
        <Button icon={<ReloadOutlined />} onClick={retry}>
          {t('action.tryAgain')}
        </Button>
      )}
    </div>
  )
}

export function NoPermission() {
  const { t } = useTranslation()
  return (
    <div className={css.state}>
      <LockOutlined className={css.icon} />
      <p className={css.title}>{t('state.noPermission')}</p>
      <p className={css.text}>{t('state.askAdmin')}</p>
    </div>
  )
}

/** Grey lines, but only once 200 ms have gone by: a flash of them is worse than nothing. */
export function Skeleton({
  lines = 4,
  shape = 'lines',
}: {
  lines?: number
  shape?: 'lines' | 'rows' | 'bubbles'
}) {
  const late = useLate(200)
  if (!late) return null
  return (
    <div className={`${css.skeleton} ${css[shape]}`} aria-hidden>
      {Array.from({ length: lines }, (_, line) => (
        <i key={line} />
      ))}
    </div>
  )
}

function useLate(ms: number) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return late
}
