import { useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { ClockChip } from '../../ui/clock-chip.tsx'
import { spellLanguage } from '../../ui/spell.ts'
import { Failure, NoPermission, Skeleton } from '../../ui/states.tsx'
import { useNow } from '../../ui/ticker.ts'
import { useNameOf } from '../customers/name.ts'
import { useLiveWall, type Wall, wall } from './api.ts'
import { MoveDialog } from './move-dialog.tsx'
import type { FigureSearch } from './routes.tsx'
import { spellSpan, spellValue } from './spelled.ts'
import css from './wall.module.css'
import { WallAgents } from './wall-agents.tsx'

/** The floor as it is: read from across the room, and each figure opens to what it counts. */
export function WallPage() {
  const may = useMay()
  useLiveWall()
  const { data, error, refetch } = useQuery({ ...wall(), enabled: may('insight:read') })
  if (!may('insight:read')) return <NoPermission />
  if (error && !data) return <Failure error={error} retry={refetch} />
  return data ? <Shown wall={data} /> : <Skeleton lines={6} />
}

function Shown({ wall }: { wall: Wall }) {
  const { t, i18n } = useTranslation()
  const { waiting, clocks, today } = wall
  const opened = (metric: string): FigureSearch => ({ metric, today: true, open: 'all' })
  return (
    <main className={css.wall}>
      <section className={css.tiles} aria-label={t('wall.now')}>
        <Tile
          name={t('wall.waiting')}
          tone={waiting.waiting > 0 ? 'warning' : 'calm'}
          link={{ to: '/inbox', search: { view: 'unassigned', sort: 'waiting' } }}
        >
          {waiting.waiting}
        </Tile>
        <Tile name={t('wall.longest')} tone={waiting.since ? 'warning' : 'calm'}>
          {waiting.since ? <Since at={waiting.since} /> : '–'}
        </Tile>
        <Tile name={t('wall.breached')} tone={clocks.breached > 0 ? 'late' : 'calm'}>
          {clocks.breached}
        </Tile>
        <Tile
          name={t('wall.atRisk', { minutes: clocks.withinMinutes })}
          tone={clocks.atRisk > 0 ? 'warning' : 'calm'}
        >
          {clocks.atRisk}
        </Tile>
        <Tile name={t('wall.contacts')} link={{ to: '/insight/figures', search: opened('contacts') }}>
          {today.contacts}
        </Tile>
        <Tile name={t('wall.answered')} link={{ to: '/insight/figures', search: opened('first_response') }}>
          {today.answered}
        </Tile>
        <Tile name={t('wall.resolved')} link={{ to: '/insight/figures', search: opened('resolution') }}>
          {today.resolved}
        </Tile>
        <Tile
          name={t('wall.abandoned')}
          tone={today.abandoned > 0 ? 'late' : 'calm'}
          link={{ to: '/insight/figures', search: opened('abandonment') }}
        >
          {today.abandoned}
        </Tile>
        <Tile
          name={t('wall.serviceLevel')}
          link={{ to: '/insight/figures', search: opened('service_level') }}
        >
          {spellValue('share', today.serviceLevel.value, t, i18n.language)}
        </Tile>
        <Tile
          name={t('wall.firstResponse')}
          link={{ to: '/insight/figures', search: opened('first_response') }}
        >
          {spellValue('seconds', today.firstResponse.p50, t, i18n.language)}
          <small>
            {t('wall.p90', { span: spellValue('seconds', today.firstResponse.p90, t, i18n.language) })}
          </small>
        </Tile>
      </section>
      <div className={css.columns}>
        <div className={css.column}>
          <Waiting wall={wall} />
          <Lines wall={wall} />
        </div>
        <WallAgents agents={wall.agents} />
        <Clocks clocks={clocks} />
      </div>
    </main>
  )
}

type Tone = 'calm' | 'warning' | 'late'

function Tile({
  name,
  tone = 'calm',
  link,
  children,
}: {
  name: string
  tone?: Tone
  link?: LinkProps
  children: ReactNode
}) {
  const content = (
    <>
      <span className={css.name}>{name}</span>
      <b className={`${css.figure} ${css[tone]}`}>{children}</b>
    </>
  )
  return (
    <div className={css.tile}>
      {link ? (
        <Link {...link} className={css.opening}>
          {content}
        </Link>
      ) : (
        content
      )}
    </div>
  )
}

export function Since({ at }: { at: string }) {
  const { t } = useTranslation()
  return <>{spellSpan((useNow() - Date.parse(at)) / 1_000, t)}</>
}

function Waiting({ wall: { longest } }: { wall: Wall }) {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const nameOf = useNameOf()
  const [isMoving, setMoving] = useState(false)
  return (
    <section className={css.card}>
      <header className={css.head}>
        <h3>{t('wall.whoWaits')}</h3>
        {may('insight:supervise') && longest.length > 0 && (
          <Button size="small" onClick={() => setMoving(true)}>
            {t('move.title')}
          </Button>
        )}
      </header>
      {longest.length === 0 && <p className={css.nothing}>{t('wall.nobodyWaits')}</p>}
      <ul>
        {longest.map(({ conversationId, customer, queue, channelKind, language, since }) => (
          <li key={conversationId}>
            <Link to="/insight/watch/$conversationId" params={{ conversationId }} className={css.entry}>
              <span className="cut strong">
                <bdi>{nameOf({ name: customer ?? '' })}</bdi>
              </span>
              <span className="cut quiet small">
                {[
                  t(`channel.kind.${channelKind as 'mail'}`, { defaultValue: channelKind }),
                  queue,
                  language && spellLanguage(language, i18n.language),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className={css.since}>
                <Since at={since} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {isMoving && (
        <MoveDialog
          what={{ kind: 'conversations', ids: longest.map(({ conversationId }) => conversationId) }}
          about={t('move.these', { count: longest.length })}
          onClose={() => setMoving(false)}
        />
      )}
    </section>
  )
}

function Lines({ wall: { byQueue, byChannel, byLanguage } }: { wall: Wall }) {
  const { t, i18n } = useTranslation()
  const groups = [
    {
      title: t('wall.byQueue'),
      lines: byQueue.map(line => ({ ...line, name: line.name ?? t('wall.noQueue') })),
    },
    {
      title: t('wall.byChannel'),
      lines: byChannel.map(line => ({
        ...line,
        name: t(`channel.kind.${line.key as 'mail'}`, { defaultValue: line.key }),
      })),
    },
    {
      title: t('wall.byLanguage'),
      lines: byLanguage.map(line => ({
        ...line,
        name: line.key ? spellLanguage(line.key, i18n.language) : t('figure.none'),
      })),
    },
  ]
  if (byChannel.length === 0) return null
  return (
    <section className={`${css.card} ${css.lines}`}>
      {groups.map(({ title, lines }) => (
        <div key={title}>
          <h3>{title}</h3>
          <dl>
            {lines.slice(0, 6).map(({ key, name, waiting }) => (
              <div key={key}>
                <dt className="cut">{name}</dt>
                <dd>{waiting}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  )
}

function Clocks({ clocks: { nearest } }: { clocks: Wall['clocks'] }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  return (
    <section className={css.card}>
      <header className={css.head}>
        <h3>{t('wall.clocks')}</h3>
      </header>
      {nearest.length === 0 && <p className={css.nothing}>{t('wall.noClocks')}</p>}
      <ul>
        {nearest.map(({ conversationId, customer, assignee, ...clock }) => (
          <li key={conversationId}>
            <Link to="/insight/watch/$conversationId" params={{ conversationId }} className={css.entry}>
              <span className="cut strong">
                <bdi>{nameOf({ name: customer ?? '' })}</bdi>
              </span>
              <span className="cut quiet small">
                {t(`clock.kind.${clock.kind as 'response'}`, { defaultValue: clock.kind })} ·{' '}
                {assignee?.name ?? t('conversation.nobody')}
              </span>
              <span className={css.since}>
                <ClockChip clock={clock} isBare />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
