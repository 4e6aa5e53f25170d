import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../ui/refusal.ts'
import { signInWays, useGiverTrip } from './api.ts'
import css from './entrance.module.css'

/** A button for each giver of identities; the browser leaves for it. */
export function GiverButtons({ next }: { next: string | undefined }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const ways = useQuery(signInWays()).data
  const trip = useGiverTrip()
  if (!ways || ways.givers.length === 0) return null
  const leave = (giverId: string) =>
    trip.mutate(
      { giverId, next: next ?? '/' },
      {
        onSuccess: ({ url }) => window.location.assign(url),
        onError: error => void message.error(spell(error)),
      },
    )
  return (
    <div className={css.givers}>
      {ways.givers.map(({ id, name }) => (
        <Button
          key={id}
          block
          size="large"
          type={ways.password ? 'default' : 'primary'}
          loading={(trip.isPending || trip.isSuccess) && trip.variables.giverId === id}
          onClick={() => leave(id)}
        >
          {t('ways.with', { name })}
        </Button>
      ))}
      {ways.password && <p className={css.or}>{t('ways.or')}</p>}
    </div>
  )
}
