import {
  CheckCircleOutlined,
  InboxOutlined,
  ShopOutlined,
  TeamOutlined,
  UserOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { spellNumber } from '../../ui/spell.ts'
import { storeList } from '../settings/api.ts'
import { useTeams } from '../staff/api.ts'
import { conversationCounts, type ListFilter } from './api.ts'
import css from './rail.module.css'

/** The views one may stand in, each with how much waits there. */
export function Rail() {
  const { t } = useTranslation()
  const counts = useQuery(conversationCounts()).data
  const teams = useTeams() ?? []
  const stores = useQuery(storeList()).data?.items ?? []
  const byId = (list: { id: string; count: number }[] | undefined, id: string) =>
    list?.find(entry => entry.id === id)?.count

  return (
    <nav className={css.rail} aria-label={t('inbox.views')}>
      <ul>
        <View filter={{ view: 'mine' }} icon={<UserOutlined />} count={counts?.mine} strong />
        <View
          filter={{ view: 'unassigned' }}
          icon={<UserSwitchOutlined />}
          count={counts?.unassigned}
          strong
        />
        <View filter={{ view: 'all' }} icon={<InboxOutlined />} count={counts?.all} />
        <View
          filter={{ view: 'mentions' }}
          icon={<i className={css.at}>@</i>}
          count={counts?.mentions}
          strong
        />
        <View filter={{ view: 'resolved' }} icon={<CheckCircleOutlined />} />
      </ul>
      {teams.length > 0 && (
        <section>
          <h3>{t('inbox.teams')}</h3>
          <ul>
            {teams.map(({ id, name }) => (
              <View
                key={id}
                filter={{ view: 'team', teamId: id }}
                label={name}
                icon={<TeamOutlined />}
                count={byId(counts?.teams, id)}
              />
            ))}
          </ul>
        </section>
      )}
      {stores.length > 1 && (
        <section>
          <h3>{t('inbox.stores')}</h3>
          <ul>
            {stores.map(({ id, name }) => (
              <View
                key={id}
                filter={{ view: 'all', storeId: id }}
                label={name}
                icon={<ShopOutlined />}
                count={byId(counts?.stores, id)}
              />
            ))}
          </ul>
        </section>
      )}
    </nav>
  )
}

type Props = { filter: ListFilter; label?: string; icon: ReactNode; count?: number; strong?: boolean }

function View({ filter, label, icon, count, strong }: Props) {
  const { t, i18n } = useTranslation()
  const here = useSearch({ from: '/shell/inbox' })
  const isHere =
    (here.view ?? 'mine') === filter.view && here.teamId === filter.teamId && here.storeId === filter.storeId
  return (
    <li>
      <Link
        to="/inbox"
        search={{ ...filter, view: filter.view === 'mine' ? undefined : filter.view, sort: here.sort }}
        className={`${css.view} ${isHere ? css.here : ''}`}
        aria-current={isHere ? 'page' : undefined}
      >
        <span className={css.icon}>{icon}</span>
        <span className="cut" title={label}>
          {label ?? t(`inbox.view.${filter.view as 'mine'}`)}
        </span>
        {count ? (
          <span className={strong ? css.strong : css.count}>
            {count > 999 ? t('inbox.over', { count: 999 }) : spellNumber(count, i18n.language)}
          </span>
        ) : null}
      </Link>
    </li>
  )
}
