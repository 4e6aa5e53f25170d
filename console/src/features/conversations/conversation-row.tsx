import { EditOutlined, EyeOutlined, FormOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { session } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { ClockChip } from '../../ui/clock-chip.tsx'
import { clockPhase } from '../../ui/clock-phase.ts'
import { LanguageTag } from '../../ui/language-tag.tsx'
import { useNowEvery } from '../../ui/ticker.ts'
import { Time } from '../../ui/time.tsx'
import { useNameOf } from '../customers/name.ts'
import { isDone, type ListFilter, type ConversationRow as Row } from './api.ts'
import css from './conversation-row.module.css'
import { useDraftWriters } from './draft-signs.ts'
import { hasDraft } from './drafts.ts'
import { usePresence } from './presence.ts'
import { PriorityMark } from './priority-mark.tsx'
import { SnoozedUntil } from './snoozed-until.tsx'

export const rowHeight = 76

type Props = { row: Row; search: ListFilter; isOpen: boolean; hasAssignee: boolean }

export const ConversationRow = memo(function ConversationRow({ row, search, isOpen, hasAssignee }: Props) {
  const { t } = useTranslation()
  const { customer, channel, preview, clock, unread } = row
  const nameOf = useNameOf()
  const depth = useDepth(row)
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: row.id }}
      search={search}
      className={`${css.row} ${isOpen ? css.open : ''} ${unread > 0 ? css.unread : ''} ${depth ? css[depth.phase] : ''}`}
      style={depth ? ({ '--depth': `${depth.percent}%` } as React.CSSProperties) : undefined}
      aria-current={isOpen ? 'true' : undefined}
    >
      <Avatar name={customer.name} channel={channel.kind} />
      <span className={css.first}>
        <PriorityMark priority={row.priority} />
        <span className={`cut ${css.name}`} dir="auto">
          {nameOf(customer)}
        </span>
        {row.language && <LanguageTag code={row.language} />}
        <span className={css.push} />
        {clock && !isDone(row) ? <ClockChip clock={clock} size="small" /> : null}
      </span>
      <span className={css.second}>
        <Preview row={row} />
        {unread > 0 && (
          <span className={css.badge} title={t('inbox.unread', { count: unread })}>
            {unread > 99 ? t('inbox.over', { count: 99 }) : unread}
          </span>
        )}
      </span>
      <span className={css.third}>
        <span className="cut">{row.store.name}</span>
        {row.status.category !== 'open' && (
          <span className={`cut ${css.status}`}>
            {row.snoozedUntil ? (
              <SnoozedUntil at={row.snoozedUntil} />
            ) : (
              (row.status.label?.name ?? t(`inbox.statusOf.${row.status.category}`))
            )}
          </span>
        )}
        <span className={css.push} />
        {hasAssignee && row.assignee && (
          <span className={css.assignee} title={t('inbox.assignedTo', { name: row.assignee.name })}>
            <Avatar name={row.assignee.name} size={20} tone="staff" />
          </span>
        )}
        {preview && <Time at={preview.at} />}
      </span>
    </Link>
  )
})

function Preview({ row: { id, preview, subject } }: { row: Row }) {
  const { t } = useTranslation()
  const present = usePresence(id)
  const meId = useQuery(session()).data?.id
  const others = present.filter(person => person.id !== meId)
  const [writer] = useDraftWriters(id)
  const isTyping = others.some(({ typing }) => typing)
  const isViewed = others.some(person => person.viewing && person.id !== 'customer')
  const from = preview?.kind === 'reply' ? t('inbox.you') : preview?.kind === 'note' ? t('inbox.noteBy') : ''
  return (
    <>
      {isViewed && <EyeOutlined className={css.mark} title={t('presence.someoneViewing')} />}
      {writer && (
        <FormOutlined
          className={css.mark}
          title={t('presence.draftBy', { name: writer.name ?? t('presence.someone') })}
        />
      )}
      {hasDraft(id) && <EditOutlined className={css.mark} title={t('inbox.draft')} />}
      {isTyping ? (
        <span className={`cut ${css.typing}`}>{t('presence.typing')}</span>
      ) : (
        <span className={`cut ${css.preview}`} dir="auto">
          {subject && <span className={css.subject}>{subject}</span>}
          {from}
          {preview?.text}
        </span>
      )}
    </>
  )
}

/** The longer a customer waits the deeper his row: drawn in few steps, so that it does not flicker. */
function useDepth({ clock, waitingSince, status }: Row) {
  const now = useNowEvery(2_000)
  if (!clock || !waitingSince || status.category === 'resolved' || status.category === 'closed') return null
  const { phase, part } = clockPhase(clock, now)
  if (phase === 'late') return { phase, percent: 9 }
  return { phase, percent: Math.round(part * 12) }
}
