import { useTranslation } from 'react-i18next'
import { Time } from '../../../ui/time.tsx'
import css from '../merge.module.css'
import { OpenLink } from '../merge-lines.tsx'
import type { LinkKind } from './api.ts'

/** What linking two conversations, or taking their link away, left in both threads. */
export function LinkLine({
  event,
  params,
  at,
}: {
  event: string
  params: Record<string, unknown>
  at: string
}) {
  const { t } = useTranslation()
  const { otherId, number, kind, by } = params as {
    otherId: string
    number: number
    kind: LinkKind
    by: string
  }
  return (
    <p className={css.line}>
      {event === 'conversation.linked'
        ? t(`linking.linked.${kind}`, { number, by })
        : t('linking.unlinked', { number, by })}{' '}
      <OpenLink id={otherId} number={number} /> <Time at={at} as="time" />
    </p>
  )
}
