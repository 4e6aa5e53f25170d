import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { type Between, BetweenLine, InsideLines } from '../between-lines.tsx'
import { splitMessages } from './api.ts'

type Told = { number: number; seqs: number[]; by: string; intoId: string; fromId: string }

/** What a split left in both threads. The new one begins with what it was made of, which stands in the other. */
export function SplitLine({ event, params, at }: Between) {
  const { t } = useTranslation()
  const { number, seqs, by, intoId, fromId } = params as Told
  const said = { number, by, count: seqs.length }
  if (event === 'conversation.split_off')
    return <BetweenLine said={t('splitting.splitOff', said)} id={intoId} number={number} at={at} />
  return (
    <section>
      <BetweenLine said={t('splitting.splitFrom', said)} id={fromId} number={number} at={at} />
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
