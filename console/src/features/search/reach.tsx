import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'

/** Where looking through everything took too long: how far it got, and the way on. */
export function SearchedBack({
  to,
  isLoading,
  onGoOn,
}: {
  to: string
  isLoading: boolean
  onGoOn: (() => void) | undefined
}) {
  const { t } = useTranslation()
  return (
    <Alert
      type="info"
      title={
        <>
          {t('search.searchedBackTo')} <Time at={to} as="moment" />
        </>
      }
      description={t('search.searchedBackAbout')}
      action={
        onGoOn && (
          <Button loading={isLoading} onClick={onGoOn}>
            {t('search.goOn')}
          </Button>
        )
      }
    />
  )
}

export function IndexingNote({ done, total }: { done: number; total: number }) {
  const { t, i18n } = useTranslation()
  const spell = (n: number) => n.toLocaleString(i18n.language)
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 16 }}
      title={t('search.indexing', { done: spell(done), total: spell(total) })}
    />
  )
}
