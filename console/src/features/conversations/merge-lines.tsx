import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { Link, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import type { Message } from './api.ts'
import css from './merge.module.css'
import { MessageLine } from './message-line.tsx'
import { layOut } from './messages.ts'
import { useThread } from './thread.ts'

type Particulars = Record<string, unknown>

/** What a merge left in both threads. The one that took in shows the other folded, read from where it was written. */
export function MergeLine({ event, params, at }: { event: string; params: Particulars; at: string }) {
  const { t } = useTranslation()
  const { number, by } = params as { number: number; by: string }
  if (event === 'conversation.took_in') return <TakenIn params={params} at={at} />
  const otherId = String(params.intoId ?? params.fromId)
  const said = { number, by }
  return (
    <p className={css.line}>
      {event === 'conversation.merged' && t('merging.mergedInto', said)}
      {event === 'conversation.taken_out' && t('merging.takenOut', said)}
      {event === 'conversation.gave_back' && t('merging.gaveBack', said)}{' '}
      <OpenLink id={otherId} number={number} /> <Time at={at} as="time" />
    </p>
  )
}

function TakenIn({ params, at }: { params: Particulars; at: string }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const { fromId, number, lastSeq } = params as { fromId: string; number: number; lastSeq: number }
  return (
    <section className={css.taken}>
      <p className={css.line}>
        <button
          type="button"
          className={`plain ${css.fold}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? <DownOutlined /> : <RightOutlined />} {t('merging.contains', { number, count: lastSeq })}
        </button>{' '}
        <OpenLink id={fromId} number={number} /> <Time at={at} as="time" />
      </p>
      {isOpen && <Inside id={fromId} upTo={lastSeq} />}
    </section>
  )
}

/** The messages of the other, as far as they went when it was taken in. */
export function Inside({ id, from = 1, upTo }: { id: string; from?: number; upTo: number }) {
  const { t } = useTranslation()
  const { data, error, refetch, loadOlder, isLoadingOlder } = useThread(id)
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton shape="bubbles" lines={3} />
  const items = data.items.filter(({ seq }) => seq >= from && seq <= upTo)
  const hasOlder = !data.reachedStart && (data.items[0]?.seq ?? 1) > from
  return (
    <InsideLines items={items}>
      {hasOlder && (
        <Button type="text" size="small" loading={isLoadingOlder} onClick={loadOlder}>
          {t('action.more')}
        </Button>
      )}
    </InsideLines>
  )
}

/** Messages that stand in another thread; a jump to a message of this one passes them by. */
export function InsideLines({ items, children }: { items: readonly Message[]; children?: ReactNode }) {
  return (
    <div className={css.inside} data-inside>
      {children}
      {layOut(items).flatMap(line =>
        line.type === 'message' ? (
          <MessageLine
            key={line.key}
            message={line.message}
            opens={line.opens}
            closes={line.closes}
            customerName=""
            subject={null}
          />
        ) : (
          []
        ),
      )}
    </div>
  )
}

export function OpenLink({ id, number }: { id: string; number: number }) {
  const { t } = useTranslation()
  const search = useSearch({ strict: false })
  return (
    <Link to="/inbox/$conversationId" params={{ conversationId: id }} search={search}>
      {t('merging.open', { number })}
    </Link>
  )
}
