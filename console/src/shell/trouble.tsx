import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty, Failure } from '../ui/states.tsx'

export function Trouble({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Failure
      error={error}
      retry={() => {
        reset()
        router.invalidate()
      }}
    />
  )
}

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Empty title={t('state.notFound')}>
      <Link to="/">{t('state.home')}</Link>
    </Empty>
  )
}
