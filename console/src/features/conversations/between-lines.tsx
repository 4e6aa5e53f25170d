import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'
import type { Message } from './api.ts'
import css from './between-lines.module.css'
import { MessageLine } from './message-line.tsx'
import { layOut } from './messages.ts'

/** Something that happened between this conversation and another one, as both threads tell of it. */
export type Between = { event: string; params: Record<string, unknown>; at: string }

type Said = { said: ReactNode; id: string; number: number; at: string }

export function BetweenLine({ said, id, number, at }: Said) {
  return (
    <p className={css.line}>
      {said} <OpenLink id={id} number={number} /> <Time at={at} as="time" />
    </p>
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

function OpenLink({ id, number }: { id: string; number: number }) {
  const { t } = useTranslation()
  const search = useSearch({ strict: false })
  return (
    <Link to="/inbox/$conversationId" params={{ conversationId: id }} search={search}>
      {t('merging.open', { number })}
    </Link>
  )
}
