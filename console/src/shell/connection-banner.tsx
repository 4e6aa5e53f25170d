import { useTranslation } from 'react-i18next'
import { useConnection } from '../api/realtime.ts'
import { useNow } from '../ui/ticker.ts'
import css from './shell.module.css'

const patience = 3_000

/** A short cut heals unseen; a longer one is said, with what it means for the work on the screen. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const { state, lostAt } = useConnection()
  useNow()
  if (state !== 'lost' || !lostAt || Date.now() - lostAt < patience) return null
  return (
    <div className={css.banner} role="status">
      <i className={css.pulse} />
      {t('connection.lost')}
    </div>
  )
}
