import { ArrowDownOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Spin } from 'antd'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { spellDay } from '../../ui/spell.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { assignments, type ConversationRow, markRead } from './api.ts'
import { AssignmentLine } from './assignment-log.tsx'
import { MessageLine } from './message-line.tsx'
import { layOut } from './messages.ts'
import { OutgoingLine } from './outgoing-line.tsx'
import { usePresence } from './presence.ts'
import { useOutbox } from './sending.ts'
import { useThread } from './thread.ts'
import css from './thread-view.module.css'
import { useSeen } from './use-seen.ts'

type Props = { id: string; row: ConversationRow | undefined; seenSeq: number; onSeen: (seq: number) => void }

const nearBottom = 80

export function ThreadView({ id, row, seenSeq, onSeen }: Props) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch, loadOlder, isLoadingOlder } = useThread(id)
  const { kept, retry, discard } = useOutbox(id)
  const frame = useRef<HTMLDivElement>(null)
  const [isAtBottom, setAtBottom] = useState(true)
  const items = data?.items
  const given = useQuery(assignments(id)).data?.items
  const from = data && !data.reachedStart ? Date.parse(data.items[0]?.createdAt ?? '') : 0
  const lines = useMemo(
    () =>
      layOut(
        items ?? [],
        given?.filter(({ at }) => Date.parse(at) >= from),
      ),
    [items, given, from],
  )
  const firstSeq = items?.[0]?.seq ?? 0
  const lastSeq = items?.at(-1)?.seq ?? 0
  const arrived = new Set(items?.map(message => message.clientId))
  const pending = kept.filter(one => !arrived.has(one.clientId))

  useKeepPlace(frame, firstSeq, lastSeq + pending.length, isAtBottom)
  useSeen(isAtBottom ? lastSeq : 0, seq => {
    onSeen(seq)
    if (row && row.unread > 0) markRead(id, seq).catch(() => {})
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
        {!data && <Skeleton shape="bubbles" lines={5} />}
        {isLoadingOlder && <Spin size="small" className={css.older} />}
        {data?.reachedStart && <p className={css.start}>{t('thread.start')}</p>}
        {lines.map(line =>
          line.type === 'day' ? (
            <p key={line.key} className={css.day}>
              <span>{spellDay(new Date(line.at), i18n.language)}</span>
            </p>
          ) : line.type === 'assignment' ? (
            <AssignmentLine key={line.key} assignment={line.assignment} />
          ) : (
            <MessageLine
              key={line.key}
              message={line.message}
              opens={line.opens}
              closes={line.closes}
              customerName={row?.customer.name ?? ''}
            />
          ),
        )}
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

/** Stays at the newest while one is there, and on the same words when older ones are put above them. */
function useKeepPlace(
  frame: React.RefObject<HTMLDivElement | null>,
  first: number,
  last: number,
  isAtBottom: boolean,
) {
  const before = useRef({ first, height: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the coming of lines that moves the place
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const grewAbove = before.current.first > first && first > 0
    if (grewAbove) element.scrollTop += element.scrollHeight - before.current.height
    else if (isAtBottom) element.scrollTop = element.scrollHeight
    before.current = { first, height: element.scrollHeight }
  }, [first, last])
  useEffect(() => {
    const element = frame.current
    if (!element) return
    // Pictures that load and a composer that grows move the bottom away.
    const stay = new ResizeObserver(() => {
      const { scrollHeight, scrollTop, clientHeight } = element
      if (isAtBottom && scrollHeight - scrollTop - clientHeight > 1) element.scrollTop = scrollHeight
    })
    stay.observe(element)
    return () => stay.disconnect()
  }, [frame, isAtBottom])
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
