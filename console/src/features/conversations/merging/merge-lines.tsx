import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { type Between, BetweenLine, InsideLines } from '../between-lines.tsx'
import { useThread } from '../thread.ts'
import css from './merging.module.css'

/** What a merge left in both threads. The one that took in shows the other folded, read from where it was written. */
export function MergeLine({ event, params, at }: Between) {
  const { t } = useTranslation()
  const { number, by } = params as { number: number; by: string }
  if (event === 'conversation.took_in') return <TakenIn params={params} at={at} />
  const otherId = String(params.intoId ?? params.fromId)
  const said = t(`merging.${saidOf[event as keyof typeof saidOf]}`, { number, by })
  return <BetweenLine said={said} id={otherId} number={number} at={at} />
}

const saidOf = {
  'conversation.merged': 'mergedInto',
  'conversation.taken_out': 'takenOut',
  'conversation.gave_back': 'gaveBack',
} as const

function TakenIn({ params, at }: Omit<Between, 'event'>) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const { fromId, number, lastSeq } = params as { fromId: string; number: number; lastSeq: number }
  const fold = (
    <button
      type="button"
      className={`plain ${css.fold}`}
      aria-expanded={isOpen}
      onClick={() => setOpen(!isOpen)}
    >
      {isOpen ? <DownOutlined /> : <RightOutlined />} {t('merging.contains', { number, count: lastSeq })}
    </button>
  )
  return (
    <section>
      <BetweenLine said={fold} id={fromId} number={number} at={at} />
      {isOpen && <Inside id={fromId} upTo={lastSeq} />}
    </section>
  )
}

/** The messages of the other, as far as they went when it was taken in. */
function Inside({ id, upTo }: { id: string; upTo: number }) {
  const { t } = useTranslation()
  const { data, error, refetch, loadOlder, isLoadingOlder } = useThread(id)
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton shape="bubbles" lines={3} />
  const items = data.items.filter(({ seq }) => seq <= upTo)
  const hasOlder = !data.reachedStart && (data.items[0]?.seq ?? 1) > 1
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
