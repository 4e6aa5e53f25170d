import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import css from '../merge.module.css'
import { InsideLines, OpenLink } from '../merge-lines.tsx'
import { splitMessages } from './api.ts'

type Told = { number: number; seqs: number[]; by: string; intoId: string; fromId: string }

/** What a split left in both threads. The new one begins with what it was made of, which stands in the other. */
export function SplitLine({
  event,
  params,
  at,
}: {
  event: string
  params: Record<string, unknown>
  at: string
}) {
  const { t } = useTranslation()
  const { number, seqs, by, intoId, fromId } = params as Told
  const said = { number, by, count: seqs.length }
  if (event === 'conversation.split_off')
    return (
      <p className={css.line}>
        {t('splitting.splitOff', said)} <OpenLink id={intoId} number={number} /> <Time at={at} as="time" />
      </p>
    )
  return (
    <section className={css.taken}>
      <p className={css.line}>
        {t('splitting.splitFrom', said)} <OpenLink id={fromId} number={number} /> <Time at={at} as="time" />
      </p>
      <MadeOf id={intoId} />
    </section>
  )
}

function MadeOf({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(splitMessages(id))
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton shape="bubbles" lines={2} />
  return <InsideLines items={data} />
}
