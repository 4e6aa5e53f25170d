import { Link, Outlet, useMatches } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../api/session.ts'
import { NoPermission } from '../ui/states.tsx'
import css from './settings-frame.module.css'

export type SettingsGroup = { title: string; places: { to: string; label: string; permission?: string }[] }

/** The settings' own list of places beside whichever is open; a group nobody may enter is not shown. */
export function SettingsFrame({ groups }: { groups: SettingsGroup[] }) {
  const { t } = useTranslation()
  const may = useMay()
  const here = useMatches({ select: matches => `${matches.at(-1)?.pathname}/` })
  const place = groups.flatMap(({ places }) => places).find(({ to }) => here.startsWith(`${to}/`))
  return (
    <div className={css.frame}>
      <nav className={css.nav} aria-label={t('place.settings')}>
        {groups
          .map(group => ({
            ...group,
            places: group.places.filter(({ permission }) => !permission || may(permission)),
          }))
          .filter(({ places }) => places.length > 0)
          .map(({ title, places }) => (
            <section key={title}>
              <h3>{title}</h3>
              <ul>
                {places.map(({ to, label }) => (
                  <li key={to}>
                    <Link to={to} className={css.place} activeProps={{ className: css.here }}>
                      {label}
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </nav>
      {!place?.permission || may(place.permission) ? <Outlet /> : <NoPermission />}
    </div>
  )
}
