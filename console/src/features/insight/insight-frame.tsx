import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import css from './insight-frame.module.css'

/** What a supervisor looks at, each a page of its own. */
export function InsightFrame() {
  const { t } = useTranslation()
  const may = useMay()
  return (
    <div className={css.frame}>
      <nav className={css.tabs} aria-label={t('place.insight')}>
        <Link to="/insight" activeOptions={{ exact: true }} activeProps={{ className: css.here }}>
          {t('wall.title')}
        </Link>
        <Link to="/insight/figures" activeProps={{ className: css.here }}>
          {t('figure.title')}
        </Link>
        <Link to="/insight/days" activeProps={{ className: css.here }}>
          {t('workDay.title')}
        </Link>
        {may('insight:export') && (
          <Link to="/insight/exports" activeProps={{ className: css.here }}>
            {t('export.title')}
          </Link>
        )}
      </nav>
      <Outlet />
    </div>
  )
}
