import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Time } from '../../ui/time.tsx'
import { type Draft, type DryRun, dryRun } from './api.ts'
import css from './flows.module.css'
import { Trail } from './trail.tsx'

const pause = 700

/** What a draft would have done, asked for once it has stood for a moment. */
export function useDryRun(draft: Draft, recordId: string | undefined) {
  const text = JSON.stringify(draft)
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  return useQuery({ ...dryRun(JSON.parse(asked), recordId), placeholderData: keepPreviousData })
}

type Props = {
  shown: Pick<ReturnType<typeof useDryRun>, 'data' | 'error'>
  isOne: boolean
  children?: ReactNode
}

export function DryRunPanel({ shown: { data, error }, isOne, children }: Props) {
  const { t } = useTranslation()
  const spell = useRefusal()
  return (
    <Card title={t('flows.dryRun.title')}>
      <p className="quiet small">{t('flows.dryRun.about')}</p>
      {children}
      {error && <p className="quiet">{`${t('flows.dryRun.draft')} ${spell(error)}`}</p>}
      {!error && data && <Result data={data} isOne={isOne} />}
    </Card>
  )
}

function Result({ data, isOne }: { data: DryRun; isOne: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      {!isOne && (
        <p aria-live="polite">
          <strong>{t('flows.dryRun.events', { count: data.events, matched: data.matched })}</strong>
        </p>
      )}
      <ul className={css.samples}>
        {data.samples.map(({ recordId, name, at, matches, steps }, n) => (
          <li key={n} className={css.sample}>
            <Link to="/inbox/$conversationId" params={{ conversationId: recordId }} search={{}}>
              {name ?? t('flows.conversation')}
            </Link>{' '}
            {at && <Time at={at} />}
            {matches ? (
              steps.length > 0 ? (
                <Trail steps={steps} />
              ) : (
                <p className="quiet small">{t('flows.dryRun.none')}</p>
              )
            ) : (
              <p className="quiet small">{t('flows.dryRun.noMatch')}</p>
            )}
          </li>
        ))}
      </ul>
      {data.isCut && <p className="quiet small">{t('flows.dryRun.cut')}</p>}
    </>
  )
}
