import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../../ui/avatar.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import { Time } from '../../../ui/time.tsx'
import { useNameOf } from '../../customers/name.ts'
import { type Condition, preview } from './api.ts'
import css from './view-editor.module.css'

const pause = 400

/** What a condition would show, asked for once it has stood for a moment. */
export function usePreview(condition: Condition) {
  const text = JSON.stringify(condition)
  const [asked, setAsked] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  const { data, error, isPlaceholderData } = useQuery({
    ...preview(JSON.parse(asked)),
    placeholderData: keepPreviousData,
  })
  const isCurrent = asked === text && !isPlaceholderData
  return { data, error, isCurrent }
}

type Shown = ReturnType<typeof usePreview>

/** How many it would show; grey while a newer condition is being asked about. */
export function Count({ shown: { data, error, isCurrent } }: { shown: Shown }) {
  const { t } = useTranslation()
  return (
    <strong className={`${css.total} ${isCurrent ? '' : css.stale}`} aria-live="polite">
      {data &&
        !error &&
        (data.isMore ? t('views.countOver', { count: 999 }) : t('views.count', { count: data.count }))}
    </strong>
  )
}

type Props = { shown: Shown; isRefused: boolean; hasUnfinished: boolean }

export function Preview({ shown, isRefused, hasUnfinished }: Props) {
  const { data, error, isCurrent } = shown
  const { t } = useTranslation()
  const spell = useRefusal()
  const nameOf = useNameOf()
  return (
    <section aria-label={t('views.preview')}>
      <header className={css.previewHead}>
        <h3>{t('views.preview')}</h3>
        {hasUnfinished && <span className="quiet small">{t('views.withoutUnfinished')}</span>}
      </header>
      <div className={`${css.rows} ${isCurrent ? '' : css.stale}`}>
        {error ? (
          <p className={css.empty}>{isRefused ? t('views.noPreview') : spell(error)}</p>
        ) : (
          data?.items.length === 0 && <p className={css.empty}>{t('views.none')}</p>
        )}
        {!error &&
          data?.items.map(row => (
            <div key={row.id} className={css.row}>
              <Avatar name={row.customer.name} size={24} />
              <span className="cut" dir="auto">
                {nameOf(row.customer)}
              </span>
              <span className="cut quiet" dir="auto">
                {row.preview?.text}
              </span>
              <span className="quiet">{t(`status.${row.status.category}`)}</span>
              <Time at={row.lastActivityAt} />
            </div>
          ))}
      </div>
    </section>
  )
}
