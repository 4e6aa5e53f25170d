import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { spellLanguage } from '../../ui/spell.ts'
import { Time } from '../../ui/time.tsx'
import { type Assignment, assignments } from './api.ts'
import css from './assignment-log.module.css'
import lines from './system-line.module.css'

/** Every hand it went through, and why it went there. */
export function AssignmentLog({ id }: { id: string }) {
  const { t } = useTranslation()
  const items = useQuery(assignments(id)).data?.items
  if (!items) return null
  if (items.length === 0) return <p className="quiet small">{t('context.noAssignments')}</p>
  return (
    <ol className={css.log}>
      {items.map(({ id, at, staff, by, reason, params }) => (
        <li key={id}>
          <p>
            <span className="strong">{staff?.name ?? t('conversation.nobody')}</span>{' '}
            <span className={css.when}>
              <Time at={at} />
            </span>
          </p>
          <p className={css.why}>
            <Why reason={reason} params={params} by={by} />
          </p>
        </li>
      ))}
    </ol>
  )
}

/** The same where it happened, between the messages. */
export function AssignmentLine({ assignment: { staff, at, ...why } }: { assignment: Assignment }) {
  const { t } = useTranslation()
  return (
    <p className={lines.line}>
      {staff ? t('thread.assigned', { name: staff.name }) : t('thread.released')} · <Why {...why} />{' '}
      <Time at={at} as="time" />
    </p>
  )
}

function Why({ reason, params, by }: Pick<Assignment, 'reason' | 'params' | 'by'>) {
  const { t, i18n } = useTranslation()
  const words = {
    language: '',
    ...spelled(params, i18n.language),
    by: by.name ?? t(`timeline.actor.${by.kind as 'system'}`, { defaultValue: by.kind }),
  }
  const why = t(`why.${reason as 'taken'}`, { ...words, defaultValue: reason })
  const routed = routedBy(params)
  if (!routed) return why
  const { queuedWhy, queue, queueCode, isSpoken, isVip, priority, others } = routed
  const name = queueCode === 'chats' && queue === 'Chats' ? t('queues.chats') : queue
  const isUrgent = priority === 'urgent' || priority === 'high'
  const said = [
    t(`why.queue.${queuedWhy ?? 'terms'}`, { queue: name }),
    isUrgent && t('why.urgent', { priority: t(`priority.${priority}`) }),
    isVip && t('why.vip'),
    t(isSpoken ? 'why.speaks' : 'why.nobody_speaks', words),
    why,
  ]
  const names = others.map(other => t('why.other', other)).join(t('queues.comma'))
  return (
    <>
      {said.filter(Boolean).join(' · ')}
      {names && <span title={names}> · {t('why.others', { names })}</span>}
    </>
  )
}

type Routed = {
  queue: string
  queueCode: string | null
  queuedWhy: 'terms' | 'overflow' | 'out_of_hours' | 'moved' | null
  isSpoken: boolean
  isVip: boolean
  priority: 'low' | 'normal' | 'high' | 'urgent'
  others: { name: string; units: number; capacity: number }[]
}

/** What routing noted with its decision; what a person did by hand has none of it. */
const routedBy = (params: Record<string, unknown>) =>
  typeof params.queue === 'string' ? (params as unknown as Routed) : undefined

const spelled = (params: Record<string, unknown>, locale: string) =>
  typeof params.language === 'string'
    ? { ...params, language: spellLanguage(params.language, locale) }
    : params
