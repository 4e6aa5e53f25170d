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
  return t(`why.${reason as 'taken'}`, {
    ...spelled(params, i18n.language),
    by: by.name ?? t(`timeline.actor.${by.kind as 'system'}`, { defaultValue: by.kind }),
    defaultValue: reason,
  })
}

const spelled = (params: Record<string, unknown>, locale: string) =>
  typeof params.language === 'string'
    ? { ...params, language: spellLanguage(params.language, locale) }
    : params
