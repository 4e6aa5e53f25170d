import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { spellNumber } from '../../ui/spell.ts'
import type { ListFilter } from './api.ts'
import css from './rail.module.css'

type Props = {
  filter: ListFilter
  label?: string
  icon: ReactNode
  count?: number | null
  isMore?: boolean
  strong?: boolean
  /** Stands between name and count, such as a warning. */
  mark?: ReactNode
  /** What can be done with the view; it shows in place of the count while one points at the row. */
  menu?: ReactNode
}

/** One place to stand in, and how much waits there. */
export function RailView({ filter, label, icon, count, isMore, strong, mark, menu }: Props) {
  const { t, i18n } = useTranslation()
  const here = useSearch({ from: '/shell/inbox' })
  const isHere = filter.savedViewId
    ? here.savedViewId === filter.savedViewId
    : !here.savedViewId &&
      (here.view ?? 'mine') === filter.view &&
      here.teamId === filter.teamId &&
      here.storeId === filter.storeId
  return (
    <li className={`${css.item} ${menu ? css.withMenu : ''}`}>
      <Link
        to="/inbox"
        search={{
          sort: filter.savedViewId ? undefined : here.sort,
          ...filter,
          view: filter.view === 'mine' ? undefined : filter.view,
        }}
        className={`${css.view} ${isHere ? css.here : ''}`}
        aria-current={isHere ? 'page' : undefined}
      >
        <span className={css.icon}>{icon}</span>
        <span className={css.name}>
          <span className="cut" title={label}>
            {label ?? t(`inbox.view.${filter.view as 'mine'}`)}
          </span>
          {mark}
        </span>
        <span className={css.end}>
          {count ? (
            <span className={strong ? css.strong : css.count}>
              {isMore || count > 999 ? t('inbox.over', { count: 999 }) : spellNumber(count, i18n.language)}
            </span>
          ) : null}
        </span>
      </Link>
      {menu}
    </li>
  )
}
