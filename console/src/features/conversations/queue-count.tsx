import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { clockPhase } from '../../ui/clock-phase.ts'
import { cutDuration } from '../../ui/spell.ts'
import { useNow } from '../../ui/ticker.ts'
import { conversationCounts, queue } from './api.ts'
import css from './queue-count.module.css'

const patience = 30_000

/** How many chats wait for somebody, and how long the first of them has: it reddens as their patience ends. */
export function QueueCount() {
  const { t } = useTranslation()
  const may = useMay()
  const count =
    useQuery({ ...conversationCounts(), enabled: may('conversations:read') }).data?.waitingChats ?? 0
  const items = useQuery({ ...queue(), enabled: may('routing:read') && count > 0 }).data?.items ?? []
  const now = useNow()
  const longest = items.reduce((least, { waitingSince }) => Math.min(least, Date.parse(waitingSince)), now)
  const { unit, major, minor } = cutDuration(now - longest)
  const { phase } = clockPhase(
    {
      startedAt: new Date(longest).toISOString(),
      dueAt: new Date(longest + patience).toISOString(),
      breachedAt: null,
    },
    now,
  )
  if (count === 0) return <span className={css.none}>{t('queue.none')}</span>
  return (
    <Link
      to="/inbox"
      search={{ view: 'unassigned', sort: 'waiting' }}
      className={`${css.queue} ${css[phase]}`}
    >
      <b>{count}</b> {t('queue.waiting')}
      {items.length > 0 && (
        <span className={css.longest}>
          {t(`clock.${unit}`, { major, minor, padded: String(minor).padStart(2, '0') })}
        </span>
      )}
    </Link>
  )
}
