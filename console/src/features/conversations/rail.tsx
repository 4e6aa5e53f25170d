import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  InboxOutlined,
  ShopOutlined,
  StopOutlined,
  TeamOutlined,
  UserOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { storeList } from '../settings/api.ts'
import { useTeams } from '../staff/api.ts'
import { conversationCounts } from './api.ts'
import css from './rail.module.css'
import { RailView } from './rail-view.tsx'
import { SavedViews } from './saved-views/rail-section.tsx'

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
        <RailView filter={{ view: 'mine' }} icon={<UserOutlined />} count={counts?.mine} strong />
        <RailView
          filter={{ view: 'unassigned' }}
          icon={<UserSwitchOutlined />}
          count={counts?.unassigned}
          strong
        />
        <RailView filter={{ view: 'all' }} icon={<InboxOutlined />} count={counts?.all} />
        <RailView
          filter={{ view: 'mentions' }}
          icon={<i className={css.at}>@</i>}
          count={counts?.mentions}
          strong
        />
        <RailView filter={{ view: 'snoozed' }} icon={<ClockCircleOutlined />} count={counts?.snoozed} />
        <RailView filter={{ view: 'resolved' }} icon={<CheckCircleOutlined />} />
        <RailView filter={{ view: 'spam' }} icon={<StopOutlined />} />
      </ul>
      <SavedViews />
      {teams.length > 0 && (
        <section>
          <h3>{t('inbox.teams')}</h3>
          <ul>
            {teams.map(({ id, name }) => (
              <RailView
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
              <RailView
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
