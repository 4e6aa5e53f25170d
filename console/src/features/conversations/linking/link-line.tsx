import { useTranslation } from 'react-i18next'
import { type Between, BetweenLine } from '../between-lines.tsx'
import type { LinkKind } from './api.ts'

type Told = { otherId: string; number: number; kind: LinkKind; by: string }

/** What linking two conversations, or taking their link away, left in both threads. */
export function LinkLine({ event, params, at }: Between) {
  const { t } = useTranslation()
  const { otherId, number, kind, by } = params as Told
  const said =
    event === 'conversation.linked'
      ? t(`linking.linked.${kind}`, { number, by })
      : t('linking.unlinked', { number, by })
  return <BetweenLine said={said} id={otherId} number={number} at={at} />
}
