import { ArrowDownOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Spin } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { spellDay } from '../../ui/spell.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { useNameOf } from '../customers/name.ts'
import { assignments, type ConversationRow, isDone, markRead } from './api.ts'
import { AssignmentLine } from './assignment-log.tsx'
import { heldReplies } from './held.ts'
import { HeldLine } from './held-line.tsx'
import { MessageLine } from './message-line.tsx'
import { type Line, layOut } from './messages.ts'
import { OutgoingLine } from './outgoing-line.tsx'
import { usePresence } from './presence.ts'
import { useOutbox } from './sending.ts'
import { ResolvedLine } from './system-line.tsx'
import { useThread } from './thread.ts'
import css from './thread-view.module.css'
import { useJump } from './use-jump.ts'
import { useKeepPlace } from './use-keep-place.ts'
import { useSeen } from './use-seen.ts'

type Props = {
  id: string
  row: ConversationRow | undefined
  /** The message to begin at, instead of the newest. */
  at?: number | undefined
  seenSeq: number
  onSeen: (seq: number) => void
  /** Looked at by somebody whose reading nobody is to notice. */
  isWatched?: boolean
}

const nearBottom = 80

export function ThreadView({ id, row, at, seenSeq, onSeen, isWatched = false }: Props) {
  const { t } = useTranslation()
  const { data, error, refetch, loadOlder, loadBackTo, isLoadingOlder } = useThread(id)
  const { kept, retry, discard } = useOutbox(id)
  const nameOf = useNameOf()
  const zone = useReaderZone()
  const frame = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const [isAtBottom, setAtBottom] = useState(at === undefined)
  const items = data?.items
  const given = useQuery(assignments(id)).data?.items
  const from = data && !data.reachedStart ? Date.parse(data.items[0]?.createdAt ?? '') : 0
  const lines = useMemo(
    () =>
      layOut(
        items ?? [],
        given?.filter(({ at }) => Date.parse(at) >= from),
        zone,
      ),
    [items, given, from, zone],
  )
  const firstSeq = items?.[0]?.seq ?? 0
  const lastSeq = items?.at(-1)?.seq ?? 0
  const arrived = new Set(items?.map(message => message.clientId))
  const held = useQuery(heldReplies(id)).data?.filter(one => !arrived.has(one.clientId)) ?? []
  const pending = kept.filter(
    one => !arrived.has(one.clientId) && held.every(({ clientId }) => clientId !== one.clientId),
  )

  useKeepPlace({ frame, content, first: firstSeq, last: lastSeq, isAtBottom, onLeft: scrolled })
  useJump({ frame, seq: at, isReady: data !== undefined, loadBackTo, onLeft: () => setAtBottom(false) })
  useSeen(row && isAtBottom ? lastSeq : 0, seq => {
    onSeen(seq)
    if (row && row.unread > 0 && !isWatched) markRead(id, seq).catch(() => {})
  })

  function scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = frame.current!
    setAtBottom(scrollHeight - scrollTop - clientHeight < nearBottom)
    if (scrollTop < 400) loadOlder()
  }

  if (error && !data) return <Failure error={error} retry={refetch} />
  const unseen = items?.filter(message => message.seq > seenSeq && message.kind === 'customer').length ?? 0
  return (
    <div className={css.place}>
      <div ref={frame} className={css.frame} onScroll={scrolled} role="log" aria-label={t('thread.title')}>
        <div ref={content} className={css.lines}>
          {!data && <Skeleton shape="bubbles" lines={5} />}
          {isLoadingOlder && <Spin size="small" className={css.older} />}
          {data?.reachedStart && <p className={css.start}>{t('thread.start')}</p>}
          {lines.map(line => (
            <ThreadLine
              key={line.key}
              line={line}
              customerName={row ? nameOf(row.customer) : ''}
              subject={row?.subject ?? null}
            />
          ))}
          {row?.resolvedAt && isDone(row) && <ResolvedLine at={row.resolvedAt} />}
          {held.map(one => (
            <HeldLine key={one.id} held={one} />
          ))}
          {pending.map(one => (
            <OutgoingLine
              key={one.clientId}
              outgoing={one}
              onRetry={() => retry(one.clientId)}
              onDiscard={() => discard(one.clientId)}
            />
          ))}
          <CustomerTyping id={id} />
        </div>
      </div>
      {!isAtBottom && (
        <button
          type="button"
          className={`plain ${css.newest} ${unseen > 0 ? css.fresh : ''}`}
          onClick={() => frame.current?.scrollTo({ top: frame.current.scrollHeight, behavior: 'smooth' })}
        >
          <ArrowDownOutlined />
          {unseen > 0 ? t('thread.new', { count: unseen }) : t('thread.newest')}
        </button>
      )}
    </div>
  )
}

type ThreadLineProps = { line: Line; customerName: string; subject: string | null }

function ThreadLine({ line, ...about }: ThreadLineProps) {
  const { i18n } = useTranslation()
  const zone = useReaderZone()
  if (line.type === 'assignment') return <AssignmentLine assignment={line.assignment} />
  if (line.type === 'message') {
    const { key, type, ...message } = line
    return <MessageLine {...message} {...about} />
  }
  return (
    <p className={css.day}>
      <span>{spellDay(new Date(line.at), i18n.language, zone)}</span>
    </p>
  )
}

function CustomerTyping({ id }: { id: string }) {
  const { t } = useTranslation()
  const isTyping = usePresence(id).some(person => person.id === 'customer' && person.typing)
  if (!isTyping) return null
  return (
    <p className={css.typing} role="status">
      <span className="unseen">{t('presence.customerTyping')}</span>
      <i />
      <i />
      <i />
    </p>
  )
}
