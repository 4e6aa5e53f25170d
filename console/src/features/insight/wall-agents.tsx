import { MoreOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { useNameOf } from '../customers/name.ts'
import { useSetAway, type Wall } from './api.ts'
import { MoveDialog } from './move-dialog.tsx'
import css from './wall.module.css'
import { Since } from './wall-page.tsx'

type Agent = Wall['agents'][number]

/** Who is there since when, with what, and how much more he could take; those who are gone are counted only. */
export function WallAgents({ agents }: { agents: Agent[] }) {
  const { t } = useTranslation()
  const [moving, setMoving] = useState<Agent | null>(null)
  const present = agents.filter(({ state, has }) => state !== 'offline' || has.length > 0)
  return (
    <section className={css.card}>
      <header className={css.head}>
        <h3>{t('wall.agents')}</h3>
        <span className="quiet small">{t('wall.offline', { count: agents.length - present.length })}</span>
      </header>
      {present.length === 0 && <p className={css.nothing}>{t('wall.nobodyThere')}</p>}
      <ul>
        {present.map(agent => (
          <AgentLine key={agent.id} agent={agent} onMove={() => setMoving(agent)} />
        ))}
      </ul>
      {moving && (
        <MoveDialog
          what={{ kind: 'staff', id: moving.id }}
          about={t('move.allOf', { name: moving.name })}
          onClose={() => setMoving(null)}
        />
      )}
    </section>
  )
}

function AgentLine({ agent, onMove }: { agent: Agent; onMove: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const nameOf = useNameOf()
  const spell = useRefusal()
  const setAway = useSetAway()
  const { name, state, reason, since, units, capacity, has } = agent
  const load = capacity > 0 ? Math.min(1, units / capacity) : 0
  const why = reason && t(`availability.reason.${reason as 'break'}`, { defaultValue: reason })
  const put = (to: 'away' | 'offline') =>
    setAway.mutate({ id: agent.id, state: to }, { onError: error => message.error(spell(error)) })
  return (
    <li className={css.agent}>
      <Avatar name={name} size={32} tone="staff" state={state} />
      <div className={css.who}>
        <p className={css.agentHead}>
          <span className="cut strong">{name}</span>
          <span className="quiet small cut">
            {t(`availability.${state}`)}
            {why && state !== 'online' ? ` (${why})` : ''} · <Since at={since} />
          </span>
        </p>
        <p className={css.held}>
          {has.map(({ conversationId, customer, waitingSince }) => (
            <Link
              key={conversationId}
              to="/insight/watch/$conversationId"
              params={{ conversationId }}
              className={`${css.chip} ${waitingSince ? css.waits : ''}`}
            >
              {nameOf({ name: customer ?? '' })}
            </Link>
          ))}
          {has.length === 0 && <span className="quiet small">{t('wall.hasNothing')}</span>}
        </p>
      </div>
      <div className={css.load} title={t('wall.load', { units, capacity })}>
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
          <rect width="100" height="6" className={css.track} />
          <rect width={load * 100} height="6" className={css.fill} />
        </svg>
        <span className="quiet tiny number">
          {units}/{capacity}
        </span>
      </div>
      {may('insight:supervise') && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'move', label: t('move.title'), disabled: has.length === 0, onClick: onMove },
              {
                key: 'away',
                label: t('wall.setAway'),
                disabled: state === 'away',
                onClick: () => put('away'),
              },
              {
                key: 'offline',
                label: t('wall.setOffline'),
                disabled: state === 'offline',
                onClick: () => put('offline'),
              },
            ],
          }}
        >
          <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('wall.actions', { name })} />
        </Dropdown>
      )}
    </li>
  )
}
